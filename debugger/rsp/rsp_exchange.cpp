// SPDX-License-Identifier: GPL-3.0-or-later
// What goes over the line: requests and their answers, what comes by itself, and what is done about frames that get
// lost and boards that fall silent or start again.
#include "debugger/rsp/rsp_client.hpp"

#include <fmt/format.h>

#include <rbpf/wire.h>

namespace rbpf::rsp {

using support::ErrorKind;
using support::fail;

namespace {

constexpr char kInterrupt = 0x03;
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

/// "Not in this state" (<rbpf/debug.h>).
constexpr std::string_view kState = "E02";
/// Answered "QC…" if a container is attached, else kState.
constexpr std::string_view kWhich = "qC";
/// Writes nothing. Answered "OK" if the container is halted, else kState.
constexpr std::string_view kWhetherHalted = "X0,0:";
/// Its answer is like no other and never changes.
constexpr std::string_view kActions = "vCont?";

bool isWhich(std::string_view payload) {
    return payload.starts_with("QC");
}

bool isActions(std::string_view payload) {
    return payload.starts_with("vCont;");
}

bool isAnswer(std::string_view payload) {
    return !isNotOurs(payload) && !isStop(payload) && !isExit(payload) && !isWhich(payload) && !isActions(payload);
}

} // namespace

support::Result<void> RspClient::send(std::string_view payload) {
    lastSent_ = Clock::now();
    return channel_.send(RBPF_FRAME_DEBUG, {reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size()},
                         lastSent_ + deadline_);
}

void RspClient::takeEvent(Event event) {
    going_.seen = going_.seen || !std::holds_alternative<ConsoleText>(event);
    if (std::holds_alternative<Resumed>(event)) {
        running_ = true;
        going_ = {'c', true};
    } else if (const auto* taken = std::get_if<Taken>(&event)) {
        if (taken->session == session_) {
            return;
        }
        taken_ = true;
        running_ = false;
    } else if (std::holds_alternative<Gone>(event)) {
        running_ = false;
        attached_ = false;
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

support::Result<std::string> RspClient::exchange(std::string_view request, Accepts accepts) {
    if (auto drained = drain(); !drained) {
        return tl::unexpected(drained.error());
    }
    if (auto error = refusal()) {
        return tl::unexpected(*error);
    }
    if (auto synchronised = synchronise(); !synchronised) {
        return tl::unexpected(synchronised.error());
    }
    auto reply = attempt(request, accepts);
    if (!reply) {
        return tl::unexpected(reply.error());
    }
    if (auto error = refusal()) {
        return tl::unexpected(*error);
    }
    if (!*reply) {
        return tl::unexpected(noAnswer());
    }
    if (**reply == kState && attached_) {
        if (auto known = check(); !known) {
            return tl::unexpected(known.error());
        }
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
            if (!reply || (*reply && accepts(**reply))) {
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
    const auto reply = attempt(kActions, isActions);
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
    const auto which = attempt(kWhich, [](std::string_view payload) { return isWhich(payload) || payload == kState; });
    if (!which) {
        return tl::unexpected(which.error());
    }
    if (taken_ || !attached_) {
        return {}; // told meanwhile
    }
    if (!*which) {
        return tl::unexpected(noAnswer());
    }
    if (**which == kState) {
        return fail(ErrorKind::Link, fmt::format("{}: the board was reset", name()), "attach again");
    }
    if (!running_) {
        return {};
    }
    const auto halted =
        attempt(kWhetherHalted, [](std::string_view payload) { return payload == "OK" || payload == kState; });
    if (!halted) {
        return tl::unexpected(halted.error());
    }
    if (!running_ || !*halted) {
        return {};
    }
    if (**halted == kState) {
        going_.confirmed = true;
        return {};
    }
    going_.asked = true;
    return send("?");
}

support::Result<std::string> RspClient::exchange(std::string_view request) {
    return exchange(request, isAnswer);
}

support::Result<StopReply> RspClient::askForStop(std::string_view request) {
    const Accepts accepts = [](std::string_view payload) { return isStop(payload) || isAnswer(payload); };
    auto stop = exchange(request, accepts).and_then([](const std::string& reply) { return parseStop(reply); });
    if (stop) {
        attached_ = true;
        last_ = *stop;
    }
    return stop;
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
    going_ = {request};
    return sent;
}

support::Result<void> RspClient::interrupt() {
    if (running_) {
        interrupted_ = Clock::now();
    }
    return send({&kInterrupt, 1});
}

/// The seat is lost by silence. An interrupt that got lost is made up for by asking why the script stopped, a c or s by
/// sending it again.
support::Result<void> RspClient::keepAlive() {
    const auto now = Clock::now();
    if (running_ && interrupted_ && now - *interrupted_ > deadline_ / kAttempts) {
        interrupted_ = now;
        return send("?");
    }
    if (std::exchange(repeat_, false) && running_) {
        ++going_.repeats;
        return send({&going_.request, 1});
    }
    const auto silence = now - lastSent_;
    if (connected_ && attached_ && !taken_) {
        const bool unconfirmed = running_ && !going_.seen && !going_.confirmed;
        return silence > (unconfirmed ? kConfirm : kCheck) ? check() : support::Result<void>();
    }
    if (connected_ && !taken_ && silence > std::chrono::milliseconds(RBPF_SEAT_MS / 3)) {
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
