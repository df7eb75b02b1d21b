// SPDX-License-Identifier: GPL-3.0-or-later
// build/<name>.deps: what the last build read and wrote, by content, so that the next one knows whether there is
// anything to do.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sdk/project/project.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::project {

/// The warnings of the last build if nothing has changed since: no input, no output, not the list of sources, not this
/// program. Nothing: build again.
[[nodiscard]] std::optional<std::vector<support::Diagnostic>> freshBuild(const Project& project);

/// Writes the deps file; the outputs must have been written already.
[[nodiscard]] support::Result<void> recordBuild(const Project& project, const std::vector<std::string>& dependencies,
                                                const std::vector<support::Diagnostic>& warnings);

} // namespace rbpf::project
