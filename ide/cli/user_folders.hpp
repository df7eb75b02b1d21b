// SPDX-License-Identifier: GPL-3.0-or-later
// Where the command line keeps what outlives it: states of native boards, which debug ELF a deployed build has.
#pragma once

#include <filesystem>

namespace rbpf::cli {

/// $XDG_STATE_HOME/rbpf, else ~/.local/state/rbpf. Nothing is created.
[[nodiscard]] std::filesystem::path stateFolder();

} // namespace rbpf::cli
