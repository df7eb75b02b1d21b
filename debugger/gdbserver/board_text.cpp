// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/gdbserver/board_text.hpp"

#include <charconv>

#include <fmt/format.h>

#include "debugger/rsp/text_fields.hpp"

namespace rbpf::gdbserver {

using support::Result;

namespace {

struct Document {
    std::string_view request; ///< behind "qXfer:", up to the offset
    std::string_view text;
};

constexpr Document kDocuments[] = {
    {"features:read:target.xml:", "<target version=\"1.0\"><architecture>bpf</architecture></target>"},
    // Where regions can lie; which of them there are changes with every run.
    {"memory-map:read::", "<memory-map><memory type=\"rom\" start=\"0\" length=\"0x10000000\"/>"
                          "<memory type=\"ram\" start=\"0x10000000\" length=\"0xf0000000\"/></memory-map>"},
};

struct StopWord {
    std::string_view word;
    std::uint32_t bit;
};

constexpr StopWord kStopWords[] = {
    {"entry", RBPF_STOP_ENTRY},     {"fault", RBPF_STOP_FAULT}, {"budget", RBPF_STOP_BUDGET},
    {"binding", RBPF_STOP_BINDING}, {"store", RBPF_STOP_STORE}, {"exit", RBPF_STOP_EXIT},
};

constexpr const char* kHelp = "status\n"
                              "stop [entry] [fault] [budget] [binding] [store] [exit]\n"
                              "hold MILLISECONDS [abort]: how long a script may be halted, 0 = for ever\n";

std::string status(const rsp::RspClient& board, const rsp::StopReply& stop, const MonitorState& state) {
    std::string text = fmt::format("slot {}: {}", state.slot, board.running() ? "going on" : "halted");
    text += stop.cause == RBPF_CAUSE_IDLE ? ", no run in progress"
                                          : fmt::format(", in a run after {} instructions", stop.instructions);
    text += "; stops on";
    for (const StopWord& each : kStopWords) {
        text += (state.stops & each.bit) != 0 ? fmt::format(" {}", each.word) : "";
    }
    return text + "\n";
}

Result<std::string> stopOn(std::string_view words, rsp::RspClient& board, MonitorState& state) {
    std::uint32_t mask = 0;
    while (!words.empty()) {
        const std::string_view word = rsp::cutField(words, ' ');
        std::uint32_t bit = 0;
        for (const StopWord& known : kStopWords) {
            bit = word == known.word ? known.bit : bit;
        }
        if (bit == 0 && !word.empty()) {
            return std::string(kHelp);
        }
        mask |= bit;
    }
    return board.stopOn(mask).map([&] {
        state.stops = mask;
        return std::string();
    });
}

Result<std::string> hold(std::string_view words, rsp::RspClient& board) {
    const std::string_view number = rsp::cutField(words, ' ');
    std::uint32_t ms = 0;
    const char* const end = number.data() + number.size();
    const auto [stop, problem] = std::from_chars(number.data(), end, ms);
    if (number.empty() || problem != std::errc() || stop != end || ms > INT32_MAX ||
        (!words.empty() && words != "abort")) {
        return std::string(kHelp);
    }
    return board.setHold(ms, !words.empty()).map([] { return std::string(); });
}

} // namespace

std::string transferred(std::string_view text) {
    for (const Document& document : kDocuments) {
        if (!text.starts_with(document.request)) {
            continue;
        }
        rsp::NumberList numbers(text.substr(document.request.size()));
        const std::size_t offset = numbers.next32(), length = numbers.next32();
        if (!numbers.ok() || offset > document.text.size()) {
            return "E01";
        }
        const std::string_view rest = document.text.substr(offset);
        return std::string(rest.size() > length ? "m" : "l").append(rest.substr(0, length));
    }
    return "";
}

Result<std::string> monitor(std::string_view command, rsp::RspClient& board, const rsp::StopReply& stop,
                            MonitorState& state) {
    const std::string_view name = rsp::cutField(command, ' ');
    if (name == "status") {
        return status(board, stop, state);
    }
    return name == "stop" ? stopOn(command, board, state) : name == "hold" ? hold(command, board) : std::string(kHelp);
}

} // namespace rbpf::gdbserver
