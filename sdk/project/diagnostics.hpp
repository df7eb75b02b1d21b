// SPDX-License-Identifier: GPL-3.0-or-later
// Diagnostics as JSON, in one form for every reader: the deps file, `rbpf build --json`, front ends.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::project {

/// {"severity", "file", "line", "column", "endLine", "endColumn", "message", "hint", "fixIts", "notes"}
[[nodiscard]] nlohmann::json toJson(const support::Diagnostic& diagnostic);
[[nodiscard]] nlohmann::json toJson(const std::vector<support::Diagnostic>& diagnostics);
/// What toJson wrote; of anything else an empty list.
[[nodiscard]] std::vector<support::Diagnostic> diagnosticsFromJson(const nlohmann::json& json);

[[nodiscard]] bool hasErrors(const std::vector<support::Diagnostic>& diagnostics);

} // namespace rbpf::project
