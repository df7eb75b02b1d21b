// SPDX-License-Identifier: GPL-3.0-or-later
// What a language server should know of a project that nobody has opened: its sources and headers.
#pragma once

#include <set>
#include <string>

#include "sdk/project/project.hpp"

namespace rbpf::project {

/// The sources that rbpf.json names and what else of C lies in the folder, absolute; some hundred at most.
[[nodiscard]] std::set<std::string> codeFiles(const Project& project);

/// The text of such a file; an Error too if it is longer than any script's.
[[nodiscard]] support::Result<std::string> readCode(const std::string& file);

/// With mistakes in its rbpf.json, or none, taken for a project without settings.
[[nodiscard]] Project loadOrDefault(const std::filesystem::path& folder);

} // namespace rbpf::project
