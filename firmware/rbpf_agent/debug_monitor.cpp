// SPDX-License-Identifier: LGPL-2.1-or-later
// What a person types behind GDB's `monitor`: the settings that GDB has no command for.
#include <string.h>

#include "rbpf_agent/debug.hpp"
#include "rbpf_agent/text.hpp"

namespace rbpf::agent {

namespace {

struct StopWord {
    const char* word;
    uint8_t bit;
};

constexpr StopWord kStopWords[] = {
    {"entry", RBPF_STOP_ENTRY},     {"fault", RBPF_STOP_FAULT}, {"budget", RBPF_STOP_BUDGET},
    {"binding", RBPF_STOP_BINDING}, {"store", RBPF_STOP_STORE}, {"exit", RBPF_STOP_EXIT},
};

constexpr char kHelp[] = "status\n"
                         "stop [entry] [fault] [budget] [binding] [store] [exit]\n"
                         "hold MILLISECONDS [abort]: how long a script may be halted, 0 = for ever\n";

/// All words known: their bits. 0x80 otherwise.
uint8_t stopMask(wire::RspReader& in) {
    uint8_t mask = 0;
    while (!in.atEnd()) {
        const wire::Bytes word = in.until(' ');
        uint8_t bit = word.size == 0 ? 0 : 0x80;
        for (const StopWord& known : kStopWords) {
            bit = word == wire::textBytes(known.word) ? known.bit : bit;
        }
        mask |= bit;
    }
    return mask;
}

} // namespace

Debugger::Reply Debugger::monitor(wire::RspReader& in, wire::RspWriter& out) {
    uint8_t line[80];
    const size_t size = in.rest().size / 2;
    if (size > sizeof line || !in.hexBytes(line, size) || !in.atEnd()) {
        return Reply::Malformed;
    }
    wire::RspReader command({line, size});
    const wire::Bytes name = command.until(' ');
    bool known = true;
    if (name == wire::textBytes("stop")) {
        const uint8_t mask = stopMask(command);
        known = (mask & 0x80) == 0;
        stopMask_ = known ? mask : stopMask_;
    } else if (name == wire::textBytes("hold")) {
        const wire::Bytes number = command.until(' ');
        const wire::Bytes action = command.rest();
        uint32_t ms = 0;
        known = parseNumber(reinterpret_cast<const char*>(number.data), number.size, false, ms) && ms <= INT32_MAX &&
                (action.size == 0 || action == wire::textBytes("abort"));
        holdMs_ = known ? ms : holdMs_;
        holdAborts_ = known ? action.size != 0 : holdAborts_;
    } else if (name == wire::textBytes("status")) {
        uint8_t answer[120];
        TextWriter text(answer, sizeof answer);
        if (slot_ == kNobody) {
            text.text("no script is attached");
        } else {
            text.text("slot ").number(slot_).text(halted_ ? ": halted, " : ": going on, ");
            text.text(attached().running ? "in a run after " : "no run in progress, ");
            text.number(static_cast<int64_t>(container().instructions)).text(" instructions; stops on");
            for (const StopWord& each : kStopWords) {
                if ((stopMask_ & each.bit) != 0) {
                    text.text(" ").text(each.word);
                }
            }
        }
        text.text("\n");
        out.hexBytes(answer, text.size());
        return Reply::Written;
    } else {
        known = false;
    }
    if (known) {
        return Reply::Ok;
    }
    out.hexBytes(kHelp, sizeof kHelp - 1);
    return Reply::Written;
}

} // namespace rbpf::agent
