// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/native_board.hpp"

#include <cstdlib>
#include <filesystem>

#include "ide/cli/board_process.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::cli {

namespace {

namespace fs = std::filesystem;

fs::path program() {
    const char* given = std::getenv("RBPF_BOARD_NATIVE");
    return given != nullptr && *given != '\0' ? fs::path(given) : support::programFolder() / "rbpf-board-native";
}

} // namespace

support::Result<link::BoardRecord> startNativeBoard(const NativeBoardOptions& options) {
    BoardProcess board{
        program(), options.name, options.state, {"--udp-port", std::to_string(options.udpPort)}, options.stop};
    if (!options.sensors.empty()) {
        board.arguments.insert(board.arguments.end(), {"--sensors", fs::absolute(options.sensors)});
    }
    if (options.openManagement) {
        board.arguments.emplace_back("--open-management");
    }
    return startBoardProcess(board);
}

} // namespace rbpf::cli
