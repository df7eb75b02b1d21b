/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a program on the mps2-an386 board (QEMU, `-semihosting`) can do: print, exit, count ticks. */
#ifndef RBPF_BOARDS_MPS2_AN386_BOARD_HPP
#define RBPF_BOARDS_MPS2_AN386_BOARD_HPP

#include <stdint.h>

namespace rbpf::mps2 {

/// Instructions per tick of the 25 MHz timer with `-icount shift=0`, where an instruction takes 1 ns.
constexpr uint32_t kInstructionsPerTick = 40;

/// Asks QEMU for an operation of Arm IHI 0100 on a block of arguments; its answer.
uint32_t semihost(uint32_t operation, const void* arguments);

/// Text to QEMU's console; NUL-terminated.
void print(const char* text);

/// A number in decimal.
void print(uint32_t number);

/// Ends QEMU with status 0 if `ok`, else 1.
[[noreturn]] void exit(bool ok);

/// Starts the free-running timer.
void timerStart();

/// Ticks since timerStart; wraps after 171 seconds.
uint32_t timerTicks();

} // namespace rbpf::mps2

#endif
