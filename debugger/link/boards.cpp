// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/link/boards.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "debugger/link/remembered_boards.hpp"
#include "debugger/transport/network_address.hpp"
#include "debugger/transport/runtime_dir.hpp"
#include "debugger/transport/usb/usb_boards.hpp"

namespace rbpf::link {

namespace fs = std::filesystem;
using support::ErrorKind;

namespace {

/// A process may write its record a while after it has started, but never before.
constexpr long kClockSlackSeconds = 5;

struct ProcessFacts {
    bool ended = false; ///< killed, and nobody has asked yet how it ended
    long started = 0;   ///< Unix time
};

/// From /proc (proc(5): stat's fields 3, state, and 22, start in ticks since boot).
std::optional<ProcessFacts> factsOf(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    const std::size_t end = text.rfind(')'); // the name in front may hold anything
    if (end == std::string::npos) {
        return std::nullopt;
    }
    std::istringstream fields(text.substr(end + 1));
    std::string field;
    fields >> field;
    const bool ended = field == "Z" || field == "X";
    for (int number = 4; number <= 22; ++number) {
        fields >> field;
    }
    std::ifstream kernel("/proc/stat");
    std::string word;
    long boot = 0;
    while (kernel >> word) {
        if (word == "btime") {
            kernel >> boot;
            break;
        }
    }
    return ProcessFacts{ended, boot + std::strtol(field.c_str(), nullptr, 10) / sysconf(_SC_CLK_TCK)};
}

/// True if the process that wrote the record runs, and not a later one with its number.
bool isAlive(int pid, long started) {
    if (pid <= 0 || (kill(pid, 0) != 0 && errno == ESRCH)) {
        return false;
    }
    const auto facts = factsOf(pid);
    return !facts || (!facts->ended && (started == 0 || facts->started <= started + kClockSlackSeconds));
}

template <typename T>
T field(const nlohmann::json& record, const char* key, T otherwise) {
    const auto found = record.find(key);
    if (found == record.end()) {
        return otherwise;
    }
    if constexpr (std::is_same_v<T, std::string>) {
        return found->is_string() ? found->get<std::string>() : otherwise;
    } else {
        return found->is_number_integer() ? found->get<T>() : otherwise;
    }
}

std::vector<BoardRecord> runningBoards() {
    std::vector<BoardRecord> boards;
    std::error_code error;
    const auto folder = transport::runtimeDir(); // refused if others may write there
    if (!folder) {
        return boards;
    }
    for (fs::directory_iterator entry(*folder / "boards", error), end; !error && entry != end; entry.increment(error)) {
        if (entry->path().extension() != ".json") {
            continue;
        }
        std::ifstream file(entry->path());
        const auto record = nlohmann::json::parse(file, nullptr, false);
        if (!record.is_object()) {
            continue;
        }
        BoardRecord board;
        board.id = field<std::string>(record, "id", entry->path().stem().string());
        board.board = field<std::string>(record, "board", "native");
        board.serial = field<std::string>(record, "serial", "");
        board.coap = field<std::uint16_t>(record, "coap", 0);
        board.pid = field<int>(record, "pid", 0);
        board.stateFile = field<std::string>(record, "state", "");
        if (!isAlive(board.pid, field<long>(record, "started", 0))) {
            std::error_code gone;
            fs::remove(entry->path(), gone);
            continue;
        }
        boards.push_back(std::move(board));
    }
    return boards;
}

BoardRecord recordOf(const usb::Board& found) {
    BoardRecord board;
    board.id = found.address;
    board.place = BoardPlace::Usb;
    board.board = found.board;
    board.name = found.kind.name;
    board.serial = found.tty;
    board.serialNumber = found.device.serialNumber;
    board.probe = found.probe;
    board.target = found.kind.target;
    board.bootloader = found.kind.bootloader;
    board.sharedIds = found.kind.shared;
    return board;
}

BoardRecord recordOf(const std::string& address) {
    BoardRecord board;
    board.id = address;
    board.place = address.starts_with("/") ? BoardPlace::Port : BoardPlace::Remote;
    board.board = address.starts_with("/") ? "serial" : "remote";
    board.serial = address;
    return board;
}

/// True for one that may be chosen without being named: nothing is opened that may be something else.
bool isAttached(const BoardRecord& board) {
    return board.place == BoardPlace::Process ||
           (board.place == BoardPlace::Usb && !board.serial.empty() && !board.bootloader && !board.sharedIds);
}

/// The same device by another name: /dev/serial/by-id/… is a link.
bool samePath(const std::string& a, const std::string& b) {
    std::error_code unknown;
    return a == b || (a.starts_with("/") && b.starts_with("/") && fs::equivalent(a, b, unknown) && !unknown);
}

std::string namesOf(const std::vector<BoardRecord>& boards) {
    std::string names;
    for (const BoardRecord& board : boards) {
        names += (names.empty() ? "" : ", ") + board.id;
    }
    return names;
}

} // namespace

std::vector<BoardRecord> listBoards() {
    const auto byId = [](const BoardRecord& a, const BoardRecord& b) { return a.id < b.id; };
    std::vector<BoardRecord> boards = runningBoards();
    std::sort(boards.begin(), boards.end(), byId);
    for (const usb::Board& board : usb::boards()) {
        boards.push_back(recordOf(board));
    }
    if (const auto remembered = rememberedBoards()) {
        for (const RememberedBoard& one : *remembered) {
            BoardRecord board = recordOf(one.address);
            board.id = one.name;
            boards.push_back(std::move(board));
        }
    }
    return boards;
}

std::vector<BoardRecord> attachedBoards() {
    std::vector<BoardRecord> boards = listBoards();
    std::erase_if(boards, [](const BoardRecord& board) { return !isAttached(board); });
    return boards;
}

std::vector<std::string> otherPorts() {
    const std::vector<BoardRecord> boards = listBoards();
    std::vector<std::string> ports;
    std::error_code error;
    for (fs::directory_iterator entry("/dev", error), end; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        const auto isIts = [&](const BoardRecord& board) { return board.serial == entry->path(); };
        if ((name.starts_with("ttyACM") || name.starts_with("ttyUSB")) &&
            std::none_of(boards.begin(), boards.end(), isIts)) {
            ports.push_back(entry->path().string());
        }
    }
    std::sort(ports.begin(), ports.end());
    return ports;
}

support::Result<BoardRecord> findBoard(const std::string& name) {
    const std::vector<BoardRecord> boards = listBoards();
    for (const BoardRecord& board : boards) {
        if (board.id == name) {
            return board;
        }
    }
    for (const BoardRecord& board : boards) {
        if (samePath(name, board.serial)) {
            return board;
        }
    }
    if (name.starts_with("/") || transport::isNetworkAddress(name)) {
        return recordOf(name);
    }
    std::vector<BoardRecord> meant;
    for (const usb::Board& board : usb::boards()) {
        if (usb::means(name, board)) {
            meant.push_back(recordOf(board));
        }
    }
    for (const BoardRecord& board : boards) {
        if (board.board == name) {
            meant.push_back(board);
        }
    }
    if (meant.size() == 1) {
        return meant.front();
    }
    if (meant.size() > 1) {
        return support::fail(ErrorKind::Usage, "\"" + name + "\" may mean several boards: " + namesOf(meant),
                             "choose one with --board");
    }
    return support::fail(ErrorKind::Link, "there is no board \"" + name + "\"",
                         boards.empty() ? "start one: `rbpf board start native --name " + name + "`"
                                        : "there are: " + namesOf(boards));
}

support::Result<BoardRecord> resolveBoard(const std::string& name) {
    if (!name.empty()) {
        auto board = findBoard(name);
        if (board && board->serial.empty()) {
            return support::fail(ErrorKind::Link, "the board " + board->id + " has no serial port now",
                                 "wait a moment, or plug it in again");
        }
        return board;
    }
    const std::vector<BoardRecord> boards = attachedBoards();
    if (boards.empty()) {
        return support::fail(ErrorKind::Link, "there is no board", "start one: `rbpf board start native`");
    }
    if (boards.size() > 1) {
        return support::fail(ErrorKind::Usage, "there are several boards: " + namesOf(boards),
                             "choose one with --board");
    }
    return boards.front();
}

} // namespace rbpf::link
