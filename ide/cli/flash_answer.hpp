// SPDX-License-Identifier: GPL-3.0-or-later
// The first words of a board that was flashed: GET /rbpf until it answers.
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

#include "debugger/link/board_client.hpp"

namespace rbpf::cli {

/// Asks on the port that `findPort` names, anew each time, as a board may leave its port and come back with another;
/// "" = none yet. The Error is that of the last attempt, or kind Cancelled.
[[nodiscard]] support::Result<link::BoardInfo> waitForAnswer(const std::function<std::string()>& findPort,
                                                             std::chrono::milliseconds within, std::stop_token stop);

} // namespace rbpf::cli
