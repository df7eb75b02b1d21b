// SPDX-License-Identifier: LGPL-2.1-or-later
// What a bare-metal board does all day: bytes to the agent, the agent's work, sleep.
#pragma once

#include "boards/bare/crash.hpp"
#include "boards/bare/memory.hpp"
#include "rbpf_agent/agent.hpp"

namespace rbpf::bare {

inline constexpr uint32_t kSleepMs = 1000; ///< at most, so that the watchdog hears of us

/// `Line`: read(), received(). `Clock`: alive(), wakeIn().
template <typename Line, typename Clock>
[[noreturn]] void serve(agent::Agent& agent, Line& line, Clock& clock) {
    for (;;) {
        uint8_t bytes[32];
        while (const size_t count = line.read(bytes, sizeof bytes)) {
            agent.serialInput(bytes, count);
        }
        const uint32_t wait = agent.poll();
        if (!stackWhole()) {
            crash(CrashKind::StackOverflow, kNowhere);
        }
        clock.alive();
        if (wait == 0) {
            continue;
        }
        const Quiet quiet;
        if (!line.received() && clock.wakeIn((wait < kSleepMs ? wait : kSleepMs) * 1000)) {
            sleep();
        }
    }
}

} // namespace rbpf::bare
