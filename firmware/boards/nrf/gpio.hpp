// SPDX-License-Identifier: LGPL-2.1-or-later
// Pins: port * 32 + number in the port (GPIO in the nRF51 Series Reference Manual).
#pragma once

#include "boards/nrf/registers.hpp"

namespace rbpf::nrf {

enum class Pull : uint32_t {
    None = 0,
    Up = 3,
};

inline uint32_t gpioPort(uint32_t pin) {
    return kGpio0 + pin / 32 * kGpioPort;
}

inline uint32_t gpioBit(uint32_t pin) {
    return 1u << pin % 32;
}

/// Sets an output's level; OUTSET, OUTCLR.
inline void gpioWrite(uint32_t pin, int level) {
    reg(gpioPort(pin), level != 0 ? 0x508 : 0x50C) = gpioBit(pin);
}

/// The level that an output is set to; OUT.
inline int gpioLevel(uint32_t pin) {
    return (reg(gpioPort(pin), 0x504) & gpioBit(pin)) != 0 ? 1 : 0;
}

/// The level at the pin; IN.
inline int gpioRead(uint32_t pin) {
    return (reg(gpioPort(pin), 0x510) & gpioBit(pin)) != 0 ? 1 : 0;
}

/// PIN_CNF: direction output, input buffer connected.
inline void gpioOutput(uint32_t pin) {
    reg(gpioPort(pin), 0x700 + pin % 32 * 4) = 1;
}

inline bool gpioIsOutput(uint32_t pin) {
    return (reg(gpioPort(pin), 0x700 + pin % 32 * 4) & 1) != 0;
}

inline void gpioInput(uint32_t pin, Pull pull) {
    reg(gpioPort(pin), 0x700 + pin % 32 * 4) = static_cast<uint32_t>(pull) << 2;
}

} // namespace rbpf::nrf
