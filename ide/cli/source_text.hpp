// SPDX-License-Identifier: GPL-3.0-or-later
// Lines of source files, and paths as short as the caller would write them.
#pragma once

#include <filesystem>
#include <string>

namespace rbpf::cli {

/// Line `line` (from 1) without its end; "" if the file or the line is not there. A relative `file` is looked for in
/// the current folder, then below `folder`.
[[nodiscard]] std::string sourceLine(const std::string& file, unsigned line, const std::filesystem::path& folder);

/// `file` relative to the current folder where it lies below it.
[[nodiscard]] std::string shownPath(const std::string& file, const std::filesystem::path& folder);

} // namespace rbpf::cli
