// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/link/board_state.hpp"

#include <fmt/format.h>
#include <thread>

#include <rbpf/wire.h>

#include "debugger/transport/port_access.hpp"
#include "debugger/transport/serial_posix.hpp"
#include "debugger/transport/shared_port.hpp"

namespace rbpf::link {

namespace {

std::string flashIt(const BoardRecord& board) {
    return board.probe.empty() ? "put firmware with the rBPF agent on it"
                               : fmt::format("`rbpf flash --board {}` puts firmware on it", board.id);
}

BoardStatus notReady(BoardState state, std::string reason, std::string next) {
    BoardStatus status;
    status.state = state;
    status.reason = std::move(reason);
    status.next = std::move(next);
    return status;
}

/// Of a line that could not be opened.
BoardStatus unopened(const BoardRecord& board, const support::Error& error) {
    if (board.place != BoardPlace::Remote) {
        const auto again = transport::openSerial(board.serial);
        if (again && !again->fd) {
            BoardStatus status =
                notReady(BoardState::Busy, "its port is held by " + again->heldBy, "close that program");
            status.heldBy = again->heldBy;
            return status;
        }
    }
    return notReady(BoardState::NoAnswer, error.message, error.hint);
}

/// Of a line that is open and silent.
BoardStatus silent(const BoardRecord& board, const support::Error& error) {
    switch (board.place) {
    case BoardPlace::Process:
        return notReady(BoardState::NoAnswer, error.message,
                        fmt::format("`rbpf board stop {}`, then start it again", board.id));
    case BoardPlace::Remote:
        return notReady(BoardState::NoAnswer, error.message,
                        "see that the board behind that address runs firmware with the rBPF agent");
    case BoardPlace::Usb:
    case BoardPlace::Port:
        break;
    }
    return notReady(BoardState::NoFirmware, "no firmware of ours answers", flashIt(board));
}

BoardStatus answered(const BoardRecord& board, const BoardInfo& info) {
    BoardStatus status;
    status.info = info;
    status.firmware = info.firmware;
    if (info.lastReset != RBPF_RESET_POWER && info.lastReset != RBPF_RESET_ASKED) {
        status.failed = info.lastReset;
    }
    if (info.protocol != RBPF_PROTOCOL_VERSION) {
        status.state = BoardState::WrongVersion;
        status.reason = fmt::format("its firmware speaks protocol {}, this program speaks {}", info.protocol,
                                    RBPF_PROTOCOL_VERSION);
        status.next = info.protocol > RBPF_PROTOCOL_VERSION ? "update rBPF Studio"
                      : board.place == BoardPlace::Process
                          ? fmt::format("`rbpf board stop {}`, then start it again", board.id)
                          : flashIt(board);
        return status;
    }
    status.state = BoardState::Ready;
    status.next = fmt::format("`rbpf deploy --board {}`", board.id);
    return status;
}

} // namespace

const char* name(BoardState state) {
    switch (state) {
    case BoardState::Ready:
        return "ready";
    case BoardState::NoPermission:
        return "no permission";
    case BoardState::NoFirmware:
        return "no firmware";
    case BoardState::WrongVersion:
        return "wrong version";
    case BoardState::Busy:
        return "busy";
    case BoardState::NoAnswer:
        return "no answer";
    case BoardState::Unchecked:
        return "unchecked";
    }
    return "no answer";
}

BoardStatus lookAt(const BoardRecord& board, std::chrono::milliseconds patience, const std::stop_token& stop) {
    if (board.bootloader) {
        return notReady(BoardState::NoFirmware, "its bootloader waits for firmware", flashIt(board));
    }
    if (board.sharedIds) {
        return notReady(BoardState::Unchecked, "other makers' devices have the same USB ids",
                        fmt::format("if it is a board, name it: `rbpf deploy --board {}`", board.id));
    }
    if (board.serial.empty()) {
        return notReady(BoardState::NoAnswer, "it has no serial port", "wait a moment, or plug it in again");
    }
    if (board.place != BoardPlace::Remote) {
        if (auto problem = transport::accessProblem(board.serial)) {
            return notReady(BoardState::NoPermission, problem->message, problem->hint);
        }
    }
    auto line = transport::openShared(board.serial);
    if (!line) {
        return unopened(board, line.error());
    }
    BoardClient client(std::move(*line));
    Options options;
    options.deadline = patience;
    options.stop = stop;
    const auto info = client.info(options);
    if (!info) {
        if (info.error().kind == support::ErrorKind::Board) {
            return notReady(BoardState::WrongVersion, info.error().message, info.error().hint);
        }
        return silent(board, info.error());
    }
    return answered(board, *info);
}

std::vector<BoardStatus> lookAt(const std::vector<BoardRecord>& boards, std::chrono::milliseconds patience,
                                const std::stop_token& stop) {
    std::vector<BoardStatus> found(boards.size());
    std::vector<std::jthread> lookers;
    for (std::size_t i = 0; i < boards.size(); ++i) {
        lookers.emplace_back([&, i] { found[i] = lookAt(boards[i], patience, stop); });
    }
    lookers.clear(); // waits for them
    return found;
}

} // namespace rbpf::link
