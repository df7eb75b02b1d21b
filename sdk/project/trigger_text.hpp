// SPDX-License-Identifier: GPL-3.0-or-later
// The grammar of triggers (headers/rbpf/trigger.h), for checking what a person wrote.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rbpf::project {

/// Nothing if `trigger` is sound, else what was expected: "a period of 1 to 2147483647 milliseconds behind \"timer/\"".
[[nodiscard]] std::optional<std::string> triggerProblem(std::string_view trigger);

} // namespace rbpf::project
