// SPDX-License-Identifier: LGPL-2.1-or-later
// The trigger strings of rbpf/trigger.h, understood.
#pragma once

#include <stdint.h>

#include <rbpf/trigger.h>

#include "rbpf_agent/limits.hpp"

namespace rbpf::agent {

struct Trigger {
    rbpf_trigger_kind_t kind = RBPF_TRIGGER_MANUAL;
    const char* argument = ""; ///< the path or the event's name, inside of the text; without leading slashes
    uint32_t periodMs = 0;     ///< timers
};

/// False if this board cannot serve it: unknown kind, no path or name, a period that is no number within
/// 1 … 2^31-1, a path that belongs to the board (rbpf, .well-known), or a text longer than kTriggerMax.
bool parseTrigger(const char* text, Trigger& trigger);

/// What the trigger says of the scripts behind the first one.
rbpf_policy_t defaultPolicy(rbpf_trigger_kind_t kind);

} // namespace rbpf::agent
