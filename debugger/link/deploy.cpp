// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/link/deploy.hpp"

#include <algorithm>
#include <fmt/format.h>

#include <rbpf/wire.h>

#include "debugger/link/status_text.hpp"
#include "sdk/image/bindings.hpp"
#include "sdk/image/instruction.hpp"

namespace rbpf::link {

using support::ErrorKind;
using support::Result;

namespace {

/// Where the script first calls a binding: "src/sensor.c:14", else the instruction.
std::string useOf(const image::Image& image, std::uint16_t id, const ScriptWords& words) {
    for (const image::Instruction& in : image::decode(image.text())) {
        if (in.isBindingCall() && static_cast<std::uint32_t>(in.imm) == id) {
            const std::string place = words.place ? words.place(in.index) : std::string();
            return " used at " + (place.empty() ? fmt::format("instruction {}", in.index) : place);
        }
    }
    return {};
}

Result<void> checkProtocol(const BoardInfo& board) {
    if (board.protocol == RBPF_PROTOCOL_VERSION) {
        return {};
    }
    return support::fail(ErrorKind::Board,
                         fmt::format("firmware {} on this {} speaks protocol {}, this program speaks {}",
                                     board.firmware, board.board, board.protocol, RBPF_PROTOCOL_VERSION),
                         board.protocol > RBPF_PROTOCOL_VERSION ? "update rBPF Studio" : "update the board's firmware");
}

Result<void> checkBindings(const image::Image& image, const BoardInfo& board, const ScriptWords& words) {
    std::string lacking;
    for (const std::uint16_t id : image.bindings) {
        if (std::ranges::find(board.bindings, id) == board.bindings.end()) {
            const auto name = image::bindingName(id);
            lacking += (lacking.empty() ? "" : ", ") +
                       (name ? std::string(*name) : fmt::format("binding 0x{:02x}", id)) + useOf(image, id, words);
        }
    }
    if (lacking.empty()) {
        return {};
    }
    return support::fail(ErrorKind::Script, fmt::format("firmware {} lacks {}", board.firmware, lacking),
                         "update the board's firmware, or do without");
}

Result<void> checkLimits(const image::Image& image, const BoardInfo& board) {
    struct Limit {
        const char* what;
        std::size_t wanted;
        std::uint32_t allowed; ///< 0 = the board names none
    };
    const Limit limits[] = {{"image", image.bytes.size(), board.imageBytes},
                            {"stack", image.stackBytes, board.stackBytes},
                            {"data and bss", std::size_t{image.dataBytes} + image.bssBytes, board.ramBytes}};
    for (const Limit& limit : limits) {
        if (limit.allowed != 0 && limit.wanted > limit.allowed) {
            return support::fail(ErrorKind::Script, fmt::format("the script's {} takes {} bytes, this {} has {}",
                                                                limit.what, limit.wanted, board.board, limit.allowed));
        }
    }
    return {};
}

/// The board's no in the front end's words where the script is what it objects to.
support::Error explain(const BoardClient& board, const ScriptWords& words, support::Error error) {
    const auto& fault = board.lastFault();
    if (error.kind == ErrorKind::Board && fault && isRejection(fault->status)) {
        error.kind = ErrorKind::Script;
        error.message =
            "the board rejects the script: " + (words.rejection ? words.rejection(*fault) : faultText(*fault));
    }
    return error;
}

} // namespace

Result<void> checkFits(const image::Image& image, const BoardInfo& board, const ScriptWords& words) {
    return checkProtocol(board).and_then([&] { return checkBindings(image, board, words); }).and_then([&] {
        return checkLimits(image, board);
    });
}

Result<std::uint32_t> chooseSlot(const std::vector<SlotInfo>& slots, const image::Image& image,
                                 std::optional<std::uint32_t> wanted) {
    if (wanted) {
        if (std::ranges::find(slots, *wanted, &SlotInfo::slot) != slots.end()) {
            return *wanted;
        }
        return support::fail(ErrorKind::Usage, fmt::format("there is no slot {}", *wanted),
                             fmt::format("the board has {} slots, counted from 0", slots.size()));
    }
    for (const SlotInfo& slot : slots) {
        if (slot.state != "empty" && slot.name == image.name && !image.name.empty()) {
            return slot.slot;
        }
    }
    std::string taken;
    for (const SlotInfo& slot : slots) {
        if (slot.state == "empty") {
            return slot.slot;
        }
        taken += fmt::format("{}{} {}", taken.empty() ? "" : ", ", slot.slot, slot.name);
    }
    return support::fail(ErrorKind::Board, "every slot of the board is taken: " + taken,
                         "--slot N replaces a script, `rbpf remove N` removes one");
}

Result<Deployed> deploy(BoardClient& board, const image::Image& image, const DeployOptions& options) {
    const auto started = std::chrono::steady_clock::now();
    Options request;
    request.stop = options.stop;
    auto info = board.info(request);
    if (!info) {
        return tl::unexpected(info.error());
    }
    if (const auto fits = checkFits(image, *info, options.words); !fits) {
        return tl::unexpected(fits.error());
    }
    const auto slots = board.slots(request);
    if (!slots) {
        return tl::unexpected(slots.error());
    }
    const auto slot = chooseSlot(*slots, image, options.slot);
    if (!slot) {
        return tl::unexpected(slot.error());
    }
    if (options.progress) {
        request.progress = [&](std::size_t done, std::size_t total) { options.progress(*slot, done, total); };
    }
    if (const auto installed = board.install(*slot, image.bytes, request); !installed) {
        return tl::unexpected(explain(board, options.words, installed.error()));
    }
    const auto took = std::chrono::steady_clock::now() - started;
    return Deployed{*slot, std::chrono::duration_cast<std::chrono::milliseconds>(took), std::move(*info)};
}

std::vector<std::string> coapAddresses(const image::Image& image, std::uint16_t coapPort) {
    std::vector<std::string> list;
    for (const image::Entry& entry : image.entries) {
        if (entry.trigger.starts_with("coap/")) {
            const std::string path = entry.trigger.substr(4);
            list.push_back(coapPort != 0 ? fmt::format("coap://127.0.0.1:{}{}", coapPort, path) : path);
        }
    }
    return list;
}

} // namespace rbpf::link
