// SPDX-License-Identifier: GPL-3.0-or-later
// Payloads that begin with '%' to events (<rbpf/debug.h>): a table, one row a notification.
#include <iterator>

#include <fmt/format.h>

#include "debugger/rsp/packets.hpp"
#include "debugger/rsp/text_fields.hpp"

namespace rbpf::rsp {

namespace {

/// "ADDR,{bytes}"; the bytes may hold commas.
template <typename Memory>
std::optional<Event> readMemory(std::string_view text) {
    const auto address = hexNumber(cutField(text, ','));
    auto bytes = unescape(text);
    if (!address || *address > 0xffffffffU || !bytes) {
        return std::nullopt;
    }
    return Memory{static_cast<std::uint32_t>(*address), std::move(*bytes)};
}

std::optional<Event> readStart(std::string_view text) {
    NumberList numbers(text);
    RunStart start;
    start.run = numbers.next32();
    start.entryPc = numbers.next32();
    start.r1 = numbers.next();
    start.r2 = numbers.next();
    start.r10 = numbers.next();
    return numbers.ok() ? std::optional<Event>(start) : std::nullopt;
}

std::optional<Event> readRegion(std::string_view text) {
    NumberList numbers(text);
    RunRegion region;
    region.region.index = static_cast<int>(numbers.next(15));
    region.region.size = numbers.next32();
    region.region.access = static_cast<int>(numbers.next(3));
    return numbers.ok() ? std::optional<Event>(region) : std::nullopt;
}

std::optional<Event> readCall(std::string_view text) {
    NumberList numbers(text);
    BindingCall call;
    call.step = numbers.next();
    call.id = numbers.next32();
    call.result = numbers.next();
    return numbers.ok() ? std::optional<Event>(call) : std::nullopt;
}

std::optional<Event> readEnd(std::string_view text) {
    NumberList numbers(text);
    RunEnd end;
    end.run = numbers.next32();
    end.cause = static_cast<rbpf_cause_t>(numbers.next(RBPF_CAUSE_GONE));
    end.instructions = numbers.next();
    end.result = numbers.next();
    end.status = -static_cast<int>(numbers.next(127));
    end.detail = numbers.next32();
    return numbers.ok() ? std::optional<Event>(end) : std::nullopt;
}

std::optional<Event> readResumed(std::string_view text) {
    NumberList numbers(text);
    Resumed resumed;
    resumed.slot = numbers.next32();
    resumed.aborted = numbers.next(1) != 0;
    return numbers.ok() ? std::optional<Event>(resumed) : std::nullopt;
}

std::optional<Event> readGone(std::string_view text) {
    NumberList numbers(text);
    Gone gone;
    gone.slot = numbers.next32();
    gone.cause = static_cast<rbpf_cause_t>(numbers.next(RBPF_CAUSE_GONE));
    return numbers.ok() ? std::optional<Event>(gone) : std::nullopt;
}

std::optional<Event> readTaken(std::string_view text) {
    NumberList numbers(text);
    const Taken taken{numbers.next32()};
    return numbers.ok() ? std::optional<Event>(taken) : std::nullopt;
}

struct Row {
    std::string_view name;
    std::optional<Event> (*read)(std::string_view text);
};

constexpr Row kRows[] = {
    {"%Start", readStart},
    {"%Region", readRegion},
    {"%Memory", readMemory<RunMemory>},
    {"%Write", readMemory<BindingWrite>},
    {"%Call", readCall},
    {"%End", readEnd},
    {"%Resumed", readResumed},
    {"%Gone", readGone},
    {"%Taken", readTaken},
};

} // namespace

support::Result<Event> parseNotification(std::string_view payload) {
    std::string_view text = payload;
    const std::string_view name = cutField(text, ':');
    for (const Row& row : kRows) {
        if (row.name == name) {
            if (auto event = row.read(text)) {
                return std::move(*event);
            }
            return support::fail(support::ErrorKind::Board,
                                 fmt::format("the board's {} cannot be read", name.substr(1)));
        }
    }
    return support::fail(support::ErrorKind::Board, "the board tells something that this program does not know");
}

} // namespace rbpf::rsp
