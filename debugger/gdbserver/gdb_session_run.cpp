// SPDX-License-Identifier: GPL-3.0-or-later
// Beginning, end, and everything that moves: forwards on the board, both ways in recorded time (GDB manual, appendix E,
// "Stop Reply Packets"; bs and bc).
#include <fmt/format.h>

#include "debugger/gdbserver/gdb_session.hpp"
#include "debugger/rsp/text_fields.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::gdbserver {

using support::Result;
using Answer = GdbSession::Answer;

namespace {

constexpr const char* kKilled = "X09"; ///< "terminated by SIGKILL"
constexpr std::chrono::milliseconds kEndTime{2000};
constexpr int kTrap = 5, kInterruptSignal = 2;

template <typename... Visitors>
struct Overloaded : Visitors... {
    using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

} // namespace

/// Takes the seat, attaches and halts; the board then stops where GDB wants it to.
Result<void> GdbSession::attach(bool take) {
    if (auto connected = board_.connect(take); !connected) {
        return tl::unexpected(connected.error());
    }
    auto stop = board_.attach(options_.slot);
    if (!stop) {
        return tl::unexpected(stop.error());
    }
    attached_ = true;
    live_ = *stop;
    monitor_.slot = options_.slot;
    return board_.stopOn(monitor_.stops);
}

Result<void> GdbSession::begin() {
    if (auto attached = attach(options_.take); !attached) {
        return attached;
    }
    if (const auto image = board_.image()) {
        buildId_ = image->buildId;
    }
    if (options_.history) {
        if (auto begun = beginHistory(); !begun) {
            if (begun.error().kind == support::ErrorKind::Link) {
                return begun;
            }
            options_.tell(fmt::format("no reverse execution: {}", begun.error().message));
        }
    }
    return {};
}

Result<void> GdbSession::beginHistory() {
    auto image = options_.readImage();
    if (!image) {
        return tl::unexpected(image.error());
    }
    auto history = session::History::create(std::move(*image));
    if (!history) {
        return tl::unexpected(history.error());
    }
    if (auto on = board_.setHistory(true); !on) {
        return on;
    }
    history_ = std::make_unique<session::History>(std::move(*history));
    recorder_ = std::make_unique<session::Recorder>(*history_);
    past_ = std::make_unique<Past>(*history_);
    past_->setLive(std::nullopt, 0, 0);
    return {};
}

Result<void> GdbSession::serveGdb() {
    while (!over_) {
        const auto item = gdb_.receive();
        if (!item) {
            over_ = gdb_.closed();
            return {};
        }
        if (*item == GdbDecoder::Item::Packet) {
            request(gdb_.payload());
        } else if (*item == GdbDecoder::Item::Interrupt) {
            interrupt();
        }
    }
    return {};
}

void GdbSession::interrupt() {
    if (lost_) {
        if (waiting_) { // the last state that is known
            waiting_ = false;
            live_.signal = kInterruptSignal;
            gdb_.send(stopText(live_));
        }
    } else if (board_.running()) {
        if (auto sent = board_.interrupt(); !sent) {
            lose(sent.error());
        }
    }
}

void GdbSession::console(const std::string& text) {
    if (waiting_) { // the only time at which GDB takes text
        gdb_.send("O" + support::toHex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
    }
}

Result<void> GdbSession::serveBoard() {
    for (;;) {
        auto next = board_.receive(std::chrono::milliseconds(0));
        if (!next) {
            return tl::unexpected(next.error());
        }
        if (*next) {
            event(**next);
        } else if (!board_.hasInput()) {
            return {};
        }
    }
}

void GdbSession::event(const rsp::Event& event) {
    if (recorder_) {
        recorder_->take(event);
    }
    std::visit(Overloaded{
                   [&](const rsp::StopReply& stop) { stopped(stop); },
                   [&](const rsp::ConsoleText& text) { console(text.text); },
                   [&](const rsp::Gone&) { giveUp("the script was replaced or removed"); },
                   [&](const rsp::Taken&) {
                       attached_ = false;
                       giveUp("another debugger has taken the board over");
                   },
                   [&](const rsp::Resumed& resumed) {
                       options_.tell(resumed.aborted ? "the hold time has passed: the run was aborted"
                                                     : "the hold time has passed: the script goes on");
                   },
                   [](const auto&) {},
               },
               event);
}

void GdbSession::stopped(const rsp::StopReply& stop) {
    live_ = stop;
    pastState_.reset();
    if (past_) {
        const auto run = recorder_->liveRun();
        const bool unknown = !run && stop.cause != RBPF_CAUSE_IDLE; // its beginning was not seen
        past_->setLive(run ? std::optional<Past::Place>({*run, recorder_->liveStep()}) : std::nullopt,
                       static_cast<std::uint32_t>(stop.reg[rsp::kRegisterPc]), unknown ? 0 : recorder_->lastRun());
    }
    if (waiting_) {
        waiting_ = false;
        gdb_.send(stopText(stop));
    }
}

std::string GdbSession::stopText(const rsp::StopReply& stop) const {
    return rsp::gdbStopText(stop);
}

Answer GdbSession::resume(std::string_view) {
    if (gone_.empty() && inPast()) {
        return arrived(past_->forward(points_), true);
    }
    return go('c');
}

Answer GdbSession::step(std::string_view) {
    if (gone_.empty() && inPast()) {
        return arrived(past_->stepForward(), false);
    }
    return go('s');
}

/// On the board, once it is there.
Answer GdbSession::go(char action) {
    if (!gone_.empty()) {
        return std::optional<std::string>(kKilled);
    }
    waiting_ = true;
    action_ = action;
    if (lost_) {
        console("the board is not connected; it is looked for\n");
    } else if (!board_.running()) {
        if (auto sent = action == 'c' ? board_.resume() : board_.step(); !sent) {
            if (sent.error().kind == support::ErrorKind::Link) {
                lose(sent.error()); // GDB goes on waiting: the board is told again once it is back
                return std::optional<std::string>();
            }
            waiting_ = false;
            return tl::unexpected(sent.error());
        }
    }
    return std::optional<std::string>();
}

/// vCont? and vCont;ACTION[:THREAD]… : one thread, so the first action is the one.
Answer GdbSession::actions(std::string_view text) {
    if (text == "?") {
        return std::optional<std::string>("vCont;c;C;s;S");
    }
    const char action = text.size() > 1 && text[0] == ';' ? text[1] : '\0';
    if (action == 'c' || action == 'C') {
        return resume(text);
    }
    return action == 's' || action == 'S' ? step(text) : Answer(std::optional<std::string>("E01"));
}

Answer GdbSession::reverseStep(std::string_view) {
    return past_ ? arrived(past_->stepBack(), false) : Answer(std::optional<std::string>(""));
}

Answer GdbSession::reverseContinue(std::string_view) {
    return past_ ? arrived(past_->back(points_), false) : Answer(std::optional<std::string>(""));
}

/// The stop reply of a movement in recorded time; with `resumesLive` a continue that found nothing on its way goes on
/// on the board.
Answer GdbSession::arrived(const Result<Past::Arrival>& arrival, bool resumesLive) {
    pastState_.reset();
    if (!arrival) {
        return tl::unexpected(arrival.error());
    }
    const bool live = arrival->where == Past::Arrival::Where::Live;
    if (live && resumesLive && !arrival->watched && !arrival->atBreakpoint) {
        return go('c');
    }
    const auto found = registers();
    if (!found) {
        return tl::unexpected(found.error());
    }
    rsp::StopReply stop = live_;
    stop.signal = live && live_.signal != 2 ? live_.signal : kTrap;
    stop.reg = *found;
    stop.watched = arrival->watched;
    const bool begin = arrival->where == Past::Arrival::Where::Begin;
    return std::optional<std::string>(stopText(stop) + (begin ? "replaylog:begin;" : ""));
}

Answer GdbSession::detach(std::string_view) {
    end();
    over_ = true;
    return std::optional<std::string>("OK");
}

Answer GdbSession::kill(std::string_view text) {
    const bool answers = !text.empty(); // vKill has an answer, k none
    if (attached_) {
        attached_ = false;
        if (auto done = board_.detach(true); !done) {
            options_.tell(done.error().message);
        }
    }
    over_ = true;
    return answers ? std::optional<std::string>("OK") : std::nullopt;
}

void GdbSession::giveUp(const std::string& sentence) {
    options_.tell(sentence);
    gone_ = sentence;
    if (waiting_) {
        waiting_ = false;
        gdb_.send(kKilled);
    }
    over_ = true;
}

void GdbSession::lose(const support::Error& error) {
    if (lost_) {
        return;
    }
    lost_ = true;
    if (recorder_) {
        recorder_->interrupted();
    }
    const std::string sentence = fmt::format("the link to the board is lost ({}); it is looked for", error.message);
    options_.tell(sentence);
    console(sentence + "\n");
}

Result<void> GdbSession::found() {
    if (auto attached = attach(true); !attached) {
        if (attached.error().kind != support::ErrorKind::Link) {
            giveUp(fmt::format("the board is back, but cannot be debugged as before: {}", attached.error().message));
        }
        return attached;
    }
    const auto image = board_.image();
    if (image && buildId_ && image->buildId != *buildId_) {
        end();
        giveUp(fmt::format("the board is back with another build in slot {}; load its symbols and attach again",
                           options_.slot));
        return {};
    }
    for (const Points::Entry& point : points_.entries()) {
        if (auto set = board_.insertPoint(point.kind, point.address, point.size); !set) {
            return set;
        }
    }
    if (recorder_) {
        if (auto on = board_.setHistory(true); !on) {
            return on;
        }
    }
    lost_ = false;
    const std::string sentence =
        fmt::format("the board is connected again, {} breakpoints are set again", points_.entries().size());
    options_.tell(sentence);
    console(sentence + "\n");
    if (waiting_ && action_ == 'c') {
        return board_.resume();
    }
    stopped(rsp::StopReply(live_)); // a step ends where the board is now
    return {};
}

void GdbSession::end() {
    if (!attached_) {
        return;
    }
    attached_ = false;
    if (lost_) {
        options_.tell("GDB has left while the board was away: the script may still be halted");
        return;
    }
    if (board_.running()) {
        // The agent takes D of a halted container.
        const auto until = rsp::RspClient::Clock::now() + kEndTime;
        auto sent = board_.interrupt();
        while (sent && board_.running() && rsp::RspClient::Clock::now() < until) {
            if (!board_.receive(std::chrono::milliseconds(100))) {
                return;
            }
        }
    }
    if (auto done = board_.detach(false); !done) {
        options_.tell(fmt::format("the script may still be halted: {}", done.error().message));
    }
}

} // namespace rbpf::gdbserver
