// SPDX-License-Identifier: LGPL-2.1-or-later
// The processor and its RAM: reset, sleep, and the stack, which lies lowest of all, so that one that grows too far
// reaches no data. It is painted at reset: what is no longer paint has been used, and a debugger sees how far
// that went.
#pragma once

#include <stdint.h>

namespace rbpf::bare {

/// Resets chip and program.
[[noreturn]] void reset();

/// The last bytes are still paint.
bool stackWhole();

/// No interrupts while it lives; they stay pending.
class Quiet {
public:
    Quiet() { asm volatile("cpsid i" ::: "memory"); }
    ~Quiet() { asm volatile("cpsie i" ::: "memory"); }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;
};

/// Sleeps until an interrupt is pending; under Quiet it is served afterwards.
inline void sleep() {
    asm volatile("wfi" ::: "memory");
}

/// Lets the processor take interrupt `number`.
inline void enableInterrupt(unsigned number) {
    reinterpret_cast<volatile uint32_t*>(0xE000E100)[number / 32] = 1u << number % 32;
}

} // namespace rbpf::bare
