// SPDX-License-Identifier: LGPL-2.1-or-later
// Requests to their handlers, the debugger's seat, and what is told of image and container.
#include "rbpf_agent/debug.hpp"

#include <string.h>

#include "rbpf_agent/text.hpp"
#include "rbpf_agent/timing.hpp"
#include "rbpf_vm/instruction.hpp"

namespace rbpf::agent {

using vm::kSlotBytes;

/// The first row whose name a request begins with is its row: longer names before their beginnings.
const Debugger::Row Debugger::kRows[] = {
    {"?", &Debugger::why, Needs::Nothing},
    {"g", &Debugger::readRegisters, Needs::Attached},
    {"G", &Debugger::writeRegisters, Needs::Run},
    {"p", &Debugger::readRegister, Needs::Attached},
    {"P", &Debugger::writeRegister, Needs::Run},
    {"m", &Debugger::readMemory, Needs::Attached},
    {"M", &Debugger::writeHex, Needs::Halted},
    {"X", &Debugger::writeBinary, Needs::Halted},
    {"Z", &Debugger::setPoint, Needs::Attached},
    {"z", &Debugger::clearPoint, Needs::Attached},
    {"vCont?", &Debugger::actionsKnown, Needs::Nothing},
    {"vCont;", &Debugger::actions, Needs::Halted},
    {"c", &Debugger::goOn, Needs::Halted},
    {"s", &Debugger::step, Needs::Halted},
    {"H", &Debugger::chooseThread, Needs::Nothing},
    {"T", &Debugger::isThread, Needs::Nothing},
    {"D", &Debugger::detach, Needs::Nothing},
    {"k", &Debugger::kill, Needs::Nothing},
    {"vAttach;", &Debugger::attachTo, Needs::Nothing},
    {"vRbpfTake", &Debugger::take, Needs::Nothing},
    {"qSupported", &Debugger::supported, Needs::Nothing},
    {"QStartNoAckMode", &Debugger::noAck, Needs::Nothing},
    {"qAttached", &Debugger::attachedAlready, Needs::Nothing},
    {"qC", &Debugger::currentThread, Needs::Attached},
    {"qfThreadInfo", &Debugger::threads, Needs::Nothing},
    {"qsThreadInfo", &Debugger::noMoreThreads, Needs::Nothing},
    {"qXfer:features:read:target.xml:", &Debugger::targetXml, Needs::Nothing},
    {"qXfer:memory-map:read::", &Debugger::memoryMap, Needs::Attached},
    {"qRcmd,", &Debugger::monitor, Needs::Nothing},
    {"qRbpfImage", &Debugger::image, Needs::Attached},
    {"qRbpfFrames", &Debugger::frames, Needs::Attached},
    {"qRbpfRegions", &Debugger::regions, Needs::Attached},
    {"QRbpfStop:", &Debugger::stopOn, Needs::Nothing},
    {"QRbpfHold:", &Debugger::hold, Needs::Nothing},
    {"QRbpfHistory:", &Debugger::history, Needs::Nothing},
};

void Debugger::receive(wire::Bytes payload) {
    constexpr uint8_t kInterrupt = 3;
    const bool single = payload.size == 1;
    if (single && payload.data[0] == '+') {
        heardMs_ = port_.nowMs();
        return;
    }
    if (single && payload.data[0] == kInterrupt) {
        heardMs_ = port_.nowMs();
        interrupt();
        return;
    }
    // Whoever asks again has given up on the reply before.
    wire::RspReader in(payload);
    wire::RspWriter out(memory_.packet, memory_.packetBytes);
    const Reply reply = answer(in, out);
    static constexpr const char* kTexts[] = {"OK", "E01", "E02", "E0e", "E1c"};
    if (reply == Reply::Later) {
        replyBytes_ = 0;
        stopOwed_ = true;
    } else {
        const Reply verdict = out.overflowed() ? Reply::Full : reply;
        if (verdict != Reply::Written) {
            out = wire::RspWriter(memory_.packet, memory_.packetBytes);
            out.text(kTexts[static_cast<unsigned>(verdict) - static_cast<unsigned>(Reply::Ok)]);
        }
        replyBytes_ = static_cast<uint32_t>(out.bytes().size) + 1; // an empty reply is one, too
    }
    tend();
}

Debugger::Reply Debugger::answer(wire::RspReader& in, wire::RspWriter& out) {
    for (const Row& row : kRows) {
        if (!in.take(row.name)) {
            continue;
        }
        if (row.handler != &Debugger::supported) {
            heardMs_ = port_.nowMs();
        }
        return has(row.needs) ? (this->*row.handler)(in, out) : Reply::State;
    }
    return Reply::Written; // unknown: the empty reply
}

bool Debugger::has(Needs needs) const {
    return needs == Needs::Nothing ||
           (slot_ != kNobody &&
            (needs == Needs::Attached || (halted_ && (needs == Needs::Halted || attached().running))));
}

void Debugger::sendReply() {
    if (replyBytes_ != 0 && out_.debug({memory_.packet, replyBytes_ - 1}, true)) {
        replyBytes_ = 0;
    }
}

Debugger::Reply Debugger::supported(wire::RspReader& in, wire::RspWriter& out) {
    uint32_t session = 0;
    in.take(':');
    while (!in.atEnd()) {
        wire::RspReader feature(in.until(';'));
        if (feature.take("rbpf-session=") && !feature.number(session)) {
            return Reply::Malformed;
        }
    }
    const uint32_t now = port_.nowMs();
    const bool same = session != 0 && session == session_;
    if (seatTaken_ && !same) {
        if (!due(now, heardMs_ + RBPF_SEAT_MS)) {
            out.text("E.held");
            return Reply::Written;
        }
        resetSettings();
    }
    seatTaken_ = true;
    session_ = session;
    heardMs_ = now;
    const uint32_t size = memory_.packetBytes < memory_.receiveBytes ? memory_.packetBytes : memory_.receiveBytes;
    out.text("PacketSize=").number(size);
    out.text(";vContSupported+;QStartNoAckMode+;swbreak+;hwbreak+;qXfer:features:read+;qXfer:memory-map:read+");
    return Reply::Written;
}

Debugger::Reply Debugger::take(wire::RspReader& in, wire::RspWriter&) {
    uint32_t session = 0;
    if (in.take(':') && !in.number(session)) {
        return Reply::Malformed;
    }
    taken_ = seatTaken_ && session != session_;
    session_ = session;
    seatTaken_ = true;
    resetSettings();
    return Reply::Ok;
}

/// What one workstation has set up must not surprise the next one.
void Debugger::resetSettings() {
    pointCount_ = 0;
    memset(bindingMask_, 0, sizeof bindingMask_);
    keyCount_ = 0;
    stopMask_ = RBPF_STOP_FAULT;
    holdMs_ = 0;
    history_ = false;
    recording_ = false;
    note_ = Note::None;
    stopOwed_ = false;
    update();
}

Debugger::Reply Debugger::noAck(wire::RspReader&, wire::RspWriter&) {
    return Reply::Ok;
}

Debugger::Reply Debugger::attachedAlready(wire::RspReader&, wire::RspWriter& out) {
    out.put('1'); // to something that was there before: GDB detaches in the end and does not kill
    return Reply::Written;
}

Debugger::Reply Debugger::currentThread(wire::RspReader&, wire::RspWriter& out) {
    out.text("QC").number(slot_ + 1u);
    return Reply::Written;
}

Debugger::Reply Debugger::threads(wire::RspReader&, wire::RspWriter& out) {
    char separator = 'm';
    for (uint32_t i = 0; i < memory_.slots; ++i) {
        if (slot_ != kNobody ? slot_ == i : memory_.slot[i].loaded) {
            out.put(separator).number(i + 1);
            separator = ',';
        }
    }
    if (separator == 'm') {
        out.put('l');
    }
    return Reply::Written;
}

Debugger::Reply Debugger::noMoreThreads(wire::RspReader&, wire::RspWriter& out) {
    out.put('l');
    return Reply::Written;
}

/// Ours, "any" (0) or "all" (-1).
bool Debugger::ownThread(wire::RspReader& in) const {
    uint32_t thread = 0;
    return in.take("-1") || (in.number(thread) && (thread == 0 || (slot_ != kNobody && thread == slot_ + 1u)));
}

Debugger::Reply Debugger::isThread(wire::RspReader& in, wire::RspWriter&) {
    return ownThread(in) ? Reply::Ok : Reply::Malformed;
}

Debugger::Reply Debugger::chooseThread(wire::RspReader& in, wire::RspWriter&) {
    return (in.take('g') || in.take('c')) && ownThread(in) ? Reply::Ok : Reply::Malformed;
}

namespace {

/// A piece of a text that `write` makes: "m…" and the last one "l…". The texts have nothing to escape.
template <typename Write>
bool transfer(wire::RspReader& in, wire::RspWriter& out, const Write& write) {
    uint32_t offset = 0;
    uint32_t length = 0;
    if (!in.pair(offset, length) || !in.atEnd()) {
        return false;
    }
    uint8_t piece[64];
    length = length < sizeof piece ? length : sizeof piece;
    TextWriter text(piece, length, offset);
    write(text);
    out.put(offset + text.size() < text.total() ? 'm' : 'l');
    for (size_t i = 0; i < text.size(); ++i) {
        out.put(static_cast<char>(piece[i]));
    }
    return true;
}

} // namespace

Debugger::Reply Debugger::targetXml(wire::RspReader& in, wire::RspWriter& out) {
    const auto write = [](TextWriter& text) {
        text.text("<target version=\"1.0\"><architecture>bpf</architecture></target>");
    };
    return transfer(in, out, write) ? Reply::Written : Reply::Malformed;
}

/// Where the regions of a run can lie; those of the next run are not known yet.
Debugger::Reply Debugger::memoryMap(wire::RspReader& in, wire::RspWriter& out) {
    const uint32_t textBytes = attached().image.textBytes;
    const auto write = [textBytes](TextWriter& text) {
        text.text("<memory-map><memory type=\"rom\" start=\"0\" length=\"").hex(textBytes);
        text.text("\"/><memory type=\"ram\" start=\"0x10000000\" length=\"0xf0000000\"/></memory-map>");
    };
    return transfer(in, out, write) ? Reply::Written : Reply::Malformed;
}

Debugger::Reply Debugger::image(wire::RspReader&, wire::RspWriter& out) {
    static constexpr uint8_t kNone[RBPF_BUILD_ID_BYTES] = {};
    const rbpf_image_t& image = attached().image;
    out.hexBytes(image.isFemto != 0 ? kNone : image.bytes + offsetof(rbpf_image_header_t, buildId), sizeof kNone);
    out.put(',').number(slot_).put(',').number(image.stackBytes).put(',');
    out.number(image.dataBytes + image.bssBytes).put(',').number(image.budget);
    return Reply::Written;
}

Debugger::Reply Debugger::frames(wire::RspReader& in, wire::RspWriter& out) {
    constexpr size_t kRecordMax = 8 + 1 + 8 + 4 * 17 + 1;
    uint32_t first = 0;
    if (in.take(':') && !in.number(first)) {
        return Reply::Malformed;
    }
    const rbpf_container_t& c = container();
    for (uint32_t level = first; level < c.depth && (level == first || out.room() >= kRecordMax); ++level) {
        const rbpf_frame_t& frame = c.frame[c.depth - 1 - level];
        out.number(frame.returnPc * kSlotBytes).put(',').number(frame.frame);
        for (const uint64_t saved : frame.saved) {
            out.put(',').number(saved);
        }
        if (level + 1u < c.depth) {
            out.put(';');
        }
    }
    return Reply::Written;
}

Debugger::Reply Debugger::regions(wire::RspReader&, wire::RspWriter& out) {
    const rbpf_container_t& c = container();
    bool first = true;
    for (unsigned i = 0; i < RBPF_REGION_COUNT; ++i) {
        const rbpf_region_t& region = c.region[i];
        if (region.readBytes != 0) {
            if (!first) {
                out.put(';');
            }
            first = false;
            out.number(i).put(',').number(region.readBytes).put(',').put(region.writeBytes != 0 ? '3' : '1');
        }
    }
    return Reply::Written;
}

} // namespace rbpf::agent
