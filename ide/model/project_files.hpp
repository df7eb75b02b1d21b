// SPDX-License-Identifier: GPL-3.0-or-later
// The files of a project that a user edits.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace rbpf::model {

/// Relative to the folder, sorted; without what builds and version control leave there. May take long: off the window's
/// thread.
[[nodiscard]] std::vector<std::string> projectFiles(const std::filesystem::path& folder);

} // namespace rbpf::model
