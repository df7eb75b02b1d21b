// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/flash_plan.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <vector>

#include "debugger/flash/chips.hpp"
#include "debugger/link/boards.hpp"
#include "ide/cli/firmware_file.hpp"

namespace rbpf::cli {

using support::ErrorKind;
using support::Result;

namespace {

std::string ours() {
    std::vector<std::string_view> names;
    for (const flash::FlashBoard& board : flash::boards()) {
        names.push_back(board.id);
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string howToName() {
    return fmt::format("boards with firmware of ours: {}; for others give --target CHIP and a firmware file", ours());
}

void take(FlashPlan& plan, const link::BoardRecord& record) {
    plan.board = record.board;
    if (plan.probe.empty()) {
        plan.probe = record.probe;
    }
    if (plan.port.empty()) {
        plan.port = record.serial;
    }
    if (plan.target.empty()) {
        plan.target = record.target;
    }
}

/// A name of our table, or one that `rbpf boards` has.
Result<void> takeNamed(FlashPlan& plan, const std::string& name) {
    if (flash::findBoard(name) != nullptr) {
        plan.board = name;
        return {};
    }
    const auto record = link::findBoard(name);
    if (!record) {
        return support::fail(ErrorKind::Usage, fmt::format("there is no board \"{}\" to flash", name), howToName());
    }
    if (record->place == link::BoardPlace::Process) {
        return support::fail(ErrorKind::Usage, fmt::format("{} runs on this machine: it has no flash", name),
                             "`rbpf board stop` and `rbpf board start` start it afresh");
    }
    take(plan, *record);
    return {};
}

/// The only board that is plugged in and has a probe.
Result<void> takeOnlyOne(FlashPlan& plan) {
    std::vector<link::BoardRecord> found;
    for (link::BoardRecord& record : link::listBoards()) {
        if (record.place == link::BoardPlace::Usb && flash::findBoard(record.board) != nullptr &&
            record.probe.find(plan.probe) != std::string::npos) {
            found.push_back(std::move(record));
        }
    }
    if (found.size() != 1) {
        return support::fail(
            ErrorKind::Usage,
            found.empty() ? "which board is to be flashed?"
                          : fmt::format("{} boards are plugged in: which one is to be flashed?", found.size()),
            found.empty() ? "name it with --board; " + howToName() : "name it with --board; `rbpf boards` lists them");
    }
    take(plan, found.front());
    return {};
}

} // namespace

Result<FlashPlan> planFlash(const FlashWish& wish) {
    FlashPlan plan;
    plan.target = wish.target;
    plan.probe = wish.probe;
    plan.port = wish.port;
    Result<void> taken;
    if (!wish.board.empty()) {
        taken = takeNamed(plan, wish.board);
    } else if (wish.target.empty()) {
        taken = takeOnlyOne(plan);
    }
    if (!taken) {
        return tl::unexpected(taken.error());
    }
    const flash::FlashBoard* board = flash::findBoard(plan.board);
    if (plan.target.empty()) {
        if (board == nullptr) {
            return support::fail(ErrorKind::Usage, fmt::format("the chip of {} is not known", wish.board),
                                 "name it with --target; `rbpf flash --targets` lists what pyOCD knows");
        }
        plan.target = board->target;
    }
    if (!wish.firmware.empty()) {
        plan.firmware = wish.firmware;
        return plan;
    }
    if (board == nullptr) {
        return support::fail(ErrorKind::Usage, "there is no firmware of ours for this board: name a file", howToName());
    }
    auto firmware = firmwareFile(plan.board);
    if (!firmware) {
        return tl::unexpected(firmware.error());
    }
    plan.firmware = std::move(*firmware);
    plan.isOurs = true;
    return plan;
}

} // namespace rbpf::cli
