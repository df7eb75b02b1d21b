// SPDX-License-Identifier: LGPL-2.1-or-later
// Small things of the chip: random numbers, its temperature, why it was reset.
#pragma once

#include <stdint.h>

namespace rbpf::nrf {

void chipStart();

/// Random bits from thermal noise, mixed with the factory's number of this chip (FICR.DEVICEID).
uint32_t chipRandom();

/// The die's temperature in quarters of a degree Celsius. False if the sensor does not answer.
bool chipTemperature(int32_t& quarters);

/// Words for the reset that the chip remembers; forgets it.
const char* chipResetReason();

} // namespace rbpf::nrf
