// SPDX-License-Identifier: GPL-3.0-or-later
// build/<name>.deps: what the last build read and wrote, by content, so that the next one knows whether there is
// anything to do.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sdk/analyse/origin.hpp"
#include "sdk/project/project.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::project {

/// What a build told that its outputs do not hold.
struct BuildRecord {
    std::vector<support::Diagnostic> warnings;
    std::vector<analyse::DefinedFunction> defined;
};

/// The record of the last build if nothing has changed since: no input, no output, not the list of sources, not this
/// program. Nothing: build again.
[[nodiscard]] std::optional<BuildRecord> freshBuild(const Project& project);

/// Writes the deps file; the outputs must have been written already.
[[nodiscard]] support::Result<void> recordBuild(const Project& project, const std::vector<std::string>& dependencies,
                                                const BuildRecord& record);

} // namespace rbpf::project
