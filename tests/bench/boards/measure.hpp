// SPDX-License-Identifier: GPL-3.0-or-later
// Counting instructions with a timer that is coarser, and printing figures. The build says, of the board:
//   RBPF_BENCH_CORE                     "m4", what its figures' names begin with
//   RBPF_BENCH_REPEATS and _TICKS       so many instructions are so many ticks of the timer with -icount shift=0
#pragma once

#include "boards/mps2_an386/board.hpp"

namespace rbpf::bench {

/// Instructions that work() takes. It runs as many times as make up whole ticks, each beginning one instruction later
/// inside a tick; so the sum of the ticks is finer than a tick. prepare() runs before each and is not counted.
template <class Prepare, class Work>
uint32_t instructions(Prepare prepare, Work work) {
    uint32_t ticks = 0;
    for (uint32_t i = 0; i < RBPF_BENCH_REPEATS; i++) {
        prepare();
        for (const uint32_t now = mps2::timerTicks(); mps2::timerTicks() == now;) {
        }
        for (uint32_t shift = 0; shift < i; shift++)
            asm volatile("nop");
        const uint32_t begin = mps2::timerTicks();
        work();
        ticks += mps2::timerTicksSince(begin);
    }
    return ticks / RBPF_BENCH_TICKS;
}

/// What measuring itself takes.
inline uint32_t overhead() {
    static const uint32_t count = instructions([] {}, [] { asm volatile(""); });
    return count;
}

/// One line: "CORE.GROUP.NAME.WHAT VALUE".
inline void figure(const char* group, const char* name, const char* what, uint32_t value) {
    const char* const parts[] = {RBPF_BENCH_CORE, ".", group, ".", name, what, " "};
    for (const char* part : parts)
        mps2::print(part);
    mps2::print(value);
    mps2::print("\n");
}

} // namespace rbpf::bench
