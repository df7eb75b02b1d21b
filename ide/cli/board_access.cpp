// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/board_access.hpp"

#include <fmt/format.h>

#include "debugger/transport/shared_port.hpp"
#include "ide/cli/native_board.hpp"

namespace rbpf::cli {

namespace {

support::Result<link::BoardRecord> choose(const Console& console, const std::string& name, std::stop_token stop) {
    if (!name.empty() || !link::attachedBoards().empty()) {
        return link::resolveBoard(name);
    }
    NativeBoardOptions options;
    options.stop = std::move(stop);
    auto started = startNativeBoard(options);
    if (started) {
        console.note(fmt::format("started the native board on {}", started->serial));
    }
    return started;
}

} // namespace

support::Result<OpenBoard> openBoard(const Console& console, const std::string& name, std::stop_token stop) {
    auto record = choose(console, name, std::move(stop));
    if (!record) {
        return tl::unexpected(record.error());
    }
    auto line = transport::openShared(record->serial);
    if (!line) {
        return tl::unexpected(line.error());
    }
    return OpenBoard{std::move(*record), link::BoardClient(std::move(*line))};
}

void boardOption(CLI::App* command, std::string& name) {
    command->add_option(
        "--board", name,
        "A board that `rbpf boards` lists, a kind of board if there is only one, a serial port, tcp://HOST:PORT or "
        "rfc2217://HOST:PORT");
}

} // namespace rbpf::cli
