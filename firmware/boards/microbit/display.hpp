// SPDX-License-Identifier: LGPL-2.1-or-later
// The LED matrix: 5 × 5 to the eye, 3 rows × 9 columns to the pins; lit row by row from the timer's interrupt.
#pragma once

#include <stdint.h>

namespace rbpf::microbit {

inline constexpr unsigned kDisplaySide = 5;

void displayStart();
/// x from the left, y from the top, both below kDisplaySide.
void displaySet(unsigned x, unsigned y, bool on);
bool displayGet(unsigned x, unsigned y);
void displayFill(bool on);
/// Any LED is lit.
bool displayLit();

} // namespace rbpf::microbit
