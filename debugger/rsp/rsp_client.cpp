// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/rsp/rsp_client.hpp"

#include <algorithm>
#include <cstddef>
#include <random>

#include <fmt/format.h>

#include <rbpf/image.h>

#include "debugger/transport/shared_port.hpp"

namespace rbpf::rsp {

using support::ErrorKind;
using support::fail;

namespace {

/// No board has a deeper call stack: rbpf_frame_t times RBPF_CALL_DEPTH_MAX.
constexpr std::size_t kMostFrameBytes = 64 * 40;
constexpr std::size_t kMostRegionBytes = 24 * RBPF_REGION_COUNT;

auto findPoint(std::vector<rbpf_debug_point_t>& points, const rbpf_debug_point_t& wanted) {
    return std::find_if(points.begin(), points.end(), [&](const rbpf_debug_point_t& each) {
        return each.address == wanted.address && each.size == wanted.size && each.mode == wanted.mode;
    });
}

} // namespace

support::Result<std::unique_ptr<RspClient>> RspClient::open(const std::string& address) {
    auto line = transport::openShared(address);
    if (!line) {
        return tl::unexpected(line.error());
    }
    return std::make_unique<RspClient>(std::move(*line));
}

RspClient::RspClient(std::unique_ptr<transport::Transport> line)
    : channel_(std::move(line)), session_(std::random_device{}()) {}

support::Result<Features> RspClient::connect(bool take) {
    if (taken_) {
        forget();
    }
    taken_ = false;
    auto found = exchange(request(RBPF_DEBUG_HELLO, take ? 1 : 0, session_)).and_then([](const std::string& reply) {
        return parseHello(reply);
    });
    if (found) {
        features_ = *found;
        connected_ = true;
    }
    return found;
}

support::Result<StopReply> RspClient::attach(std::uint32_t slot) {
    auto stop = slot <= UINT8_MAX ? askForStop(request(RBPF_DEBUG_ATTACH, slot))
                                  : fail(ErrorKind::Usage, fmt::format("no board has a slot {}", slot));
    if (stop && slot_ != slot) {
        forget();
        attached_ = true;
        slot_ = slot;
    }
    return stop;
}

support::Result<StopReply> RspClient::lastStop() {
    return askForStop(request(RBPF_DEBUG_WHY));
}

support::Result<void> RspClient::detach(bool abortRun) {
    auto done =
        exchange(request(abortRun ? RBPF_DEBUG_KILL : RBPF_DEBUG_DETACH)).and_then([](const std::string& reply) {
            return parseReply(reply);
        });
    if (!done) {
        return tl::unexpected(done.error());
    }
    connected_ = false;
    forget();
    return {};
}

support::Result<void> RspClient::resume() {
    return go(RBPF_DEBUG_GO_ON);
}

support::Result<void> RspClient::step() {
    return go(RBPF_DEBUG_STEP);
}

support::Result<RspClient::Bytes> RspClient::readPart(unsigned area, std::uint32_t address, std::size_t size) {
    auto got = exchange(request(RBPF_DEBUG_READ, area, address, size)).and_then([](const std::string& reply) {
        return parseReply(reply);
    });
    if (got && got->size() > size) {
        return fail(ErrorKind::Board, "the board sends more than it was asked for");
    }
    return got;
}

support::Result<RspClient::Bytes> RspClient::readArea(unsigned area, std::size_t size) {
    Bytes bytes;
    for (bool more = true; more && bytes.size() < size;) {
        const std::size_t piece = std::min(size - bytes.size(), features_.readBytes());
        auto got = readPart(area, static_cast<std::uint32_t>(bytes.size()), piece);
        if (!got) {
            return got;
        }
        more = got->size() == piece;
        bytes.insert(bytes.end(), got->begin(), got->end());
    }
    return bytes;
}

support::Result<void> RspClient::write(unsigned area, std::uint32_t address, std::span<const std::uint8_t> bytes) {
    do {
        const auto piece = bytes.first(std::min(bytes.size(), features_.writeBytes()));
        auto written =
            exchange(request(RBPF_DEBUG_WRITE, area, address, 0, piece)).and_then([](const std::string& reply) {
                return parseReply(reply);
            });
        if (!written) {
            return tl::unexpected(written.error());
        }
        address += static_cast<std::uint32_t>(piece.size());
        bytes = bytes.subspan(piece.size());
    } while (!bytes.empty());
    return {};
}

support::Result<Registers> RspClient::registers() {
    return lastStop().map([](const StopReply& stop) { return stop.reg; });
}

support::Result<void> RspClient::setRegister(int number, std::uint64_t value) {
    if (last_ && last_->cause == RBPF_CAUSE_IDLE) {
        return fail(ErrorKind::Board,
                    "the board cannot do that now: no run is in progress whose registers could be set");
    }
    if (number == kRegisterPc) {
        auto done = exchange(request(RBPF_DEBUG_SET_PC, 0, static_cast<std::uint32_t>(value)))
                        .and_then([](const std::string& reply) { return parseReply(reply); });
        return done ? support::Result<void>() : tl::unexpected(done.error());
    }
    return write(RBPF_AREA_REGISTERS, static_cast<std::uint32_t>(number) * sizeof value,
                 {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
}

support::Result<std::vector<std::uint8_t>> RspClient::readPiece(std::uint32_t address, std::uint32_t atMost) {
    return readPart(RBPF_AREA_MEMORY, address, std::min<std::size_t>(atMost, features_.readBytes()));
}

support::Result<std::vector<std::uint8_t>> RspClient::readMemory(std::uint32_t address, std::uint32_t size) {
    Bytes bytes;
    while (bytes.size() < size) {
        const auto done = static_cast<std::uint32_t>(bytes.size());
        auto got =
            readPart(RBPF_AREA_MEMORY, address + done, std::min<std::size_t>(size - done, features_.readBytes()));
        if (!got) {
            return got;
        }
        if (got->empty()) {
            return fail(ErrorKind::Board, fmt::format("the board has no {} bytes at {:#x}", size, address));
        }
        bytes.insert(bytes.end(), got->begin(), got->end());
    }
    return bytes;
}

support::Result<void> RspClient::writeMemory(std::uint32_t address, std::span<const std::uint8_t> bytes) {
    return write(RBPF_AREA_MEMORY, address, bytes);
}

/// The board's table from entry `from` on; behind the last one that is written it ends.
support::Result<void> RspClient::writePoints(std::size_t from) {
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(points_.data());
    constexpr std::size_t kEntry = sizeof(rbpf_debug_point_t);
    return write(RBPF_AREA_POINTS, static_cast<std::uint32_t>(from * kEntry),
                 {bytes + from * kEntry, (points_.size() - from) * kEntry});
}

/// In verified text only the second half of a lddw has the opcode 0.
support::Result<void> RspClient::requireInstruction(std::uint32_t address) {
    constexpr std::uint32_t kSlotBytes = 8;
    if (instructionStarts_.contains(address)) {
        return {};
    }
    auto opcode = readPart(RBPF_AREA_MEMORY, address, 1);
    if (!opcode) {
        return tl::unexpected(opcode.error());
    }
    if (address >> RBPF_REGION_SHIFT != RBPF_REGION_TEXT || address % kSlotBytes != 0 || opcode->empty() ||
        (*opcode)[0] == 0) {
        return fail(ErrorKind::Board, fmt::format("no instruction starts at {:#x}", address));
    }
    instructionStarts_.insert(address);
    return {};
}

support::Result<void> RspClient::insertPoint(Point point, std::uint32_t address, std::uint32_t size) {
    constexpr std::uint32_t kMostWatched = UINT16_MAX;
    if (point != Point::Breakpoint && (size == 0 || size > kMostWatched)) {
        return fail(ErrorKind::Board, fmt::format("{} bytes cannot be watched", size), "1 to 65535 can");
    }
    const rbpf_debug_point_t wanted = boardPoint(point, address, size);
    if (findPoint(points_, wanted) != points_.end()) {
        return {};
    }
    if (auto valid = point == Point::Breakpoint ? requireInstruction(address) : support::Result<void>(); !valid) {
        return valid;
    }
    points_.push_back(wanted);
    auto done = writePoints(points_.size() - 1);
    if (!done) {
        points_.pop_back();
        if (done.error().kind == ErrorKind::Board) {
            return fail(ErrorKind::Board,
                        fmt::format("the board has no room for more than {} breakpoints", points_.size()),
                        "remove one that is no longer needed");
        }
    }
    return done;
}

support::Result<void> RspClient::removePoint(Point point, std::uint32_t address, std::uint32_t size) {
    const auto found = findPoint(points_, boardPoint(point, address, size));
    if (found == points_.end()) {
        return {};
    }
    const auto place = static_cast<std::size_t>(found - points_.begin());
    points_.erase(found);
    return writePoints(place);
}

support::Result<void> RspClient::stopOn(std::uint32_t mask, std::span<const std::uint32_t> bindings,
                                        std::span<const std::uint32_t> keys) {
    if (keys.size() > RBPF_DEBUG_KEYS) {
        return fail(ErrorKind::Board,
                    fmt::format("the board has no room for more than {} store keys", RBPF_DEBUG_KEYS));
    }
    rbpf_debug_settings_t wanted{};
    if ((mask & RBPF_STOP_BINDING) != 0) {
        std::fill(std::begin(wanted.binding), std::end(wanted.binding), bindings.empty() ? UINT32_MAX : 0);
        for (const std::uint32_t id : bindings) {
            if (id >= RBPF_DEBUG_BINDINGS) {
                return fail(ErrorKind::Board, fmt::format("the board knows no binding {:#x}", id));
            }
            wanted.binding[id / 32] |= 1U << id % 32;
        }
    }
    if ((mask & RBPF_STOP_STORE) != 0 && !keys.empty()) {
        mask ^= RBPF_STOP_STORE | RBPF_STOP_KEY;
        std::fill(std::begin(wanted.key), std::end(wanted.key), keys[0]);
        std::copy(keys.begin(), keys.end(), std::begin(wanted.key));
    }
    wanted.stops = static_cast<std::uint16_t>(mask);
    constexpr std::size_t kFrom = offsetof(rbpf_debug_settings_t, stops);
    const std::span all(reinterpret_cast<const std::uint8_t*>(&wanted), sizeof wanted);
    return write(RBPF_AREA_SETTINGS, kFrom, all.subspan(kFrom));
}

support::Result<void> RspClient::setHold(std::uint32_t holdMs, bool aborts) {
    if (holdMs > INT32_MAX) {
        return fail(ErrorKind::Board, fmt::format("a hold time of {} ms is too long", holdMs));
    }
    rbpf_debug_settings_t wanted{};
    wanted.holdMs = holdMs;
    wanted.holdAborts = aborts ? 1 : 0;
    const std::span all(reinterpret_cast<const std::uint8_t*>(&wanted), sizeof wanted);
    auto done = write(RBPF_AREA_SETTINGS, 0, all.first(offsetof(rbpf_debug_settings_t, history)));
    holdAborts_ = done ? aborts : holdAborts_;
    return done;
}

support::Result<void> RspClient::setHistory(bool on) {
    const std::uint8_t history = on ? RBPF_HISTORY_ON | RBPF_HISTORY_DATA : 0;
    return write(RBPF_AREA_SETTINGS, offsetof(rbpf_debug_settings_t, history), {&history, 1});
}

support::Result<ImageInfo> RspClient::image() {
    return readArea(RBPF_AREA_IMAGE, sizeof(rbpf_image_header_t)).and_then(parseImage).map([&](ImageInfo image) {
        image.slot = slot_.value_or(0);
        return image;
    });
}

support::Result<std::vector<FrameInfo>> RspClient::frames() {
    return readArea(RBPF_AREA_FRAMES, kMostFrameBytes).and_then(parseFrames);
}

support::Result<std::vector<RegionInfo>> RspClient::regions() {
    return readArea(RBPF_AREA_REGIONS, kMostRegionBytes).and_then(parseRegions);
}

} // namespace rbpf::rsp
