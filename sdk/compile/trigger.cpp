// SPDX-License-Identifier: GPL-3.0-or-later
// The syntax of triggers (headers/rbpf/trigger.h), in sentences.
#include <charconv>

#include "sdk/compile/internal.hpp"

namespace rbpf::compile {

std::string checkTrigger(const std::string& trigger) {
    const auto rest = [&](const char* prefix) -> const char* {
        const std::string_view start(prefix);
        return trigger.rfind(start, 0) == 0 ? trigger.c_str() + start.size() : nullptr;
    };
    if (trigger.empty() || trigger == "packet") {
        return {};
    }
    if (const char* path = rest("coap/")) {
        return *path != '\0' ? "" : "the CoAP path behind \"coap/\" is missing";
    }
    if (const char* period = rest("timer/")) {
        std::uint32_t milliseconds = 0;
        const char* end = trigger.c_str() + trigger.size();
        const auto [stop, error] = std::from_chars(period, end, milliseconds);
        if (error != std::errc() || stop != end || milliseconds == 0 || milliseconds > 0x7fffffffU) {
            return "\"timer/\" needs a period in milliseconds from 1 to 2147483647";
        }
        return {};
    }
    if (const char* name = rest("event/")) {
        return *name != '\0' ? "" : "the name behind \"event/\" is missing";
    }
    return "no such trigger";
}

} // namespace rbpf::compile
