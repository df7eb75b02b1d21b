// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/transport/usb/usb_boards.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace rbpf::usb {

using support::ErrorKind;

namespace {

/// So much of a serial number tells a board apart, to people.
constexpr std::size_t kShortestPart = 4;

std::string lineOf(const Device& device, const BoardKind& kind) {
    for (const Tty& tty : device.ttys) {
        if (!kind.interface || tty.interface == *kind.interface) {
            return tty.path;
        }
    }
    return {};
}

} // namespace

std::vector<Board> boardsAmong(const std::vector<Device>& devices, const BoardTable& table) {
    std::vector<Board> boards;
    for (const Device& device : devices) {
        if (const BoardKind* kind = table.find(device)) {
            Board board{"",
                        kind->board.empty() ? device.product : kind->board,
                        *kind,
                        device,
                        lineOf(device, *kind),
                        kind->probe.empty() ? "" : device.serialNumber};
            boards.push_back(std::move(board));
        }
    }
    for (Board& board : boards) {
        const std::string& number = board.device.serialNumber;
        const auto same = std::count_if(boards.begin(), boards.end(),
                                        [&](const Board& other) { return other.device.serialNumber == number; });
        board.address = number.empty() || same > 1 ? "usb@" + board.device.socket : "usb:" + number;
    }
    return boards;
}

std::vector<Board> boards() {
    return boardsAmong(devices(), loadBoardTable());
}

bool means(std::string_view address, const Board& board) {
    const std::string& number = board.device.serialNumber;
    if (address == board.address || address == "usb@" + board.device.socket) {
        return true;
    }
    if (address.starts_with("usb:")) {
        const std::string_view part = address.substr(4);
        return part == number || (part.size() >= kShortestPart && (number.starts_with(part) || number.ends_with(part)));
    }
    const auto ids = [&](const char* format) {
        return fmt::format(fmt::runtime(format), board.device.vendorId, board.device.productId, number);
    };
    return address == ids("{:04X}:{:04X}:{}") || address == ids("{:04x}:{:04x}:{}");
}

support::Result<std::string> ttyOf(const std::string& serialNumber) {
    std::vector<Board> found = boards();
    std::erase_if(found, [&](const Board& board) { return board.device.serialNumber != serialNumber; });
    if (found.empty()) {
        return support::fail(ErrorKind::Link,
                             fmt::format("no board with the serial number {} is plugged in", serialNumber),
                             "plug it in; `rbpf boards` lists what is there");
    }
    if (found.size() > 1) {
        return support::fail(ErrorKind::Link,
                             fmt::format("{} boards have the serial number {}", found.size(), serialNumber),
                             fmt::format("name one by where it is plugged in: --board {}", found.front().address));
    }
    if (found.front().tty.empty()) {
        return support::fail(ErrorKind::Link, fmt::format("the board {} has no serial port yet", found.front().address),
                             "wait a moment, or plug it in again");
    }
    return found.front().tty;
}

} // namespace rbpf::usb
