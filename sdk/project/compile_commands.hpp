// SPDX-License-Identifier: GPL-3.0-or-later
// compile_commands.json in the project's folder: clangd, and every editor that speaks with it, sees a script as the
// SDK's compiler does.
#pragma once

#include "sdk/project/project.hpp"

namespace rbpf::project {

/// How the SDK's compiler sees a file of the project, for tools built on clang: a command line. A header is compiled by
/// itself.
[[nodiscard]] std::vector<std::string> compileCommand(const Project& project, const std::filesystem::path& file);

/// Left alone when it already says the same, so that clangd does not start over.
[[nodiscard]] support::Result<void> writeCompileCommands(const Project& project);

} // namespace rbpf::project
