// SPDX-License-Identifier: GPL-3.0-or-later
// Starts boards in QEMU, with the firmware that would be flashed.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "debugger/link/boards.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::cli {

/// Boards that QEMU emulates.
[[nodiscard]] const std::vector<std::string>& emulatedBoards();

struct EmulatedBoardOptions {
    std::string board;    ///< one of emulatedBoards()
    std::string name;     ///< "" = as the board
    std::string firmware; ///< ELF file, "" = our own
    std::string state;    ///< file with its flash, "" = below stateFolder()
    std::string gdb;      ///< HOST:PORT where QEMU offers the processor to a debugger, "" = not
    std::stop_token stop;
};

/// Returns when the board is ready.
[[nodiscard]] support::Result<link::BoardRecord> startEmulatedBoard(const EmulatedBoardOptions& options);

} // namespace rbpf::cli
