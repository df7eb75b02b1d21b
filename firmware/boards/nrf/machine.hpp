// SPDX-License-Identifier: LGPL-2.1-or-later
// The one clock and the one serial line of the chip, which its interrupts reach, and the port over them.
#pragma once

#include "boards/bare/readings.hpp"
#include "boards/nrf/chip.hpp"
#include "boards/nrf/clock.hpp"
#include "boards/nrf/gpio.hpp"
#include "boards/nrf/nvm.hpp"
#include "boards/nrf/uart.hpp"

namespace rbpf::nrf {

/// The flash bears 20,000 (nRF52: 10,000) erasures: a script that stores all the time wears it out in months, not in
/// a day.
inline constexpr uint32_t kSaveMs = 60000;

extern Clock clock;
extern Uart uart;

/// Everything but a board's devices.
class ChipPort : public bare::StoredPort {
public:
    using StoredPort::StoredPort;

    uint32_t nowUs() override { return clock.nowUs(); }
    uint32_t nowMs() override { return clock.nowMs(); }
    uint32_t random() override { return chipRandom(); }
    size_t serialWrite(const uint8_t* data, size_t size) override { return uart.write(data, size); }
    int gpioRead(uint32_t pin, bool output) override;
    int gpioWrite(uint32_t pin, int level) override;

protected:
    ~ChipPort() = default;

    /// A pin that scripts may use.
    [[nodiscard]] virtual bool pinFree(uint32_t pin) const = 0;
};

/// The die's temperature for SAUL: 1, or negative if the sensor does not answer.
int readTemperature(phydat_t& reading);

} // namespace rbpf::nrf
