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

constexpr char kInterrupt = 0x03;
/// "Mxxxxxxxx,xxxx:" in front of the bytes of a write.
constexpr std::size_t kWriteHeaderBytes = 15;
/// A request is sent again if its frame or its answer's was damaged on the line.
constexpr int kAttempts = 3;
/// Frames looked at before a request; a line that is never silent must not keep it from being sent.
constexpr int kDrainRounds = 4096;
/// How long receive() waits at most between looks at what keepAlive() has to do.
constexpr std::chrono::milliseconds kKeepAliveStep{500};
/// No board has a deeper call stack; keeps nonsense from growing.
constexpr std::size_t kMostFrames = 64;
/// Events nobody fetches; a debugger that runs fetches all the time.
constexpr std::size_t kMostEvents = 1 << 20;

/// Another program on this line that asks for the seat is told "held" where we hear it too.
bool isNotOurs(std::string_view payload) {
    return payload == "E.held";
}

bool isStop(std::string_view payload) {
    return payload.starts_with('T');
}

/// Answers a c or s whose script has gone; may come behind %Gone at any time.
bool isExit(std::string_view payload) {
    return payload == "W00";
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

support::Result<void> RspClient::send(std::string_view payload) {
    lastSent_ = Clock::now();
    return channel_.send(RBPF_FRAME_DEBUG, {reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size()},
                         lastSent_ + deadline_);
}

void RspClient::takeEvent(Event event) {
    if (std::holds_alternative<Resumed>(event)) {
        running_ = true;
    } else if (const auto* taken = std::get_if<Taken>(&event)) {
        if (taken->session == session_) {
            return;
        }
        taken_ = true;
        running_ = false;
    } else if (std::holds_alternative<Gone>(event)) {
        running_ = false;
    }
    events_.push_back(std::move(event));
}

/// Sorts one frame: into the queue of events, into `reply`, or away.
void RspClient::takeFrame(const link::FrameChannel::Frame& frame, std::optional<std::string>& reply) {
    std::string payload(frame.payload.begin(), frame.payload.end());
    if (frame.type == RBPF_FRAME_DIAGNOSTIC) {
        if (events_.size() < kMostEvents) {
            events_.emplace_back(ConsoleText{std::move(payload)});
        }
        return;
    }
    if (frame.type != RBPF_FRAME_DEBUG) {
        return; // CoAP of another program on the same line
    }
    if (payload.starts_with('%')) {
        auto event = parseNotification(payload);
        if (event && events_.size() < kMostEvents) {
            takeEvent(std::move(*event));
        } else {
            ++ignored_;
        }
        return;
    }
    if (!running_) {
        reply = std::move(payload);
        return;
    }
    if (auto stop = parseStop(payload)) {
        running_ = false;
        interrupted_.reset();
        events_.emplace_back(std::move(*stop));
    } else {
        ++ignored_;
    }
}

/// The next payload that is no notification; nullopt at the deadline.
support::Result<std::optional<std::string>> RspClient::nextReply(Clock::time_point deadline) {
    std::optional<std::string> reply;
    while (!reply) {
        const auto frame = channel_.receive(deadline);
        if (!frame) {
            return tl::unexpected(frame.error());
        }
        if (!*frame) {
            return std::nullopt;
        }
        takeFrame(**frame, reply);
    }
    return reply;
}

/// What has come already is no reply to what is sent next.
support::Result<void> RspClient::drain() {
    for (int round = 0; round < kDrainRounds; ++round) {
        auto stray = nextReply(Clock::now());
        if (!stray) {
            return tl::unexpected(stray.error());
        }
        if (!*stray && !channel_.hasBytes()) {
            return {};
        }
        ignored_ += stray->has_value() ? 1 : 0;
    }
    return {};
}

std::optional<support::Error> RspClient::refusal() const {
    if (taken_) {
        return support::Error{ErrorKind::Board, "another debugger has taken the board over", "attach again"};
    }
    if (running_) {
        return support::Error{ErrorKind::Usage, "the script runs", "interrupt it first"};
    }
    return std::nullopt;
}

support::Result<std::string> RspClient::exchange(std::string_view request, Accepts accepts) {
    if (auto drained = drain(); !drained) {
        return tl::unexpected(drained.error());
    }
    if (auto error = refusal()) {
        return tl::unexpected(*error);
    }
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        if (auto sent = send(request); !sent) {
            return tl::unexpected(sent.error());
        }
        const auto deadline = Clock::now() + deadline_ / kAttempts;
        for (;;) {
            auto reply = nextReply(deadline);
            if (!reply) {
                return tl::unexpected(reply.error());
            }
            if (!*reply) {
                break;
            }
            if (accepts(**reply)) {
                return std::move(**reply);
            }
            ++ignored_;
        }
        if (auto error = refusal()) {
            return tl::unexpected(*error);
        }
    }
    return fail(ErrorKind::Link, fmt::format("{}: no answer from the board's debug agent", name()),
                "check cable and power; a firmware without debug agent does not answer");
}

support::Result<std::string> RspClient::exchange(std::string_view request) {
    return exchange(request, [](std::string_view payload) {
        return !isNotOurs(payload) && !isStop(payload) && !isExit(payload);
    });
}

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

support::Result<StopReply> RspClient::askForStop(std::string_view request) {
    const Accepts accepts = [](std::string_view payload) { return !isNotOurs(payload) && !isExit(payload); };
    return exchange(request, accepts).and_then([](const std::string& reply) { return parseStop(reply); });
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
    return done;
}

support::Result<void> RspClient::go(char request) {
    if (auto drained = drain(); !drained) {
        return drained;
    }
    if (auto error = refusal()) {
        return tl::unexpected(*error);
    }
    auto sent = send({&request, 1});
    running_ = sent.has_value();
    return sent;
}

support::Result<void> RspClient::resume() {
    return go('c');
}

support::Result<void> RspClient::step() {
    return go('s');
}

support::Result<void> RspClient::interrupt() {
    if (running_) {
        interrupted_ = Clock::now();
    }
    return send({&kInterrupt, 1});
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

/// The seat is lost by silence; and an interrupt that got lost is made up for by asking why the script stopped.
support::Result<void> RspClient::keepAlive() {
    const auto now = Clock::now();
    if (running_ && interrupted_ && now - *interrupted_ > deadline_ / kAttempts) {
        interrupted_ = now;
        return send("?");
    }
    if (connected_ && !taken_ && now - lastSent_ > std::chrono::milliseconds(RBPF_SEAT_MS / 3)) {
        return send("+");
    }
    return {};
}

support::Result<std::optional<Event>> RspClient::receive(std::chrono::milliseconds wait) {
    const auto deadline = Clock::now() + wait;
    int late = 0; // bytes read behind the deadline are looked at once: noise must not hold us here
    while (events_.empty()) {
        if (auto alive = keepAlive(); !alive) {
            return tl::unexpected(alive.error());
        }
        const auto frame = channel_.receive(std::min(deadline, Clock::now() + kKeepAliveStep));
        if (!frame) {
            return tl::unexpected(frame.error());
        }
        if (!*frame) {
            if (Clock::now() >= deadline && (!channel_.hasBytes() || ++late > 1)) {
                return std::nullopt;
            }
            continue;
        }
        std::optional<std::string> stray;
        takeFrame(**frame, stray);
        ignored_ += stray.has_value() ? 1 : 0;
    }
    Event event = std::move(events_.front());
    events_.pop_front();
    return event;
}

} // namespace rbpf::rsp
