// SPDX-License-Identifier: GPL-3.0-or-later
// The common shape of commands that ask a board one thing: open it, do it, tell the error.
#pragma once

#include "ide/cli/board_access.hpp"
#include "ide/cli/interrupt.hpp"

namespace rbpf::cli {

/// `use` gets the open board and request options that Ctrl-C cancels; its result is the exit code.
template <typename Use>
int withBoard(Console& console, const std::string& name, Use&& use) {
    const Interrupt interrupt;
    auto board = openBoard(console, name, interrupt.token());
    if (!board) {
        return console.fail(board.error());
    }
    link::Options options;
    options.stop = interrupt.token();
    return use(*board, options);
}

} // namespace rbpf::cli
