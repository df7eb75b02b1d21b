// SPDX-License-Identifier: GPL-3.0-or-later
// boards: what there is, what state it is in, and the next step; --watch tells of changes
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>

#include "debugger/link/board_state.hpp"
#include "debugger/link/boards.hpp"
#include "debugger/link/remembered_boards.hpp"
#include "debugger/transport/usb/board_table.hpp"
#include "debugger/transport/usb/usb_watch.hpp"
#include "ide/cli/interrupt.hpp"
#include "ide/cli/record_json.hpp"
#include "ide/cli/registry.hpp"

namespace rbpf::cli {

namespace {

using Clock = std::chrono::steady_clock;
using link::BoardRecord;
using link::BoardState;
using link::BoardStatus;

/// A board that is there answers within milliseconds, one on a slow network within this.
constexpr std::chrono::milliseconds kPatience{1500};
/// How late --watch notices what nobody tells: processes, and all where udev is not at work.
constexpr std::chrono::milliseconds kWatchRound{500};
/// … while a board's tty or its permissions are still to come.
constexpr std::chrono::milliseconds kUnsettledRound{100};
/// How often --watch asks a board again that was not ready.
constexpr std::chrono::seconds kAskAgain{5};

nlohmann::json statusJson(const BoardRecord& record, const BoardStatus& status) {
    nlohmann::json json = recordJson(record);
    json.update({{"state", link::name(status.state)},
                 {"firmware", status.firmware},
                 {"failed", status.failed},
                 {"heldBy", status.heldBy},
                 {"reason", status.reason},
                 {"next", status.next}});
    return json;
}

std::string coapText(const BoardRecord& record) {
    return record.coap != 0 ? fmt::format("coap://127.0.0.1:{}", record.coap) : "-";
}

std::string orDash(const std::string& text) {
    return text.empty() ? "-" : text;
}

/// "  busy: its port is held by 1234 (minicom); close that program"
std::string nextStep(const BoardStatus& status) {
    return fmt::format("{}{}{}", status.reason, status.reason.empty() || status.next.empty() ? "" : "; ", status.next);
}

/// What is wrong with the user's own files: the boards that they name are missing from the list.
void tellProblems(const Console& console) {
    const usb::BoardTable table = usb::loadBoardTable();
    if (table.problem) {
        console.warn(table.problem->message, table.problem->hint);
    }
    if (const auto remembered = link::rememberedBoards(); !remembered) {
        console.warn(remembered.error().message, remembered.error().hint);
    }
}

void printTable(const Console& console, const std::vector<BoardRecord>& boards,
                const std::vector<BoardStatus>& states) {
    std::size_t id = 2;
    std::size_t kind = 5;
    std::size_t line = 6;
    for (const BoardRecord& record : boards) {
        id = std::max(id, record.id.size());
        kind = std::max(kind, record.board.size());
        line = std::max(line, record.serial.size());
    }
    const auto row = [&](const std::string& a, const std::string& b, const std::string& c, const std::string& d,
                         const std::string& e, const std::string& f) {
        console.print(fmt::format("{:<{}}  {:<{}}  {:<13}  {:<8}  {:<{}}  {}\n", a, id, b, kind, c, d, e, line, f));
    };
    row("id", "board", "state", "firmware", "serial", "CoAP");
    for (std::size_t i = 0; i < boards.size(); ++i) {
        row(boards[i].id, boards[i].board, link::name(states[i].state), orDash(states[i].firmware),
            orDash(boards[i].serial), coapText(boards[i]));
        if (states[i].state != BoardState::Ready) {
            console.print(fmt::format("    {}\n", nextStep(states[i])));
        }
        if (!states[i].failed.empty()) {
            console.print(fmt::format("    last reset: {}\n", states[i].failed));
        }
    }
}

int listBoards(Console& console) {
    tellProblems(console);
    const auto boards = link::listBoards();
    const auto states = link::lookAt(boards, kPatience);
    if (console.json) {
        nlohmann::json json = nlohmann::json::array();
        for (std::size_t i = 0; i < boards.size(); ++i) {
            json.push_back(statusJson(boards[i], states[i]));
        }
        console.printJson(json);
        return kFine;
    }
    if (boards.empty()) {
        console.note("no board is attached; `rbpf board start native` starts a simulated one");
    } else {
        printTable(console, boards, states);
    }
    for (const std::string& port : link::otherPorts()) {
        console.note(fmt::format(
            "{} belongs to no board that is known by its USB ids; if it is one, name it: --board {}", port, port));
    }
    return kFine;
}

struct Watched {
    BoardRecord record;
    BoardStatus status;
    Clock::time_point asked;
};

void tell(const Console& console, const char* event, const Watched& board) {
    if (console.json) {
        const nlohmann::json json{{"event", event}, {"board", statusJson(board.record, board.status)}};
        console.print(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    } else {
        console.print(fmt::format("{:<7}  {}  {}  {}  {}{}\n", event, board.record.id, board.record.board,
                                  orDash(board.record.serial), link::name(board.status.state),
                                  board.status.state == BoardState::Ready ? "" : ": " + nextStep(board.status)));
    }
    std::fflush(stdout);
}

/// Something about the board is about to change by itself.
bool isUnsettled(const Watched& board) {
    return board.record.serial.empty() || board.status.state == BoardState::NoPermission;
}

bool mustBeAsked(const Watched& board, const BoardRecord& now) {
    if (board.record.serial != now.serial || board.record.pid != now.pid || isUnsettled(board)) {
        return true;
    }
    return board.status.state != BoardState::Ready && Clock::now() - board.asked >= kAskAgain;
}

bool differs(const Watched& a, const Watched& b) {
    return a.record.serial != b.record.serial || a.record.pid != b.record.pid || a.status.state != b.status.state ||
           a.status.reason != b.status.reason || a.status.firmware != b.status.firmware;
}

int watchBoards(Console& console) {
    const Interrupt interrupt;
    const std::stop_token stop = interrupt.token();
    tellProblems(console);
    usb::Watch usb;
    std::map<std::string, Watched> known;
    while (!stop.stop_requested()) {
        std::vector<BoardRecord> ask;
        std::map<std::string, Watched> gone = known;
        for (BoardRecord& record : link::listBoards()) {
            gone.erase(record.id);
            const auto before = known.find(record.id);
            if (before == known.end() || mustBeAsked(before->second, record)) {
                ask.push_back(std::move(record));
            }
        }
        for (const auto& [id, board] : gone) {
            tell(console, "removed", board);
            known.erase(id);
        }
        const auto states = link::lookAt(ask, kPatience, stop);
        for (std::size_t i = 0; i < ask.size() && !stop.stop_requested(); ++i) {
            const Watched now{ask[i], states[i], Clock::now()};
            const auto before = known.find(ask[i].id);
            if (before == known.end() || differs(before->second, now)) {
                tell(console, before == known.end() ? "added" : "changed", now);
            }
            known.insert_or_assign(ask[i].id, now);
        }
        const bool unsettled =
            std::any_of(known.begin(), known.end(), [](const auto& one) { return isUnsettled(one.second); });
        usb.wait(unsettled ? kUnsettledRound : kWatchRound);
    }
    return kFine;
}

} // namespace

nlohmann::json recordJson(const BoardRecord& record) {
    const char* places[] = {"process", "usb", "remote", "port"};
    return {{"id", record.id},
            {"board", record.board},
            {"name", record.name},
            {"place", places[static_cast<std::size_t>(record.place)]},
            {"serial", record.serial},
            {"coap", record.coap},
            {"pid", record.pid},
            {"stateFile", record.stateFile},
            {"serialNumber", record.serialNumber},
            {"probe", record.probe},
            {"target", record.target}};
}

void addBoardsCommand(Registry& registry) {
    const auto watch = std::make_shared<bool>(false);
    CLI::App* list = registry.add("boards", "List the boards there are, their states and the next step for each",
                                  "rbpf boards --json");
    list->add_flag("--watch", *watch,
                   "Go on until Ctrl+C and tell of boards that come, go or change; with --json one JSON object a line");
    registry.json(list);
    registry.run(list, [watch](Console& console) { return *watch ? watchBoards(console) : listBoards(console); });
}

} // namespace rbpf::cli
