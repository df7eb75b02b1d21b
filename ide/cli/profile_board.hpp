// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of a script on a board, counted: the debugger records them there, and they are executed again here, instruction by
// instruction, with what the bindings answered there.
#pragma once

#include <cstdint>
#include <stop_token>

#include "ide/cli/launch.hpp"
#include "ide/cli/workstation_run.hpp"
#include "sdk/analyse/profile.hpp"

namespace rbpf::cli {

/// Fires the entry at `request.insnIndex` that many times. An Error too if a run was not recorded whole: a profile is
/// exact or none. Runs of this entry that something else fires meanwhile are counted as well.
[[nodiscard]] support::Result<void> countOnBoard(const Console& console, const Launched& launched, const RunRequest& request,
                                                 std::uint32_t runs, analyse::ExecutionCounter& counter);

} // namespace rbpf::cli
