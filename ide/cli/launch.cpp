// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/launch.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

#include "debugger/link/deploy.hpp"
#include "ide/cli/board_access.hpp"
#include "ide/cli/fault_text.hpp"
#include "ide/cli/interrupt.hpp"
#include "ide/cli/known_builds.hpp"
#include "ide/cli/progress.hpp"
#include "ide/cli/project_build.hpp"

namespace rbpf::cli {

namespace {

using support::ErrorKind;
using support::Result;

bool holds(const link::SlotInfo& slot, const OpenedImage& opened) {
    return slot.state != "empty" && opened.image.format == image::Format::V1 &&
           std::ranges::equal(slot.buildId, opened.image.buildId);
}

/// The image that is meant; nothing: what the board has.
Result<std::optional<OpenedImage>> findImage(Console& console, const LaunchWish& wish) {
    std::error_code code;
    const bool isProjectHere = std::filesystem::exists("rbpf.json", code);
    if (wish.what.empty() && !isProjectHere) {
        return std::nullopt;
    }
    auto opened = openWhat(console, wish.what.empty() ? "." : wish.what);
    return opened ? Result<std::optional<OpenedImage>>(std::move(*opened)) : tl::unexpected(opened.error());
}

/// The script in the slot asked for, or in the first that has one.
Result<Launched> whatIsThere(const OpenBoard& board, const std::vector<link::SlotInfo>& slots, const LaunchWish& wish) {
    for (const link::SlotInfo& slot : slots) {
        if (slot.state == "empty" || (wish.slot && *wish.slot != slot.slot)) {
            continue;
        }
        Launched launched{board.record, slot.slot, {}};
        if (auto known = findBuild(slot.buildId)) {
            launched.opened = std::move(*known);
        } else {
            launched.opened.image.name = slot.name;
            launched.opened.image.version = slot.version;
            for (const link::EntryInfo& entry : slot.entries) {
                launched.opened.image.entries.push_back({entry.name, entry.trigger, 0, 0});
            }
        }
        return launched;
    }
    return support::fail(ErrorKind::Usage,
                         wish.slot ? fmt::format("slot {} holds no script", *wish.slot) : "the board has no script",
                         "`rbpf debug DIR` builds and deploys one");
}

Result<std::uint32_t> deployTo(Console& console, OpenBoard& board, const OpenedImage& opened, const LaunchWish& wish,
                               const std::stop_token& stop) {
    link::DeployOptions options;
    options.slot = wish.slot;
    options.stop = stop;
    options.words = {[&](std::uint32_t insnIndex) { return opened.place(insnIndex); },
                     [&](const link::BoardFault& fault) {
                         return faultSentence({fault.status, fault.insnIndex, fault.detail}, &opened,
                                              regionsOf(opened.image));
                     }};
    Progress progress(console, "deploying");
    options.progress = [&](std::uint32_t, std::size_t done, std::size_t total) { progress.show(done, total); };
    const auto deployed = link::deploy(board.client, opened.image, options);
    progress.clear();
    if (!deployed) {
        return tl::unexpected(deployed.error());
    }
    rememberBuild(opened);
    console.note(fmt::format("deployed {} {} to {} slot {}", opened.image.name, opened.image.version, board.record.id,
                             deployed->slot));
    return deployed->slot;
}

} // namespace

Result<Launched> launch(Console& console, const LaunchWish& wish) {
    const Interrupt interrupt;
    auto opened = findImage(console, wish);
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    auto board = openBoard(console, wish.board, interrupt.token());
    if (!board) {
        return tl::unexpected(board.error());
    }
    link::Options request;
    request.stop = interrupt.token();
    const auto slots = board->client.slots(request);
    if (!slots) {
        return tl::unexpected(slots.error());
    }
    if (!*opened) {
        return whatIsThere(*board, *slots, wish);
    }
    for (const link::SlotInfo& slot : *slots) {
        if ((!wish.slot || *wish.slot == slot.slot) && holds(slot, **opened)) {
            return Launched{board->record, slot.slot, std::move(**opened)};
        }
    }
    const auto slot = deployTo(console, *board, **opened, wish, interrupt.token());
    if (!slot) {
        return tl::unexpected(slot.error());
    }
    return Launched{board->record, *slot, std::move(**opened)};
}

} // namespace rbpf::cli
