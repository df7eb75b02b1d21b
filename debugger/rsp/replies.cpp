// SPDX-License-Identifier: GPL-3.0-or-later
// Payloads of replies and stops to values (<rbpf/debug.h>).
#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "debugger/rsp/fields.hpp"

namespace rbpf::rsp {

using support::Error;
using support::ErrorKind;
using support::fail;
using support::Result;

namespace {

constexpr const char* kUpdate = "update the board's firmware, or use the rBPF Studio that belongs to it";

tl::unexpected<Error> nonsense(const char* what) {
    return fail(ErrorKind::Board, fmt::format("the board's {} cannot be read", what),
                "is its firmware older or newer than this program? `rbpf boards` shows it");
}

tl::unexpected<Error> refusal(unsigned verdict) {
    switch (verdict) {
    case RBPF_VERDICT_UNKNOWN:
        return fail(ErrorKind::Board, "the board does not know this request", kUpdate);
    case RBPF_VERDICT_STATE:
        return fail(ErrorKind::Board, "the board cannot do that now: no script is attached, or the slot is empty");
    case RBPF_VERDICT_ADDRESS:
        return fail(ErrorKind::Board, "the address lies outside of the script's memory, or cannot be written");
    case RBPF_VERDICT_HELD:
        return fail(ErrorKind::Board, "another debugger is attached to this board (held)",
                    "detach it there, or take the seat from it");
    default:
        return fail(ErrorKind::Board, fmt::format("the board refuses (error {})", verdict));
    }
}

/// As GDB numbers them, by cause.
constexpr int kSignals[] = {0, 2, 5, 5, 5, 5, 11, 24, 5, 5, 5};

Point watchpoint(unsigned mode) {
    const unsigned access = mode & (RBPF_POINT_READ | RBPF_POINT_WRITE);
    return access == RBPF_POINT_READ ? Point::Read : access == RBPF_POINT_WRITE ? Point::Write : Point::Access;
}

} // namespace

Result<std::vector<std::uint8_t>> parseReply(std::string_view payload) {
    const auto head = structAt<rbpf_debug_reply_t>(payload);
    if (!head) {
        return nonsense("answer");
    }
    if (head->verdict != RBPF_VERDICT_OK) {
        return refusal(head->verdict);
    }
    return std::vector<std::uint8_t>(payload.begin() + sizeof *head, payload.end());
}

Result<Features> parseHello(std::string_view payload) {
    // Version 1 was text and answers what it does not know with nothing.
    const auto hello = structAt<rbpf_debug_hello_t>(payload);
    const unsigned version = hello ? hello->version : 1;
    if (version != RBPF_DEBUG_VERSION) {
        return fail(ErrorKind::Board,
                    fmt::format("the board's firmware speaks version {} of the debug protocol, this program version {}",
                                version, RBPF_DEBUG_VERSION),
                    version > RBPF_DEBUG_VERSION ? "update rBPF Studio" : kUpdate);
    }
    if (hello->reply.verdict != RBPF_VERDICT_OK) {
        return refusal(hello->reply.verdict);
    }
    if (hello->packetBytes < sizeof(rbpf_debug_state_t)) {
        return nonsense("greeting");
    }
    return Features{hello->packetBytes};
}

Result<StopReply> parseStop(std::string_view payload) {
    const auto state = structAt<rbpf_debug_state_t>(payload);
    if (!payload.empty() && static_cast<std::uint8_t>(payload[0]) != RBPF_TELL_STOP) {
        const auto refused = parseReply(payload);
        return refused ? nonsense("stop reply") : tl::unexpected(refused.error());
    }
    if (!state || payload.size() != sizeof *state || state->cause > RBPF_CAUSE_EXIT) {
        return nonsense("stop reply");
    }
    StopReply stop;
    stop.cause = static_cast<rbpf_cause_t>(state->cause);
    stop.signal = kSignals[state->cause];
    stop.slot = state->slot;
    std::copy(std::begin(state->reg), std::end(state->reg), stop.reg.begin());
    stop.reg[kRegisterPc] = state->pc;
    stop.instructions = state->instructions;
    const bool failed = stop.cause == RBPF_CAUSE_FAULT || stop.cause == RBPF_CAUSE_BUDGET;
    stop.status = failed ? -static_cast<int>(state->status) : 0;
    const bool watched = stop.cause == RBPF_CAUSE_WATCHPOINT;
    if (failed || watched || stop.cause == RBPF_CAUSE_BINDING || stop.cause == RBPF_CAUSE_STORE) {
        stop.detail = state->detail;
    }
    if (watched) {
        stop.watched = StopReply::Watched{watchpoint(state->mode), state->detail};
    }
    return stop;
}

Result<ImageInfo> parseImage(std::span<const std::uint8_t> bytes) {
    std::uint32_t magic = 0;
    if (bytes.size() >= sizeof magic) {
        std::memcpy(&magic, bytes.data(), sizeof magic);
    }
    ImageInfo image;
    if (magic == RBPF_FC_MAGIC) {
        return image; // it has no build id, and its sizes are the device's
    }
    rbpf_image_header_t header;
    if (magic != RBPF_IMAGE_MAGIC || bytes.size() < sizeof header) {
        return nonsense("description of its image");
    }
    std::memcpy(&header, bytes.data(), sizeof header);
    std::copy(std::begin(header.buildId), std::end(header.buildId), image.buildId.begin());
    image.stackBytes = header.stackBytes;
    image.dataBytes = header.dataBytes + header.bssBytes;
    image.budget = header.budget;
    return image;
}

Result<std::vector<FrameInfo>> parseFrames(std::span<const std::uint8_t> bytes) {
    struct Frame {
        std::uint64_t saved[4];
        std::uint32_t returnPc, frame;
    };
    constexpr std::uint32_t kSlotBytes = 8;
    std::vector<FrameInfo> frames;
    for (std::size_t end = bytes.size(); end >= sizeof(Frame); end -= sizeof(Frame)) {
        Frame frame{};
        std::memcpy(&frame, &bytes[end - sizeof frame], sizeof frame);
        frames.push_back({frame.returnPc * kSlotBytes, frame.frame, {}});
        std::copy(std::begin(frame.saved), std::end(frame.saved), frames.back().saved.begin());
    }
    return bytes.size() % sizeof(Frame) == 0 ? Result<std::vector<FrameInfo>>(frames) : nonsense("call stack");
}

Result<std::vector<RegionInfo>> parseRegions(std::span<const std::uint8_t> bytes) {
    constexpr std::size_t kStride32 = 12, kStride64 = 24; // by the board's addresses
    const std::size_t stride = bytes.size() / RBPF_REGION_COUNT;
    if ((stride != kStride32 && stride != kStride64) || stride * RBPF_REGION_COUNT != bytes.size()) {
        return nonsense("list of regions");
    }
    std::vector<RegionInfo> regions;
    for (int index = 0; index < RBPF_REGION_COUNT; ++index) {
        std::uint32_t readBytes = 0, writeBytes = 0;
        const std::uint8_t* const region = &bytes[static_cast<std::size_t>(index) * stride];
        std::memcpy(&readBytes, region, sizeof readBytes);
        std::memcpy(&writeBytes, region + stride / 3 * 2, sizeof writeBytes);
        if (readBytes != 0) {
            regions.push_back({index, readBytes, writeBytes != 0 ? 3 : 1});
        }
    }
    return regions;
}

} // namespace rbpf::rsp
