// SPDX-License-Identifier: LGPL-2.1-or-later
// What an emulator's supervisor (boards/qemu) writes behind the storage, for what QEMU does not emulate. On a real
// board that flash is erased.
#pragma once

#include <stdint.h>

namespace rbpf::bare {

inline constexpr uint32_t kSimulatedMagic = 0x504D5453;

struct Simulated {
    uint32_t magic;
    int32_t quarters; ///< temperature in quarters of a degree Celsius
    uint32_t seed;    ///< for random numbers
};

} // namespace rbpf::bare
