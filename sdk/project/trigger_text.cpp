// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/project/trigger_text.hpp"

#include <charconv>
#include <cstdint>

namespace rbpf::project {

std::optional<std::string> triggerProblem(std::string_view trigger) {
    if (trigger.empty() || trigger == "packet") {
        return std::nullopt;
    }
    for (const char c : trigger) {
        if (c <= ' ' || c == '"' || c == '\\' || c == 0x7f) {
            return "a trigger without blanks, quotes or control characters";
        }
    }
    const auto behind = [&](std::string_view prefix) {
        return trigger.starts_with(prefix) ? std::optional(trigger.substr(prefix.size())) : std::nullopt;
    };
    if (const auto period = behind("timer/")) {
        std::uint32_t value = 0;
        const auto [end, code] = std::from_chars(period->data(), period->data() + period->size(), value);
        const bool whole = code == std::errc() && end == period->data() + period->size();
        return whole && value >= 1 && value <= INT32_MAX
                   ? std::nullopt
                   : std::optional<std::string>("a period of 1 to 2147483647 milliseconds behind \"timer/\"");
    }
    if (const auto path = behind("coap/")) {
        const bool sound = !path->empty() && path->front() != '/' && path->back() != '/' &&
                           path->find("//") == std::string_view::npos && *path != "rbpf" && !path->starts_with("rbpf/");
        return sound ? std::nullopt : std::optional<std::string>("a path other than rbpf behind \"coap/\"");
    }
    if (const auto name = behind("event/")) {
        return !name->empty() ? std::nullopt : std::optional<std::string>("an event's name behind \"event/\"");
    }
    return "\"coap/PATH\", \"timer/MILLISECONDS\", \"packet\", \"event/NAME\" or \"\"";
}

} // namespace rbpf::project
