// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/rsp/rsp_client.hpp"

#include <algorithm>
#include <random>

#include <fmt/format.h>

#include <rbpf/wire.h>

#include "debugger/transport/shared_port.hpp"

namespace rbpf::rsp {

using support::ErrorKind;
using support::fail;

namespace {

/// "Mxxxxxxxx,xxxx:" in front of the bytes of a write.
constexpr std::size_t kWriteHeaderBytes = 15;
/// No board has a deeper call stack; keeps nonsense from growing.
constexpr std::size_t kMostFrames = 64;
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

support::Result<void> RspClient::command(std::string_view request) {
    return exchange(request).and_then([](const std::string& reply) { return parseOk(reply); });
}

support::Result<Features> RspClient::connect(bool take) {
    taken_ = false;
    if (take) {
        if (auto taken = command(fmt::format("vRbpfTake:{:x}", session_)); !taken) {
            return tl::unexpected(taken.error());
        }
    }
    // The replies to the seat's holder may be heard on this line, and are none to us.
    const Accepts ours = [](std::string_view payload) {
        return payload == "E.held" || payload.find("PacketSize=") != std::string_view::npos;
    };
    auto found =
        exchange(fmt::format("qSupported:rbpf-session={:x}", session_), ours).and_then([](const std::string& reply) {
            return parseFeatures(reply);
        });
    if (found) {
        features_ = *found;
        connected_ = true;
    }
    return found;
}

support::Result<StopReply> RspClient::attach(std::uint32_t slot) {
    return askForStop(fmt::format("vAttach;{:x}", slot + 1));
}

support::Result<StopReply> RspClient::lastStop() {
    return askForStop("?");
}

support::Result<void> RspClient::detach(bool abortRun) {
    auto done = command(abortRun ? "k" : "D");
    connected_ = connected_ && !done;
    attached_ = attached_ && !done;
    return done;
}

support::Result<void> RspClient::resume() {
    return go('c');
}

support::Result<void> RspClient::step() {
    return go('s');
}

support::Result<Registers> RspClient::registers() {
    return exchange("g").and_then([](const std::string& reply) { return parseRegisters(reply); });
}

support::Result<void> RspClient::setRegister(int number, std::uint64_t value) {
    return command(setRegisterRequest(number, value));
}

support::Result<std::vector<std::uint8_t>> RspClient::readMemory(std::uint32_t address, std::uint32_t size) {
    const auto most = static_cast<std::uint32_t>(features_.packetBytes / 2);
    std::vector<std::uint8_t> bytes;
    while (bytes.size() < size) {
        const auto done = static_cast<std::uint32_t>(bytes.size());
        const std::uint32_t piece = std::min(size - done, most);
        auto got = exchange(readMemoryRequest(address + done, piece)).and_then([](const std::string& reply) {
            return parseHex(reply);
        });
        if (!got) {
            return got;
        }
        if (got->empty() || got->size() > piece) {
            return fail(ErrorKind::Board, fmt::format("the board has no {} bytes at {:#x}", size, address));
        }
        bytes.insert(bytes.end(), got->begin(), got->end());
    }
    return bytes;
}

support::Result<void> RspClient::writeMemory(std::uint32_t address, std::span<const std::uint8_t> bytes) {
    const std::size_t most = (features_.packetBytes - kWriteHeaderBytes) / 2;
    for (std::size_t done = 0; done < bytes.size(); done += most) {
        const auto piece = bytes.subspan(done, std::min(most, bytes.size() - done));
        if (auto written = command(writeMemoryRequest(address + static_cast<std::uint32_t>(done), piece)); !written) {
            return written;
        }
    }
    return {};
}

support::Result<void> RspClient::insertPoint(Point point, std::uint32_t address, std::uint32_t size) {
    return command(setPointRequest(true, point, address, size));
}

support::Result<void> RspClient::removePoint(Point point, std::uint32_t address, std::uint32_t size) {
    return command(setPointRequest(false, point, address, size));
}

support::Result<void> RspClient::stopOn(std::uint32_t mask, std::span<const std::uint32_t> bindings,
                                        std::span<const std::uint32_t> keys) {
    return command(stopOnRequest(mask, bindings, keys));
}

support::Result<void> RspClient::setHold(std::uint32_t holdMs, bool aborts) {
    return command(fmt::format("QRbpfHold:{:x},{}", holdMs, aborts ? 1 : 0));
}

support::Result<void> RspClient::setHistory(bool on) {
    return command(on ? "QRbpfHistory:1" : "QRbpfHistory:0");
}

support::Result<ImageInfo> RspClient::image() {
    return exchange("qRbpfImage").and_then([](const std::string& reply) { return parseImage(reply); });
}

support::Result<std::vector<FrameInfo>> RspClient::frames() {
    std::vector<FrameInfo> frames;
    for (bool more = true; more && frames.size() < kMostFrames;) {
        auto part = exchange(frames.empty() ? "qRbpfFrames" : fmt::format("qRbpfFrames:{:x}", frames.size()))
                        .and_then([&](const std::string& reply) { return parseFrames(reply, more); });
        if (!part) {
            return part;
        }
        more = more && !part->empty();
        frames.insert(frames.end(), part->begin(), part->end());
    }
    return frames;
}

support::Result<std::vector<RegionInfo>> RspClient::regions() {
    return exchange("qRbpfRegions").and_then([](const std::string& reply) { return parseRegions(reply); });
}

support::Result<std::string> RspClient::monitor(std::string_view command) {
    std::string text;
    auto reply = exchange(monitorRequest(command));
    // "O" and hexadecimal: a piece of text, more follows; "OK" or the text itself ends it.
    while (reply && reply->size() > 1 && (*reply)[0] == 'O' && *reply != "OK") {
        auto piece = parseHex(std::string_view(*reply).substr(1));
        if (!piece) {
            return tl::unexpected(piece.error());
        }
        text.append(piece->begin(), piece->end());
        auto next = nextReply(Clock::now() + deadline_);
        if (!next) {
            return tl::unexpected(next.error());
        }
        reply = next->value_or("OK");
    }
    if (!reply || *reply == "OK") {
        return reply ? support::Result<std::string>(text) : reply;
    }
    return parseHex(*reply).map(
        [&](const std::vector<std::uint8_t>& bytes) { return text.append(bytes.begin(), bytes.end()); });
}

} // namespace rbpf::rsp
