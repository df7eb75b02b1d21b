// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with a board now, and the next step as a sentence.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "debugger/link/board_client.hpp"
#include "debugger/link/boards.hpp"

namespace rbpf::link {

enum class BoardState : std::uint8_t {
    Ready,
    NoPermission,
    NoFirmware,   ///< it waits for firmware, or answers nothing though it is plugged in
    WrongVersion, ///< its firmware speaks another version of the protocol
    Busy,         ///< another program holds its port and does not share it
    NoAnswer,     ///< a board's process that is stuck, a remote board that is not reached, a board without its tty
    Unchecked,    ///< it may be something else, so it is not opened until the user names it
};

/// "ready", "no permission", "no firmware", "wrong version", "busy", "no answer", "unchecked".
[[nodiscard]] const char* name(BoardState state);

struct BoardStatus {
    BoardState state = BoardState::NoAnswer;
    std::string firmware; ///< its version, or "" if it was not told
    std::string failed;   ///< why its firmware was reset last, "" if nothing was wrong
    std::string heldBy;   ///< of a busy board: "1234 (minicom)", or "another process"
    std::string reason;   ///< why it is not ready, or ""
    std::string next;     ///< the next step
    std::optional<BoardInfo> info; ///< all that it told of itself, if it did

    bool operator==(const BoardStatus&) const = default;
};

/// Asks the board what it is; returns by `patience` after its line is open. Nothing is opened of an Unchecked one.
[[nodiscard]] BoardStatus lookAt(const BoardRecord& board, std::chrono::milliseconds patience,
                                 const std::stop_token& stop = {});

/// All at once, in the same order.
[[nodiscard]] std::vector<BoardStatus> lookAt(const std::vector<BoardRecord>& boards,
                                              std::chrono::milliseconds patience, const std::stop_token& stop = {});

} // namespace rbpf::link
