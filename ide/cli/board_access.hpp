// SPDX-License-Identifier: GPL-3.0-or-later
// The board a command means, with an open line to it.
#pragma once

#include <CLI/CLI.hpp>
#include <stop_token>
#include <string>

#include "debugger/link/board_client.hpp"
#include "debugger/link/boards.hpp"
#include "ide/cli/console.hpp"

namespace rbpf::cli {

struct OpenBoard {
    link::BoardRecord record;
    link::BoardClient client;
};

/// `name` as --board has it; "" = the only board there is, else a native board, started here if none is running.
[[nodiscard]] support::Result<OpenBoard> openBoard(const Console& console, const std::string& name,
                                                   std::stop_token stop);

/// Adds --board.
void boardOption(CLI::App* command, std::string& name);

} // namespace rbpf::cli
