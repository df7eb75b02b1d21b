// SPDX-License-Identifier: LGPL-2.1-or-later
// Registers that the nRF51 and the nRF52 share (nRF51 Series Reference Manual 3.0, nRF52840 Product Specification 1.1):
// base addresses and offsets, named as there.
#pragma once

#include <stdint.h>

namespace rbpf::nrf {

inline constexpr uint32_t kPower = 0x40000000; ///< and CLOCK
inline constexpr uint32_t kUart0 = 0x40002000;
inline constexpr uint32_t kTimer0 = 0x40008000;
inline constexpr uint32_t kTemp = 0x4000C000;
inline constexpr uint32_t kRng = 0x4000D000;
inline constexpr uint32_t kWdt = 0x40010000;
inline constexpr uint32_t kNvmc = 0x4001E000;
inline constexpr uint32_t kGpio0 = 0x50000000;
inline constexpr uint32_t kGpioPort = 0x300; ///< from one port to the next
inline constexpr uint32_t kFicr = 0x10000000;

inline constexpr unsigned kUart0Interrupt = 2;
inline constexpr unsigned kTimer0Interrupt = 8;

inline volatile uint32_t& reg(uint32_t base, uint32_t offset) {
    return *reinterpret_cast<volatile uint32_t*>(base + offset);
}

/// Tasks and events are triggered and cleared by writing.
inline void trigger(uint32_t base, uint32_t task) {
    reg(base, task) = 1;
}

/// Waits for an event, about half a microsecond a turn at 16 MHz, and clears it. False: it did not come, as on an
/// emulator without that peripheral.
inline bool await(uint32_t base, uint32_t event, uint32_t turns) {
    for (uint32_t i = 0; i < turns; ++i) {
        if (reg(base, event) != 0) {
            reg(base, event) = 0;
            return true;
        }
    }
    return false;
}

} // namespace rbpf::nrf
