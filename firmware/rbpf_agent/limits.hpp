// SPDX-License-Identifier: LGPL-2.1-or-later
// Sizes that are the same for everything compiled together: those of arrays inside the agent's own records. What a
// board may choose by itself (slots, stacks, buffers, points) stands in config.hpp. A build for boards with little RAM
// defines RBPF_SMALL_BOARD for the agent and for all who include it (as the Cortex-M0 build does), or any of these
// names by itself.
#pragma once

#include <stdint.h>

#ifdef RBPF_SMALL_BOARD
#define RBPF_LIMIT(small, usual) small
#else
#define RBPF_LIMIT(small, usual) usual
#endif

#ifndef RBPF_TIMERS_MAX
#define RBPF_TIMERS_MAX RBPF_LIMIT(2, 4)
#endif
#ifndef RBPF_RECORDS_MAX
#define RBPF_RECORDS_MAX RBPF_LIMIT(1, 4)
#endif
#ifndef RBPF_OBSERVERS_MAX
#define RBPF_OBSERVERS_MAX RBPF_LIMIT(1, 4)
#endif
#ifndef RBPF_TRIGGER_MAX
#define RBPF_TRIGGER_MAX RBPF_LIMIT(31, 63)
#endif
#ifndef RBPF_HOLD_MS
#define RBPF_HOLD_MS 0
#endif

namespace rbpf::agent {

inline constexpr unsigned kTimersMax = RBPF_TIMERS_MAX;       ///< timer entries of one image
inline constexpr unsigned kRecordsMax = RBPF_RECORDS_MAX;     ///< runs that the answer to a fired hook tells of
inline constexpr unsigned kObserversMax = RBPF_OBSERVERS_MAX; ///< clients that observe the statistics
inline constexpr unsigned kTriggerMax = RBPF_TRIGGER_MAX;     ///< characters of a trigger's text
inline constexpr uint32_t kHoldMs = RBPF_HOLD_MS;             ///< longest that a debugger holds a script; 0: any
inline constexpr unsigned kEntriesMax = 16;                   ///< of one image
inline constexpr unsigned kContextWords = 4;                  ///< a context of up to 32 bytes is copied

} // namespace rbpf::agent
