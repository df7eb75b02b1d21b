// SPDX-License-Identifier: GPL-3.0-or-later
// One look at all boards after another. Lines to boards that answer stay open between the looks: opening a serial port
// resets some boards, and costs more than asking.
#pragma once

#include <QString>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "debugger/link/board_client.hpp"
#include "debugger/link/board_state.hpp"
#include "debugger/link/boards.hpp"

namespace rbpf::model {

struct BoardState {
    link::BoardRecord record;
    link::BoardStatus status;
    std::optional<link::BoardInfo> info; ///< none: it has not answered
    std::vector<link::SlotInfo> slots;
    QString problem, hint;    ///< why it did not answer, and what to do
    bool isDebugged = false;  ///< it is left alone: this is how it was before
    bool isGone = false;      ///< it was there a moment ago

    bool operator==(const BoardState&) const = default;
};

/// Not thread-safe: one look at a time, on any thread.
class BoardPoll {
public:
    /// By the order of link::listBoards(). Nothing is asked of the boards in `leaveAlone`.
    [[nodiscard]] std::vector<BoardState> look(const std::set<std::string>& leaveAlone);

private:
    using Clock = std::chrono::steady_clock;
    struct Known {
        BoardState state;
        std::optional<link::BoardClient> client;
        Clock::time_point asked;
    };
    static void ask(Known& known);

    std::map<std::string, Known> known_;
};

} // namespace rbpf::model
