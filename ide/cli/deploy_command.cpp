// SPDX-License-Identifier: GPL-3.0-or-later
// deploy: build if needed, ask the board what it is, install.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <rbpf/wire.h>

#include "debugger/link/status_text.hpp"
#include "ide/cli/board_access.hpp"
#include "ide/cli/fault_text.hpp"
#include "ide/cli/interrupt.hpp"
#include "ide/cli/known_builds.hpp"
#include "ide/cli/progress.hpp"
#include "ide/cli/project_build.hpp"
#include "ide/cli/registry.hpp"
#include "sdk/image/bindings.hpp"
#include "sdk/image/instruction.hpp"

namespace rbpf::cli {

namespace {

using support::ErrorKind;
using support::Result;

struct Options {
    std::string what = ".", board;
    int slot = -1; ///< -1: chosen here
};

/// Where the script calls a binding: "src/sensor.c:14", or the instruction.
std::string useOf(const OpenedImage& opened, std::uint16_t id) {
    for (const image::Instruction& in : image::decode(opened.image.text())) {
        if (in.isBindingCall() && static_cast<std::uint32_t>(in.imm) == id) {
            const std::string place = opened.place(in.index);
            return place.empty() ? fmt::format("instruction {}", in.index) : place;
        }
    }
    return opened.path.string();
}

/// Everything that can be known to fail before a byte is sent.
Result<void> checkFits(const OpenedImage& opened, const link::BoardInfo& info) {
    if (info.protocol != RBPF_PROTOCOL_VERSION) {
        return support::fail(ErrorKind::Board,
                             fmt::format("firmware {} on this {} speaks protocol {}, this program speaks {}",
                                         info.firmware, info.board, info.protocol, RBPF_PROTOCOL_VERSION),
                             info.protocol > RBPF_PROTOCOL_VERSION ? "update rBPF Studio"
                                                                   : "update the board's firmware");
    }
    std::string lacking;
    for (const std::uint16_t id : opened.image.bindings) {
        if (std::ranges::find(info.bindings, id) == info.bindings.end()) {
            const auto name = image::bindingName(id);
            lacking += (lacking.empty() ? "" : ", ") +
                       (name ? std::string(*name) : fmt::format("binding 0x{:02x}", id)) + " used at " +
                       useOf(opened, id);
        }
    }
    if (!lacking.empty()) {
        return support::fail(ErrorKind::Script, fmt::format("firmware {} lacks {}", info.firmware, lacking),
                             "update the board's firmware, or do without");
    }
    const image::Image& image = opened.image;
    const std::tuple<const char*, std::size_t, std::uint32_t> limits[] = {
        {"image", image.bytes.size(), info.imageBytes},
        {"stack", image.stackBytes, info.stackBytes},
        {"data and bss", std::size_t{image.dataBytes} + image.bssBytes, info.ramBytes}};
    for (const auto& [what, wanted, allowed] : limits) {
        if (allowed != 0 && wanted > allowed) {
            return support::fail(ErrorKind::Script, fmt::format("the script's {} takes {} bytes, this {} has {}", what,
                                                                wanted, info.board, allowed));
        }
    }
    return {};
}

Result<std::uint32_t> chooseSlot(const std::vector<link::SlotInfo>& slots, const image::Image& image, int wanted) {
    if (wanted >= 0) {
        const bool exists =
            std::ranges::any_of(slots, [&](const auto& s) { return s.slot == static_cast<unsigned>(wanted); });
        return exists ? Result<std::uint32_t>(static_cast<std::uint32_t>(wanted))
                      : support::fail(ErrorKind::Usage, fmt::format("there is no slot {}", wanted),
                                      fmt::format("the board has {} slots, counted from 0", slots.size()));
    }
    for (const link::SlotInfo& slot : slots) {
        if (slot.state != "empty" && slot.name == image.name && !image.name.empty()) {
            return slot.slot;
        }
    }
    std::string taken;
    for (const link::SlotInfo& slot : slots) {
        if (slot.state == "empty") {
            return slot.slot;
        }
        taken += fmt::format("{}{} {}", taken.empty() ? "" : ", ", slot.slot, slot.name);
    }
    return support::fail(ErrorKind::Board, "every slot of the board is taken: " + taken,
                         "--slot N replaces a script, `rbpf remove N` removes one");
}

/// What the script answers, as a person would ask for it.
std::vector<std::string> answers(const OpenBoard& board, const image::Image& image) {
    std::vector<std::string> list;
    for (const image::Entry& entry : image.entries) {
        if (entry.trigger.starts_with("coap/")) {
            const std::string path = entry.trigger.substr(4);
            list.push_back(board.record.coap != 0 ? fmt::format("coap://127.0.0.1:{}{}", board.record.coap, path)
                                                  : path);
        }
    }
    return list;
}

Result<OpenedImage> findImage(Console& console, const std::string& what, bool& failed) {
    std::error_code code;
    if (!std::filesystem::is_directory(what, code)) {
        return openImage(what);
    }
    const auto built = buildProject(console, what);
    if (!built) {
        return tl::unexpected(built.error());
    }
    failed = !built->ok;
    if (failed) {
        if (console.json) {
            console.printJson(buildJson(*built));
        }
        return OpenedImage{};
    }
    return openImage(built->project->image());
}

/// The board's no, with its place in the source where it has one.
int explain(Console& console, const OpenedImage& opened, const OpenBoard& board, support::Error error) {
    const auto& fault = board.client.lastFault();
    if (error.kind == ErrorKind::Board && fault && link::isRejection(fault->status)) {
        error.kind = ErrorKind::Script;
        error.message =
            "the board rejects the script: " +
            faultSentence({fault->status, fault->insnIndex, fault->detail}, &opened, regionsOf(opened.image));
    }
    return console.fail(error);
}

int deploy(Console& console, const Options& options) {
    const Interrupt interrupt;
    bool failed = false;
    const auto opened = findImage(console, options.what, failed);
    if (!opened) {
        return console.fail(opened.error());
    }
    if (failed) {
        return kScriptFault;
    }
    auto board = openBoard(console, options.board, interrupt.token());
    if (!board) {
        return console.fail(board.error());
    }
    const auto started = std::chrono::steady_clock::now();
    link::Options request;
    request.stop = interrupt.token();
    const auto info = board->client.info(request);
    if (!info) {
        return console.fail(info.error());
    }
    if (const auto fits = checkFits(*opened, *info); !fits) {
        return console.fail(fits.error());
    }
    const auto slots = board->client.slots(request);
    if (!slots) {
        return console.fail(slots.error());
    }
    const auto slot = chooseSlot(*slots, opened->image, options.slot);
    if (!slot) {
        return console.fail(slot.error());
    }
    {
        Progress progress(console, fmt::format("deploying to slot {}", *slot));
        request.progress = [&](std::size_t done, std::size_t total) { progress.show(done, total); };
        const auto installed = board->client.install(*slot, opened->image.bytes, request);
        progress.clear();
        if (!installed) {
            return explain(console, *opened, *board, installed.error());
        }
    }
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
    rememberBuild(*opened);
    const image::Image& image = opened->image;
    const auto list = answers(*board, image);
    if (console.json) {
        console.printJson({{"board", board->record.id},
                           {"slot", *slot},
                           {"name", image.name},
                           {"version", image.version},
                           {"bytes", image.bytes.size()},
                           {"ms", took.count()},
                           {"answers", list}});
        return kFine;
    }
    std::string text =
        fmt::format("deployed {} ({} B) to {} slot {} in {} ms",
                    image.name.empty() ? opened->path.filename().string() : image.name + " " + image.version,
                    image.bytes.size(), board->record.id, *slot, took.count());
    for (std::size_t i = 0; i < list.size(); ++i) {
        text += (i == 0 ? "; answers " : ", ") + list[i];
    }
    console.print(text + "\n");
    return kFine;
}

} // namespace

void addDeployCommand(Registry& registry) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = registry.add("deploy", "Build a project if needed and install it on a board",
                                     "rbpf deploy demo --board native");
    command->add_option("what", options->what, "A project's folder or an image; the current folder if left out");
    boardOption(command, options->board);
    command
        ->add_option("--slot", options->slot,
                     "Slot; the one with the same script, else the first empty one if left out")
        ->check(CLI::NonNegativeNumber);
    registry.json(command);
    registry.run(command, [options](Console& console) { return deploy(console, *options); });
}

} // namespace rbpf::cli
