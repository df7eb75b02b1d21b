// SPDX-License-Identifier: GPL-3.0-or-later
// Building from the command line: diagnostics printed, failures turned into the exit code.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "ide/cli/console.hpp"
#include "sdk/project/build.hpp"

namespace rbpf::cli {

/// Builds if needed and prints the diagnostics, which say why where the result is not ok.
[[nodiscard]] support::Result<project::BuildResult>
buildProject(const Console& console, const std::filesystem::path& folder, const project::BuildOptions& options = {});

/// With --json: {"ok", "upToDate", "files", "size", "diagnostics"}.
[[nodiscard]] nlohmann::json buildJson(const project::BuildResult& result);

} // namespace rbpf::cli
