// SPDX-License-Identifier: GPL-3.0-or-later
// Boards that are processes of their own and outlive this one: starting them until they are ready, and stopping them.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "debugger/link/boards.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::cli {

/// A program that understands --name, --state and --record.
struct BoardProcess {
    std::filesystem::path program;
    std::string name;
    std::string state;                  ///< "" = below stateFolder()
    std::vector<std::string> arguments; ///< further ones
    std::stop_token stop;
};

/// Returns when the board is ready. An Error (kind Board) carries the last words of one that died.
[[nodiscard]] support::Result<link::BoardRecord> startBoardProcess(const BoardProcess& board);

/// Returns when the process has ended.
[[nodiscard]] support::Result<void> stopBoard(const std::string& name);

} // namespace rbpf::cli
