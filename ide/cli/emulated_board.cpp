// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/emulated_board.hpp"

#include <cstdlib>
#include <filesystem>

#include "ide/cli/board_process.hpp"
#include "ide/cli/firmware_file.hpp"
#include "sdk/support/files.hpp"
#include "sdk/support/process.hpp"

namespace rbpf::cli {

namespace {

namespace fs = std::filesystem;
using support::ErrorKind;

std::string qemu() {
    const char* given = std::getenv("RBPF_QEMU");
    return given != nullptr && *given != '\0' ? given : "qemu-system-arm";
}

} // namespace

const std::vector<std::string>& emulatedBoards() {
    static const std::vector<std::string> boards{"microbit", "mps2_an386"};
    return boards;
}

support::Result<link::BoardRecord> startEmulatedBoard(const EmulatedBoardOptions& options) {
    if (!support::findProgram(qemu())) {
        return support::fail(ErrorKind::Board,
                             "the board " + options.board + " runs in QEMU, and " + qemu() + " is not here",
                             "`sudo apt install qemu-system-arm` installs it; RBPF_QEMU names another place");
    }
    const auto firmware = options.firmware.empty() ? firmwareFile(options.board)
                                                   : support::Result<fs::path>(fs::absolute(options.firmware));
    if (!firmware) {
        return tl::unexpected(firmware.error());
    }
    BoardProcess board{support::programFolder() / "rbpf-board-qemu",
                       options.name.empty() ? options.board : options.name,
                       options.state,
                       {"--board", options.board, "--firmware", firmware->string()},
                       options.stop};
    if (!options.gdb.empty()) {
        board.arguments.insert(board.arguments.end(), {"--", "-gdb", "tcp:" + options.gdb});
    }
    return startBoardProcess(board);
}

} // namespace rbpf::cli
