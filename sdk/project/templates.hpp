// SPDX-License-Identifier: GPL-3.0-or-later
// Templates: folders with an rbpf.json, copied to start a project. Data only.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::project {

struct Template {
    std::string name;
    std::string description; ///< first paragraph of its README.md, in one line
    std::filesystem::path folder;
    std::string readme; ///< its README.md, Markdown
};

/// By name. An Error if the folder of templates is missing.
[[nodiscard]] support::Result<std::vector<Template>> templates();

/// Copies a template to `folder`, which must be empty or not there yet, and gives the project the folder's name where
/// that can be a script's name. Returns the project's name. A failure leaves nothing behind that was not there.
[[nodiscard]] support::Result<std::string> create(const std::string& templateName, const std::filesystem::path& folder);

} // namespace rbpf::project
