// SPDX-License-Identifier: GPL-3.0-or-later
// Payloads of replies to values (GDB manual, appendix E; vendor replies: <rbpf/debug.h>).
#include <algorithm>

#include <fmt/format.h>

#include "debugger/rsp/packets.hpp"
#include "debugger/rsp/text_fields.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::rsp {

using support::ErrorKind;
using support::fail;

namespace {

constexpr std::size_t kShownBytes = 40;

/// The payload for an error message: bytes that a terminal cannot show as dots, cut.
std::string shown(std::string_view payload) {
    std::string text(payload.substr(0, kShownBytes));
    std::replace_if(text.begin(), text.end(), [](char byte) { return byte < 0x20 || byte > 0x7e; }, '.');
    return payload.size() > kShownBytes ? text + "…" : text;
}

tl::unexpected<support::Error> nonsense(const char* what, std::string_view payload) {
    return fail(ErrorKind::Board, fmt::format("the board's {} cannot be read: \"{}\"", what, shown(payload)),
                "is its firmware older or newer than this program? `rbpf boards` shows it");
}

std::optional<Point> watchpointNamed(std::string_view name) {
    if (name == "watch") {
        return Point::Write;
    }
    if (name == "rwatch") {
        return Point::Read;
    }
    if (name == "awatch") {
        return Point::Access;
    }
    return std::nullopt;
}

/// "CAUSE,INSTRUCTIONS,STATUS,DETAIL"
bool readVendorPart(StopReply& stop, std::string_view text) {
    NumberList numbers(text);
    stop.cause = static_cast<rbpf_cause_t>(numbers.next(RBPF_CAUSE_GONE));
    stop.instructions = numbers.next();
    stop.status = -static_cast<int>(numbers.next(127));
    stop.detail = numbers.next32();
    return numbers.ok();
}

/// One "NAME:VALUE" of a stop reply; fields of other stubs are let pass.
bool readStopField(StopReply& stop, std::string_view name, std::string_view value, std::uint32_t& registersSeen) {
    if (name == "thread") {
        const auto thread = hexNumber(value);
        stop.slot = thread && *thread > 0 ? static_cast<std::uint32_t>(*thread - 1) : 0;
        return thread && *thread > 0 && *thread <= 0xffff;
    }
    if (name == "rbpf") {
        return readVendorPart(stop, value);
    }
    if (const auto point = watchpointNamed(name)) {
        const auto address = hexNumber(value);
        stop.watched = StopReply::Watched{*point, static_cast<std::uint32_t>(address.value_or(0))};
        return address && *address <= 0xffffffffU;
    }
    const auto number = name.size() == 2 ? hexNumber(name) : std::nullopt;
    if (number && *number < kRegisterCount) {
        const auto content = littleEndian(value);
        stop.reg[*number] = content.value_or(0);
        registersSeen |= 1U << *number;
        return content && value.size() == 2 * static_cast<std::size_t>(registerBytes(static_cast<int>(*number)));
    }
    return true;
}

} // namespace

std::optional<support::Error> parseError(std::string_view payload) {
    if (payload.empty()) {
        return support::Error{ErrorKind::Board, "the board does not know this request", ""};
    }
    if (payload == "E.held") {
        return support::Error{ErrorKind::Board, "another debugger is attached to this board (held)",
                              "detach it there, or take the seat from it"};
    }
    if (payload == "E02") {
        return support::Error{ErrorKind::Board, "the board cannot do that now (E02): no script is attached, or it runs",
                              ""};
    }
    if (payload == "E0e") {
        return support::Error{ErrorKind::Board, "the address lies outside of the script's memory (E0e)", ""};
    }
    if (payload == "E1c") {
        return support::Error{ErrorKind::Board, "the board has no room for another breakpoint (E1c)",
                              "remove one that is no longer needed"};
    }
    if (payload.starts_with("E.")) {
        return support::Error{ErrorKind::Board, "the board refuses: " + shown(payload.substr(2)), ""};
    }
    if (payload.size() == 3 && payload[0] == 'E' && hexNumber(payload.substr(1))) {
        return support::Error{ErrorKind::Board, fmt::format("the board refuses (error {})", payload.substr(1)), ""};
    }
    return std::nullopt;
}

support::Result<void> parseOk(std::string_view payload) {
    if (payload == "OK") {
        return {};
    }
    if (auto error = parseError(payload)) {
        return tl::unexpected(*error);
    }
    return nonsense("answer", payload);
}

support::Result<StopReply> parseStop(std::string_view payload) {
    if (auto error = parseError(payload)) {
        return tl::unexpected(*error);
    }
    const auto signal = payload.size() >= 3 && payload[0] == 'T' ? hexNumber(payload.substr(1, 2)) : std::nullopt;
    if (!signal) {
        return nonsense("stop reply", payload);
    }
    StopReply stop;
    stop.signal = static_cast<int>(*signal);
    std::uint32_t registersSeen = 0;
    std::string_view rest = payload.substr(3);
    while (!rest.empty()) {
        std::string_view value = cutField(rest, ';');
        const std::string_view name = cutField(value, ':');
        if (!readStopField(stop, name, value, registersSeen)) {
            return nonsense("stop reply", payload);
        }
    }
    if (registersSeen != (1U << kRegisterCount) - 1) {
        return nonsense("stop reply", payload);
    }
    return stop;
}

support::Result<Features> parseFeatures(std::string_view payload) {
    if (auto error = parseError(payload)) {
        return tl::unexpected(*error);
    }
    constexpr std::string_view kPacketSize = "PacketSize=";
    constexpr std::uint64_t kLeast = 64, kMost = 65536;
    Features features;
    while (!payload.empty()) {
        const std::string_view feature = cutField(payload, ';');
        if (feature.starts_with(kPacketSize)) {
            const auto size = hexNumber(feature.substr(kPacketSize.size()));
            if (!size) {
                return nonsense("list of features", feature);
            }
            features.packetBytes = std::clamp(*size, kLeast, kMost);
        }
    }
    return features;
}

support::Result<Registers> parseRegisters(std::string_view payload) {
    if (auto error = parseError(payload)) {
        return tl::unexpected(*error);
    }
    Registers registers{};
    std::size_t at = 0;
    for (int number = 0; number < kRegisterCount; ++number) {
        const std::size_t digits = 2 * static_cast<std::size_t>(registerBytes(number));
        const auto value = at + digits <= payload.size() ? littleEndian(payload.substr(at, digits)) : std::nullopt;
        if (!value) {
            return nonsense("register list", payload);
        }
        registers[static_cast<std::size_t>(number)] = *value;
        at += digits;
    }
    return at == payload.size() ? support::Result<Registers>(registers) : nonsense("register list", payload);
}

std::string registersText(const Registers& registers) {
    std::string text;
    for (int number = 0; number < kRegisterCount; ++number) {
        text += littleEndianText(registers[static_cast<std::size_t>(number)], registerBytes(number));
    }
    return text;
}

support::Result<std::vector<std::uint8_t>> parseHex(std::string_view payload) {
    if (auto error = parseError(payload)) {
        return tl::unexpected(*error);
    }
    auto bytes = support::fromHex(payload);
    if (!bytes) {
        return nonsense("answer", payload);
    }
    return *bytes;
}

support::Result<ImageInfo> parseImage(std::string_view payload) {
    if (auto error = parseError(payload)) {
        return tl::unexpected(*error);
    }
    std::string_view rest = payload;
    const auto id = support::fromHex(cutField(rest, ','));
    NumberList numbers(rest);
    ImageInfo image;
    image.slot = numbers.next32();
    image.stackBytes = numbers.next32();
    image.dataBytes = numbers.next32();
    image.budget = numbers.next32();
    if (!id || id->size() != image.buildId.size() || !numbers.ok()) {
        return nonsense("description of its image", payload);
    }
    std::copy(id->begin(), id->end(), image.buildId.begin());
    return image;
}

support::Result<std::vector<FrameInfo>> parseFrames(std::string_view payload, bool& more) {
    std::vector<FrameInfo> frames;
    more = payload.ends_with(';');
    if (payload.empty()) {
        return frames;
    }
    if (auto error = parseError(payload)) {
        return tl::unexpected(*error);
    }
    std::string_view rest = payload;
    while (!rest.empty()) {
        NumberList numbers(cutField(rest, ';'));
        FrameInfo frame;
        frame.returnPc = numbers.next32();
        frame.framePointer = numbers.next32();
        for (std::uint64_t& saved : frame.saved) {
            saved = numbers.next();
        }
        if (!numbers.ok()) {
            return nonsense("call stack", payload);
        }
        frames.push_back(frame);
    }
    return frames;
}

support::Result<std::vector<RegionInfo>> parseRegions(std::string_view payload) {
    if (auto error = parseError(payload)) {
        return tl::unexpected(*error);
    }
    std::vector<RegionInfo> regions;
    std::string_view rest = payload;
    while (!rest.empty()) {
        NumberList numbers(cutField(rest, ';'));
        RegionInfo region;
        region.index = static_cast<int>(numbers.next(15));
        region.size = numbers.next32();
        region.access = static_cast<int>(numbers.next(3));
        if (!numbers.ok()) {
            return nonsense("list of regions", payload);
        }
        regions.push_back(region);
    }
    return regions;
}

std::string gdbStopText(const StopReply& stop) {
    std::string text = fmt::format("T{:02x}", stop.signal & 0xff);
    for (int number = 0; number < kRegisterCount; ++number) {
        text += fmt::format("{:02x}:{};", number,
                            littleEndianText(stop.reg[static_cast<std::size_t>(number)], registerBytes(number)));
    }
    text += fmt::format("thread:{:x};", stop.slot + 1);
    if (stop.watched) {
        const char* name = stop.watched->point == Point::Write  ? "watch"
                           : stop.watched->point == Point::Read ? "rwatch"
                                                                : "awatch";
        text += fmt::format("{}:{:x};", name, stop.watched->address);
    }
    return text;
}

} // namespace rbpf::rsp
