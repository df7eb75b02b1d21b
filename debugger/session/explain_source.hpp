// SPDX-License-Identifier: GPL-3.0-or-later
// The C text behind a place.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace rbpf::session {

/// `file` absolute or below `root`; nothing if it cannot be read.
[[nodiscard]] std::optional<std::string> sourceText(const std::filesystem::path& root, const std::string& file);
/// Without the spaces around it; "" if there is no such line (from 1).
[[nodiscard]] std::string lineOf(const std::string& text, unsigned line);

} // namespace rbpf::session
