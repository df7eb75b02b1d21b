// SPDX-License-Identifier: GPL-3.0-or-later
// RBPF_LOOP_BOUND(64) in a source's text: what the user says of a loop, on its line or alone on a line before it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sdk/analyse/worst_case.hpp"

namespace rbpf::analyse {

/// The macro leaves nothing in the code, so the text itself is read: a decimal or hexadecimal number between the
/// parentheses; not behind "//".
[[nodiscard]] std::vector<TurnLimit> limitsInSource(std::string_view text, const std::string& file);

} // namespace rbpf::analyse
