// SPDX-License-Identifier: GPL-3.0-or-later
// Building from the command line: diagnostics printed, failures turned into the exit code.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "ide/cli/console.hpp"
#include "ide/cli/opened_image.hpp"
#include "sdk/project/build.hpp"

namespace rbpf::cli {

/// Options for a build that is also analysed: what its runs cost, and hints.
[[nodiscard]] project::BuildOptions withCosts();

/// Builds if needed and prints the diagnostics, which say why where the result is not ok.
[[nodiscard]] support::Result<project::BuildResult> buildProject(const Console& console, const std::filesystem::path& folder,
                                                                 const project::BuildOptions& options = withCosts());

/// The same; an Error (kind Script) where it does not build: the diagnostics have been printed.
[[nodiscard]] support::Result<project::BuildResult> buildGood(const Console& console, const std::filesystem::path& folder,
                                                              const project::BuildOptions& options = withCosts());

/// Of an image's path, or of a project's folder, which is built if needed. An Error (kind Script) where it does not
/// build: the diagnostics have been printed.
[[nodiscard]] support::Result<OpenedImage> openWhat(const Console& console, const std::string& what);

/// With --json: {"ok", "upToDate", "files", "size", "diagnostics"}.
[[nodiscard]] nlohmann::json buildJson(const project::BuildResult& result);

} // namespace rbpf::cli
