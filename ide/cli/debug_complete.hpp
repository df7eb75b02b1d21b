// SPDX-License-Identifier: GPL-3.0-or-later
// What may stand at the cursor: commands, places, bindings, variables.
#pragma once

#include <string>

#include "ide/cli/debug_input.hpp"

namespace rbpf::cli::debug {

class Shell;

[[nodiscard]] Candidates complete(Shell& shell, const std::string& text);

} // namespace rbpf::cli::debug
