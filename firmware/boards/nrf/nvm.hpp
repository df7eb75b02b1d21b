// SPDX-License-Identifier: LGPL-2.1-or-later
// The chip's flash behind its controller. The processor stands still while a word is written (46 µs) or a page erased
// (22 ms on the nRF51, 85 ms on the nRF52840).
#pragma once

#include "boards/bare/flash.hpp"

namespace rbpf::nrf {

class Nvm final : public bare::Flash {
public:
    Nvm(const uint8_t* start, uint32_t pageBytes) : start_(start), pageBytes_(pageBytes) {}

    [[nodiscard]] const uint8_t* data() const override { return start_; }
    [[nodiscard]] uint32_t pageBytes() const override { return pageBytes_; }
    void erase(uint32_t offset) override;
    void write(uint32_t offset, uint32_t word) override;

private:
    const uint8_t* start_;
    uint32_t pageBytes_;
};

} // namespace rbpf::nrf
