// SPDX-License-Identifier: GPL-3.0-or-later
// The C text behind a place: its line, and the expression that starts at or around its column.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace rbpf::session {

/// `file` absolute or below `root`; nothing if it cannot be read or has no such line.
[[nodiscard]] std::optional<std::string> sourceLine(const std::filesystem::path& root, const std::string& file,
                                                    unsigned line);
/// The operand at a column (from 1) with its members, indices and arguments: "buffer[i].length". "" if there is none.
[[nodiscard]] std::string expressionAt(const std::string& line, unsigned column);
[[nodiscard]] std::string trimmed(const std::string& text);

} // namespace rbpf::session
