// SPDX-License-Identifier: GPL-3.0-or-later
// What goes over the line: requests and their answers, what comes by itself, and what is done about frames that get
// lost and boards that fall silent or start again.
#include "debugger/rsp/rsp_client.hpp"

#include <fmt/format.h>

#include <rbpf/wire.h>

#include "debugger/rsp/fields.hpp"

namespace rbpf::rsp {

using support::ErrorKind;
using support::fail;

namespace {

/// A request is sent again if its frame or its answer's was damaged on the line.
constexpr int kAttempts = 3;
/// Frames looked at before a request; a line that is never silent must not keep it from being sent.
constexpr int kDrainRounds = 4096;
/// How long receive() waits at most between looks at what keepAlive() has to do.
constexpr std::chrono::milliseconds kKeepAliveStep{100};
/// How long c or s may go without a sign of the board before it is asked whether it has heard.
constexpr std::chrono::milliseconds kConfirm{250};
/// How often a board that has nothing to say is asked whether it still knows us.
constexpr std::chrono::milliseconds kCheck{1000};
/// How often a c or s that got lost is sent again.
constexpr int kRepeats = 5;
/// Events nobody fetches; a debugger that runs fetches all the time.
constexpr std::size_t kMostEvents = 1 << 20;

bool isStop(std::string_view payload) {
    return !payload.empty() && static_cast<std::uint8_t>(payload[0]) == RBPF_TELL_STOP;
}

/// An agent of version 1 answers what it does not know, and that is everything, with nothing.
bool isReply(std::string_view request, std::string_view payload) {
    return payload.empty() || payload[0] == request[0];
}

bool isReplyOrStop(std::string_view request, std::string_view payload) {
    return isReply(request, payload) || isStop(payload);
}

} // namespace

support::Result<void> RspClient::send(std::string_view payload) {
    lastSent_ = Clock::now();
    return channel_.send(RBPF_FRAME_DEBUG, {reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size()},
                         lastSent_ + deadline_);
}

void RspClient::takeEvent(Event event) {
    const auto count = [this](std::uint32_t& run) {
        run |= run_ & 0xffff0000U;
        run += run < run_ ? 0x10000U : 0;
        run_ = run;
    };
    going_.seen = going_.seen || !std::holds_alternative<ConsoleText>(event);
    if (auto* start = std::get_if<RunStart>(&event)) {
        count(start->run);
    } else if (auto* end = std::get_if<RunEnd>(&event)) {
        count(end->run);
    } else if (auto* resumed = std::get_if<Resumed>(&event)) {
        resumed->aborted = holdAborts_;
        running_ = true;
        going_ = {RBPF_DEBUG_GO_ON, true};
    } else if (const auto* taken = std::get_if<Taken>(&event)) {
        if (taken->session == session_) {
            return;
        }
        taken_ = true;
        running_ = false;
    } else if (std::holds_alternative<Gone>(event)) {
        running_ = false;
        forget();
    }
    if (events_.size() < kMostEvents) {
        events_.push_back(std::move(event));
    } else {
        ++ignored_;
    }
}

/// Sorts one frame: into the queue of events, into `reply`, or away.
void RspClient::takeFrame(const link::FrameChannel::Frame& frame, std::optional<std::string>& reply) {
    std::string payload(frame.payload.begin(), frame.payload.end());
    if (frame.type == RBPF_FRAME_DIAGNOSTIC) {
        takeEvent(ConsoleText{std::move(payload)});
        return;
    }
    if (frame.type != RBPF_FRAME_DEBUG) {
        return; // CoAP of another program on the same line
    }
    if (auto told = parseTold(payload)) {
        for (Event& event : *told) {
            takeEvent(std::move(event));
        }
        return;
    }
    auto stop = running_ && isStop(payload) ? parseStop(payload) : tl::unexpected(support::Error{});
    if (!stop) {
        reply = std::move(payload);
    } else if (wasNotHeard(*stop)) {
        going_.asked = false;
        repeat_ = true;
    } else {
        running_ = false;
        interrupted_.reset();
        last_ = *stop;
        events_.emplace_back(std::move(*stop));
    }
}

/// What was set holds for the script that was attached.
void RspClient::forget() {
    attached_ = false;
    slot_.reset();
    points_.clear();
    instructionStarts_.clear();
    holdAborts_ = false;
    run_ = 0;
}

/// The board stands where it stood: it was told to go on in a frame that got lost.
bool RspClient::wasNotHeard(const StopReply& stop) const {
    return going_.asked && !going_.seen && !going_.confirmed && !interrupted_ && going_.repeats < kRepeats && last_ &&
           last_->cause == stop.cause && last_->instructions == stop.instructions;
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

support::Error RspClient::noAnswer() const {
    return {ErrorKind::Link, fmt::format("{}: no answer from the board's debug agent", name()),
            "check cable and power; a firmware without debug agent does not answer"};
}

support::Error RspClient::wasReset() const {
    return {ErrorKind::Link, fmt::format("{}: the board was reset", name()), "attach again"};
}

support::Result<std::string> RspClient::exchange(std::string_view request) {
    if (auto drained = drain(); !drained) {
        return tl::unexpected(drained.error());
    }
    if (auto error = refusal()) {
        return tl::unexpected(*error);
    }
    if (auto synchronised = synchronise(); !synchronised) {
        return tl::unexpected(synchronised.error());
    }
    const bool attaches = request[0] == RBPF_DEBUG_ATTACH;
    auto reply = attempt(request, attaches || request[0] == RBPF_DEBUG_WHY ? isReplyOrStop : isReply);
    if (!reply) {
        return tl::unexpected(reply.error());
    }
    if (auto error = refusal()) {
        return tl::unexpected(*error);
    }
    if (!*reply) {
        return tl::unexpected(noAnswer());
    }
    const auto head = structAt<rbpf_debug_reply_t>(**reply);
    if (head && head->verdict == RBPF_VERDICT_STATE && attached_ && !attaches) {
        return tl::unexpected(wasReset());
    }
    return std::move(**reply);
}

/// Sends a request up to three times; nullopt if nothing came that is an answer to it.
support::Result<std::optional<std::string>> RspClient::attempt(std::string_view request, Accepts accepts) {
    for (int attempt = 0; attempt < kAttempts && !taken_; ++attempt) {
        late_ = late_ || attempt > 0;
        if (auto sent = send(request); !sent) {
            return tl::unexpected(sent.error());
        }
        const auto deadline = Clock::now() + deadline_ / kAttempts;
        for (;;) {
            auto reply = nextReply(deadline);
            if (!reply || (*reply && accepts(request, **reply))) {
                return reply;
            }
            if (!*reply) {
                break;
            }
            ++ignored_;
        }
    }
    late_ = true;
    return std::optional<std::string>();
}

/// Makes sure that no answer is under way that could be taken for the next one.
support::Result<void> RspClient::synchronise() {
    if (!late_) {
        return {};
    }
    const auto reply = attempt(request(RBPF_DEBUG_ALIVE), isReply);
    if (!reply) {
        return tl::unexpected(reply.error());
    }
    if (!*reply) {
        return tl::unexpected(noAnswer());
    }
    late_ = false;
    return {};
}

/// Asks a board that says nothing whether it is there, knows us and does what it was told. A board that was reset has
/// forgotten all, and answers; a lost frame leaves it halted while we wait.
support::Result<void> RspClient::check() {
    const auto reply = attempt(request(RBPF_DEBUG_READ, RBPF_AREA_REGISTERS), isReply);
    if (!reply) {
        return tl::unexpected(reply.error());
    }
    if (taken_ || !attached_) {
        return {}; // told meanwhile
    }
    if (!*reply) {
        return tl::unexpected(noAnswer());
    }
    const auto head = structAt<rbpf_debug_reply_t>(**reply).value_or(rbpf_debug_reply_t{});
    if (head.verdict == RBPF_VERDICT_STATE) {
        return tl::unexpected(wasReset());
    }
    if (!running_) {
        return {};
    }
    if (head.halted == 0) {
        going_.confirmed = true;
        return {};
    }
    going_.asked = true;
    return send(request(RBPF_DEBUG_WHY));
}

support::Result<StopReply> RspClient::askForStop(std::string_view request) {
    auto stop = exchange(request).and_then([](const std::string& reply) { return parseStop(reply); });
    if (stop) {
        attached_ = true;
        last_ = *stop;
    }
    return stop;
}

support::Result<void> RspClient::go(std::uint8_t letter) {
    if (auto drained = drain(); !drained) {
        return drained;
    }
    if (auto error = refusal()) {
        return tl::unexpected(*error);
    }
    auto sent = send(request(letter));
    running_ = sent.has_value();
    going_ = {letter};
    return sent;
}

support::Result<void> RspClient::interrupt() {
    if (running_) {
        interrupted_ = Clock::now();
    }
    return send(request(RBPF_DEBUG_INTERRUPT));
}

/// The seat is lost by silence. An interrupt that got lost is made up for by asking why the script stopped, a c or s by
/// sending it again.
support::Result<void> RspClient::keepAlive() {
    const auto now = Clock::now();
    if (running_ && interrupted_ && now - *interrupted_ > deadline_ / kAttempts) {
        interrupted_ = now;
        return send(request(RBPF_DEBUG_WHY));
    }
    if (std::exchange(repeat_, false) && running_) {
        ++going_.repeats;
        return send(request(going_.request));
    }
    const auto silence = now - lastSent_;
    if (connected_ && attached_ && !taken_) {
        const bool unconfirmed = running_ && !going_.seen && !going_.confirmed;
        return silence > (unconfirmed ? kConfirm : kCheck) ? check() : support::Result<void>();
    }
    if (connected_ && !taken_ && silence > std::chrono::milliseconds(RBPF_SEAT_MS / 3)) {
        return send(request(RBPF_DEBUG_ALIVE));
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
