// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that look and change (GDB manual, appendix E, "Packets"); those that move: gdb_session_run.cpp.
#include "debugger/gdbserver/gdb_session.hpp"

#include <fmt/format.h>

#include "debugger/rsp/text_fields.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::gdbserver {

using rsp::hexNumber;
using support::ErrorKind;
using support::fail;
using Answer = GdbSession::Answer;

namespace {

constexpr std::size_t kPacketBytes = 0x1000;
constexpr std::uint32_t kMostRead = kPacketBytes / 2;

tl::unexpected<support::Error> malformed() {
    return fail(ErrorKind::Board, "GDB's request cannot be read");
}

tl::unexpected<support::Error> pastIsFixed() {
    return fail(ErrorKind::Board, "the past cannot be changed; `continue` goes back to the present");
}

Answer answer(std::string text) {
    return std::optional<std::string>(std::move(text));
}

Answer ok() {
    return answer("OK");
}

/// "ADDRESS,SIZE"
struct Span {
    std::uint32_t address = 0, size = 0;
};
std::optional<Span> readSpan(std::string_view text) {
    rsp::NumberList numbers(text);
    Span span;
    span.address = static_cast<std::uint32_t>(numbers.next()); // the high half of a pointer means nothing here
    span.size = numbers.next32();
    return numbers.ok() ? std::optional<Span>(span) : std::nullopt;
}

} // namespace

/// What GDB may ask, by what a request begins with; the first row that fits serves. Everything else is answered "":
/// GDB then does without.
struct GdbSession::Row {
    std::string_view name;
    bool whole;      ///< nothing may follow the name
    bool needsBoard; ///< cannot be answered while the link is lost
    Answer (GdbSession::*serve)(std::string_view text);
};

const GdbSession::Row GdbSession::kRows[] = {
    {"qSupported", false, false, &GdbSession::supported},
    {"QStartNoAckMode", true, false, &GdbSession::noAck},
    {"qXfer:", false, true, &GdbSession::transfer},
    {"qRcmd,", false, true, &GdbSession::monitor},
    {"qAttached", false, false, &GdbSession::isAttached},
    {"qC", true, false, &GdbSession::currentThread},
    {"qfThreadInfo", true, false, &GdbSession::firstThreads},
    {"qsThreadInfo", true, false, &GdbSession::moreThreads},
    {"vCont", false, false, &GdbSession::actions},
    {"vKill", false, false, &GdbSession::kill},
    {"bs", true, false, &GdbSession::reverseStep},
    {"bc", true, false, &GdbSession::reverseContinue},
    {"?", true, false, &GdbSession::why},
    {"g", true, false, &GdbSession::readRegisters},
    {"G", false, true, &GdbSession::writeRegisters},
    {"p", false, false, &GdbSession::readRegister},
    {"P", false, true, &GdbSession::writeRegister},
    {"m", false, true, &GdbSession::readMemory},
    {"M", false, true, &GdbSession::writeMemory},
    {"X", false, true, &GdbSession::writeBinary},
    {"Z", false, false, &GdbSession::insertPoint},
    {"z", false, false, &GdbSession::removePoint},
    {"c", false, false, &GdbSession::resume},
    {"C", false, false, &GdbSession::resume},
    {"s", false, false, &GdbSession::step},
    {"S", false, false, &GdbSession::step},
    {"D", false, false, &GdbSession::detach},
    {"k", false, false, &GdbSession::kill},
    {"H", false, false, &GdbSession::fine},
    {"T", false, false, &GdbSession::fine},
};

Answer GdbSession::dispatch(std::string_view payload) {
    for (const Row& row : kRows) {
        if (row.whole ? payload == row.name : payload.starts_with(row.name)) {
            if (lost_ && row.needsBoard) {
                return fail(ErrorKind::Board, "the board is not connected; it is looked for");
            }
            return (this->*row.serve)(payload.substr(row.name.size()));
        }
    }
    return answer("");
}

void GdbSession::request(const std::string& payload) {
    const auto found = dispatch(payload);
    if (!found) {
        // "E.words" is shown by GDB where it shows anything.
        gdb_.send("E." + found.error().message);
        if (found.error().kind == ErrorKind::Link) {
            lose(found.error());
        }
    } else if (*found) {
        gdb_.send(**found);
    }
}

Answer GdbSession::supported(std::string_view) {
    return answer(fmt::format("PacketSize={:x};QStartNoAckMode+;vContSupported+;qXfer:features:read+;"
                              "qXfer:memory-map:read+{}",
                              kPacketBytes, past_ ? ";ReverseStep+;ReverseContinue+" : ""));
}

Answer GdbSession::noAck(std::string_view) {
    gdb_.send("OK");
    gdb_.stopAcknowledging();
    return std::optional<std::string>();
}

Answer GdbSession::fine(std::string_view) {
    return ok();
}

/// Yes, so that GDB detaches instead of killing when it ends.
Answer GdbSession::isAttached(std::string_view) {
    return answer("1");
}

// The one container is the one thread.
Answer GdbSession::currentThread(std::string_view) {
    return answer(fmt::format("QC{:x}", options_.slot + 1));
}

Answer GdbSession::firstThreads(std::string_view) {
    return answer(fmt::format("m{:x}", options_.slot + 1));
}

Answer GdbSession::moreThreads(std::string_view) {
    return answer("l");
}

support::Result<const session::MachineState*> GdbSession::pastState() {
    if (!pastState_) {
        auto state = past_->state();
        if (!state) {
            return tl::unexpected(state.error());
        }
        pastState_ = std::move(*state);
    }
    return &*pastState_;
}

support::Result<rsp::Registers> GdbSession::registers() {
    if (!inPast()) {
        return live_.reg;
    }
    return pastState().map([](const session::MachineState* state) {
        rsp::Registers registers{};
        std::copy(std::begin(state->reg), std::end(state->reg), registers.begin());
        registers[rsp::kRegisterPc] = state->pc;
        return registers;
    });
}

Answer GdbSession::why(std::string_view) {
    if (board_.running()) {
        waiting_ = true;
        return std::optional<std::string>();
    }
    rsp::StopReply stop = live_;
    const auto found = registers();
    if (!found) {
        return tl::unexpected(found.error());
    }
    stop.reg = *found;
    return answer(stopText(stop));
}

Answer GdbSession::readRegisters(std::string_view) {
    return registers().map([](const rsp::Registers& found) { return std::optional(rsp::registersText(found)); });
}

Answer GdbSession::readRegister(std::string_view text) {
    const auto number = hexNumber(text);
    if (!number || *number >= rsp::kRegisterCount) {
        return malformed();
    }
    return registers().map([&](const rsp::Registers& found) {
        return std::optional(rsp::littleEndianText(found[*number], rsp::registerBytes(static_cast<int>(*number))));
    });
}

Answer GdbSession::writeRegister(std::string_view text) {
    const auto number = hexNumber(rsp::cutField(text, '='));
    const auto value = rsp::littleEndian(text);
    if (!number || *number >= rsp::kRegisterCount || !value) {
        return malformed();
    }
    if (inPast()) {
        return pastIsFixed();
    }
    if (auto done = board_.setRegister(static_cast<int>(*number), *value); !done) {
        return tl::unexpected(done.error());
    }
    live_.reg[*number] = *value;
    if (recorder_) {
        recorder_->setRegister(static_cast<int>(*number), *value);
    }
    return ok();
}

Answer GdbSession::writeRegisters(std::string_view text) {
    const auto wanted = rsp::parseRegisters(text);
    if (!wanted) {
        return malformed();
    }
    for (std::size_t number = 0; number < wanted->size(); ++number) {
        if ((*wanted)[number] == live_.reg[number] && !inPast()) {
            continue;
        }
        const std::string one = fmt::format(
            "{:x}={}", number, rsp::littleEndianText((*wanted)[number], rsp::registerBytes(static_cast<int>(number))));
        if (auto done = writeRegister(one); !done) {
            return done;
        }
    }
    return ok();
}

support::Result<std::vector<std::uint8_t>> GdbSession::memory(std::uint32_t address, std::uint32_t size) {
    const std::uint32_t region = address >> RBPF_REGION_SHIFT, offset = address & RBPF_OFFSET_MASK;
    if (!inPast() || region == RBPF_REGION_TEXT) { // text is the same at all times
        return board_.readMemory(address, size);
    }
    const auto state = pastState();
    if (!state) {
        return tl::unexpected(state.error());
    }
    for (const session::MachineState::Memory& found : (*state)->regions) {
        if (found.index == static_cast<int>(region) && offset < found.bytes.size()) {
            const auto from = found.bytes.begin() + offset;
            return std::vector<std::uint8_t>(from, from + std::min<std::ptrdiff_t>(size, found.bytes.end() - from));
        }
    }
    return fail(ErrorKind::Board, "there was no memory at this address then");
}

Answer GdbSession::readMemory(std::string_view text) {
    const auto span = readSpan(text);
    if (!span) {
        return malformed();
    }
    const auto bytes = memory(span->address, std::min(span->size, kMostRead));
    if (!bytes) {
        // GDB probes addresses that are none; it wants a short answer, not a sentence.
        return bytes.error().kind == ErrorKind::Link ? Answer(tl::unexpected(bytes.error())) : answer("E0e");
    }
    return answer(support::toHex(*bytes));
}

Answer GdbSession::store(std::uint32_t address, const std::vector<std::uint8_t>& bytes) {
    if (inPast()) {
        return pastIsFixed();
    }
    if (bytes.empty()) {
        return ok(); // GDB asks in this way whether X is known
    }
    if (auto done = board_.writeMemory(address, bytes); !done) {
        return tl::unexpected(done.error());
    }
    if (recorder_) {
        recorder_->wroteMemory(address, bytes);
    }
    return ok();
}

Answer GdbSession::writeMemory(std::string_view text) {
    const auto span = readSpan(rsp::cutField(text, ':'));
    const auto bytes = support::fromHex(text);
    return span && bytes && bytes->size() == span->size ? store(span->address, *bytes) : malformed();
}

Answer GdbSession::writeBinary(std::string_view text) {
    const auto span = readSpan(rsp::cutField(text, ':'));
    const auto bytes = rsp::unescape(text);
    return span && bytes && bytes->size() == span->size ? store(span->address, *bytes) : malformed();
}

Answer GdbSession::setPoint(std::string_view text, bool insert) {
    const auto kind = hexNumber(rsp::cutField(text, ','));
    const auto span = readSpan(rsp::cutField(text, ';'));
    if (!kind || *kind > 4 || !span) {
        return malformed();
    }
    // GDB asks for hardware breakpoints (1) where the memory map says read-only; here they are all the same.
    Points::Entry entry{static_cast<rsp::Point>(*kind == 1 ? 0 : *kind), span->address, span->size};
    auto done = insert ? board_.insertPoint(entry.kind, entry.address, entry.size)
                       : board_.removePoint(entry.kind, entry.address, entry.size);
    if (!done) {
        return tl::unexpected(done.error());
    }
    if (insert) {
        points_.insert(entry);
    } else {
        points_.remove(entry);
    }
    return ok();
}

Answer GdbSession::insertPoint(std::string_view text) {
    return setPoint(text, true);
}

Answer GdbSession::removePoint(std::string_view text) {
    return setPoint(text, false);
}

Answer GdbSession::monitor(std::string_view text) {
    const auto command = support::fromHex(text);
    if (!command) {
        return malformed();
    }
    const std::string_view words(reinterpret_cast<const char*>(command->data()), command->size());
    const auto said = gdbserver::monitor(words, board_, live_, monitor_);
    if (!said) {
        return tl::unexpected(said.error());
    }
    return answer(said->empty() ? "OK"
                                : support::toHex({reinterpret_cast<const std::uint8_t*>(said->data()), said->size()}));
}

Answer GdbSession::transfer(std::string_view text) {
    return answer(transferred(text));
}

} // namespace rbpf::gdbserver
