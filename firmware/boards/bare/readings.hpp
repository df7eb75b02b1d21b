// SPDX-License-Identifier: LGPL-2.1-or-later
// Readings for SAUL, and those of an emulator.
#pragma once

#include "boards/bare/simulated_block.hpp"
#include "boards/bare/stored_port.hpp"

namespace rbpf::bare {

/// nullptr on a real board.
inline const volatile Simulated* simulated() {
    const auto* found = reinterpret_cast<const volatile Simulated*>(storageEnd);
    return found->magic == kSimulatedMagic ? found : nullptr;
}

/// A reading of 0 or 1, for SAUL.
inline int readBool(phydat_t& reading, int value) {
    reading = phydat_t{{static_cast<int16_t>(value), 0, 0}, UNIT_BOOL, 0};
    return 1;
}

/// A reading of a temperature.
inline int readQuarters(phydat_t& reading, int32_t quarters) {
    reading = phydat_t{{static_cast<int16_t>(quarters * 25), 0, 0}, UNIT_TEMP_C, -2};
    return 1;
}

} // namespace rbpf::bare
