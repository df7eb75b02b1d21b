// SPDX-License-Identifier: LGPL-2.1-or-later
// What ended the firmware's last run, kept in RAM across the reset that follows: hard faults, a spent stack, a program
// that hangs. The agent tells it to the workstation.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace rbpf::bare {

enum class CrashKind : uint32_t {
    HardFault = 1,
    StackOverflow,
    Watchdog,
    Interrupt, ///< one that nothing here handles
};

/// Slot of the script that was running; kNoSlot: none.
inline constexpr uint32_t kNoSlot = 0xFF;

/// Tells which slot is running; a board sets it before it allows interrupts.
extern uint32_t (*runningSlot)();

inline constexpr uint32_t kNowhere = 0;

/// Records the crash and resets. `pc`: of the instruction where the program was, or kNowhere.
[[noreturn]] void crash(CrashKind kind, uint32_t pc);

/// Words for the last reset, from the record if there is one, else `otherwise`. Takes the record: after the next reset
/// it is gone. `capacity`: at least 48.
void takeLastReset(char* text, size_t capacity, const char* otherwise);

/// Where an exception's frame holds the interrupted program's pc.
inline constexpr unsigned kFramePc = 6;

} // namespace rbpf::bare
