// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/board_choice.hpp"

#include "debugger/transport/shared_port.hpp"
#include "ide/cli/native_board.hpp"

namespace rbpf::cli {

support::Result<link::BoardRecord> findOrStartBoard(const std::string& name, std::stop_token stop,
                                                    const std::function<void(const link::BoardRecord&)>& started) {
    if (!name.empty() || !link::attachedBoards().empty()) {
        return link::resolveBoard(name);
    }
    NativeBoardOptions options;
    options.stop = std::move(stop);
    auto board = startNativeBoard(options);
    if (board && started) {
        started(*board);
    }
    return board;
}

support::Result<link::BoardClient> connectBoard(const link::BoardRecord& record) {
    auto line = transport::openShared(record.serial);
    if (!line) {
        return tl::unexpected(line.error());
    }
    return link::BoardClient(std::move(*line));
}

} // namespace rbpf::cli
