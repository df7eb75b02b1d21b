// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rbpf_agent/trigger.hpp"

#include <string.h>

#include <rbpf/wire.h>

namespace rbpf::agent {

namespace {

/// Behind the prefix, or null if `text` does not start with it.
const char* behind(const char* text, const char* prefix) {
    const size_t size = strlen(prefix);
    return strncmp(text, prefix, size) == 0 ? text + size : nullptr;
}

bool ownedByBoard(const char* path) {
    constexpr const char* kOwned[] = {RBPF_RESOURCE_ROOT, ".well-known"};
    for (const char* owned : kOwned) {
        const char* rest = behind(path, owned);
        if (rest != nullptr && (*rest == '\0' || *rest == '/')) {
            return true;
        }
    }
    return false;
}

bool parsePeriod(const char* text, uint32_t& period) {
    uint64_t value = 0;
    const char* at = text;
    for (; *at >= '0' && *at <= '9' && value < 0x80000000u; ++at) {
        value = value * 10 + static_cast<uint64_t>(*at - '0');
    }
    period = static_cast<uint32_t>(value);
    return *at == '\0' && at != text && value >= 1 && value < 0x80000000u;
}

} // namespace

bool parseTrigger(const char* text, Trigger& trigger) {
    trigger = Trigger{};
    if (strlen(text) > kTriggerMax) {
        return false;
    }
    if (*text == '\0') {
        return true;
    }
    if (strcmp(text, "packet") == 0) {
        trigger.kind = RBPF_TRIGGER_PACKET;
        return true;
    }
    if (const char* period = behind(text, "timer/")) {
        trigger.kind = RBPF_TRIGGER_TIMER;
        return parsePeriod(period, trigger.periodMs);
    }
    if (const char* path = behind(text, "coap/")) {
        trigger.kind = RBPF_TRIGGER_COAP;
        while (*path == '/') {
            ++path;
        }
        trigger.argument = path;
        return *path != '\0' && !ownedByBoard(path);
    }
    if (const char* name = behind(text, "event/")) {
        trigger.kind = RBPF_TRIGGER_EVENT;
        trigger.argument = name;
        return *name != '\0';
    }
    return false;
}

rbpf_policy_t defaultPolicy(rbpf_trigger_kind_t kind) {
    switch (kind) {
    case RBPF_TRIGGER_COAP:
        return RBPF_POLICY_SINGLE;
    case RBPF_TRIGGER_PACKET:
        return RBPF_POLICY_ABORT_ON_NEGATIVE;
    case RBPF_TRIGGER_MANUAL:
    case RBPF_TRIGGER_TIMER:
    case RBPF_TRIGGER_EVENT:
        break;
    }
    return RBPF_POLICY_CONTINUE;
}

} // namespace rbpf::agent
