// SPDX-License-Identifier: LGPL-2.1-or-later
// NVMC of the nRF51 Series Reference Manual.
#include "boards/nrf/nvm.hpp"

#include "boards/nrf/registers.hpp"

namespace rbpf::nrf {

namespace {

constexpr uint32_t kReady = 0x400;
constexpr uint32_t kConfig = 0x504;
constexpr uint32_t kErasePage = 0x508;
constexpr uint32_t kReadOnly = 0;
constexpr uint32_t kWriteEnabled = 1;
constexpr uint32_t kEraseEnabled = 2;
constexpr uint32_t kTurns = 1000000; // more than the 85 ms of the slowest page

/// A controller that never gets ready shows in what reads back.
void awaitReady() {
    for (uint32_t i = 0; i < kTurns && (reg(kNvmc, kReady) & 1) == 0; ++i) {
    }
}

void configure(uint32_t mode) {
    reg(kNvmc, kConfig) = mode;
    awaitReady();
}

} // namespace

void Nvm::erase(uint32_t offset) {
    configure(kEraseEnabled);
    reg(kNvmc, kErasePage) = reinterpret_cast<uint32_t>(start_) + offset;
    awaitReady();
    configure(kReadOnly);
}

void Nvm::write(uint32_t offset, uint32_t word) {
    configure(kWriteEnabled);
    *reinterpret_cast<volatile uint32_t*>(reinterpret_cast<uint32_t>(start_) + offset) = word;
    awaitReady();
    configure(kReadOnly);
}

} // namespace rbpf::nrf
