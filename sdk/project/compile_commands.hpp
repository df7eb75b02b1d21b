// SPDX-License-Identifier: GPL-3.0-or-later
// compile_commands.json in the project's folder: clangd, and every editor that speaks with it, sees a script as the
// SDK's compiler does.
#pragma once

#include "sdk/project/project.hpp"

namespace rbpf::project {

/// Left alone when it already says the same, so that clangd does not start over.
[[nodiscard]] support::Result<void> writeCompileCommands(const Project& project);

} // namespace rbpf::project
