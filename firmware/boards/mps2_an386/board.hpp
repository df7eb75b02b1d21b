/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a program on the mps2-an386 board (QEMU, `-semihosting`) can do: print, exit, count ticks. */
#ifndef RBPF_BOARDS_MPS2_AN386_BOARD_HPP
#define RBPF_BOARDS_MPS2_AN386_BOARD_HPP

#include <stdint.h>

namespace rbpf::mps2 {

/// Asks QEMU for an operation of Arm IHI 0100 on a block of arguments; its answer.
uint32_t semihost(uint32_t operation, const void* arguments);

/// Text to QEMU's console; NUL-terminated.
void print(const char* text);

/// A number in decimal.
void print(uint32_t number);

/// Ends QEMU with status 0 if `ok`, else 1.
[[noreturn]] void exit(bool ok);

/// Starts the processor's timer, which counts its clock: on this board 25 MHz.
void timerStart();

/// The timer's value, for timerTicksSince.
uint32_t timerTicks();

/// Ticks since then, if they were fewer than 2^24.
uint32_t timerTicksSince(uint32_t begin);

} // namespace rbpf::mps2

#endif
