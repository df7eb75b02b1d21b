// SPDX-License-Identifier: GPL-3.0-or-later
// The trigger of a script on a board: a CoAP request or an invocation, sent from a thread of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "debugger/link/boards.hpp"
#include "ide/cli/debug_trigger.hpp"
#include "sdk/image/image.hpp"

namespace rbpf::cli::debug {

/// `entries` of the script in `slot`.
[[nodiscard]] std::unique_ptr<Trigger> boardTrigger(link::BoardRecord board, std::uint32_t slot,
                                                    std::vector<image::Entry> entries);

} // namespace rbpf::cli::debug
