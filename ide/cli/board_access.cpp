// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/board_access.hpp"

#include <fmt/format.h>

#include "ide/cli/board_choice.hpp"

namespace rbpf::cli {

support::Result<OpenBoard> openBoard(const Console& console, const std::string& name, std::stop_token stop) {
    auto record = findOrStartBoard(name, std::move(stop), [&](const link::BoardRecord& board) {
        console.note(fmt::format("started the native board on {}", board.serial));
    });
    if (!record) {
        return tl::unexpected(record.error());
    }
    auto client = connectBoard(*record);
    if (!client) {
        return tl::unexpected(client.error());
    }
    return OpenBoard{std::move(*record), std::move(*client)};
}

void boardOption(CLI::App* command, std::string& name) {
    command->add_option(
        "--board", name,
        "A board that `rbpf boards` lists, a kind of board if there is only one, a serial port, tcp://HOST:PORT or "
        "rfc2217://HOST:PORT");
}

} // namespace rbpf::cli
