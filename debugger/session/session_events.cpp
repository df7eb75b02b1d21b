// SPDX-License-Identifier: GPL-3.0-or-later
// What comes from the board: stops and whether they are ones for the user, runs that begin and end, scripts replaced.
#include <algorithm>

#include <fmt/format.h>
#include <poll.h>

#include "debugger/session/debug_session.hpp"
#include "sdk/image/bindings.hpp"
#include "sdk/image/status_text.hpp"

namespace rbpf::session {

using support::ErrorKind;
using support::fail;
using Kind = BreakpointSpec::Kind;

namespace {

/// How often a wait looks whether it has been cancelled.
constexpr std::chrono::milliseconds kSlice{100};

std::string bindingText(std::uint32_t id) {
    const auto name = image::bindingName(id);
    return name ? std::string(*name) : fmt::format("binding 0x{:x}", id);
}

} // namespace

support::Result<std::optional<Event>> DebugSession::wait(std::chrono::milliseconds wait) {
    using Clock = transport::Clock;
    const auto until = Clock::now() + wait;
    for (;;) {
        if (!events_.empty()) {
            Event event = std::move(events_.front());
            events_.pop_front();
            return event;
        }
        if (ended_) {
            return fail(ErrorKind::Link, *ended_);
        }
        if (options_.stop.stop_requested()) {
            return fail(ErrorKind::Cancelled, "cancelled");
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
        if (left.count() <= 0 && wait.count() > 0) {
            return std::nullopt;
        }
        const auto slice = std::clamp(left, std::chrono::milliseconds(0), kSlice);
        if (!client_) {
            poll(nullptr, 0, static_cast<int>(slice.count()));
            if (lost_) {
                reconnect();
            }
        } else if (auto event = client_->receive(slice); !event) {
            lost(event.error());
        } else if (*event) {
            handle(**event);
        }
        if (wait.count() == 0 && events_.empty()) {
            return std::nullopt;
        }
    }
}

void DebugSession::handle(const rsp::Event& event) {
    if (options_.history) {
        recorder_.take(event);
        if (recorder_.incomplete() && !toldIncomplete_ && runs_ > 0) {
            toldIncomplete_ = true;
            events_.emplace_back(Notice{Notice::Kind::HistoryIncomplete,
                                        "a part of what happened was not recorded: history has a gap there"});
        }
    }
    if (const auto* stop = std::get_if<rsp::StopReply>(&event)) {
        onStop(*stop);
    } else if (const auto* start = std::get_if<rsp::RunStart>(&event)) {
        entryPc_ = start->entryPc;
        runs_ = recorder_.lastRun() + 1;
        events_.emplace_back(RunStarted{runs_});
    } else if (const auto* over = std::get_if<rsp::RunEnd>(&event)) {
        RunEnded ended;
        runs_ += options_.history ? 0 : 1; // without history the board does not tell of beginnings
        ended.run = runs_;
        ended.cause = over->cause;
        ended.result = program_.resultOf(std::exchange(entryPc_, std::nullopt), over->result);
        ended.instructions = over->instructions;
        ended.sentence = over->cause == RBPF_CAUSE_EXIT ? fmt::format("the run ended after {} instructions with {}",
                                                                      over->instructions, ended.result)
                         : over->cause == RBPF_CAUSE_BUDGET
                             ? fmt::format("the run used up its budget of {} instructions", over->instructions)
                             : fmt::format("the run ended after {} instructions: {} ({})", over->instructions,
                                           image::statusSentence(over->status), image::statusName(over->status));
        events_.emplace_back(std::move(ended));
    } else if (const auto* resumed = std::get_if<rsp::Resumed>(&event)) {
        running_ = true;
        target_.reset();
        live_.reset();
        stack_.reset();
        events_.emplace_back(Notice{Notice::Kind::Resumed,
                                    resumed->aborted
                                        ? "the script was halted for longer than its hold time: its run was aborted"
                                        : "the script was halted for longer than its hold time: it goes on"});
    } else if (std::holds_alternative<rsp::Gone>(event)) {
        onGone();
    } else if (std::holds_alternative<rsp::Taken>(event)) {
        end("another debugger has taken the board over");
    } else if (const auto* text = std::get_if<rsp::ConsoleText>(&event)) {
        events_.emplace_back(Output{text->text, 0});
    }
}

void DebugSession::end(std::string sentence) {
    ended_ = sentence;
    client_.reset();
    live_.reset();
    running_ = false;
    lost_ = false;
    events_.emplace_back(Ended{std::move(sentence)});
}

void DebugSession::onGone() {
    points_.forget();
    recorder_.interrupted();
    task_.reset();
    pause_ = halting_ = false;
    const bool wasRunning = running_;
    auto reply = client_->attach(options_.slot);
    if (!reply && reply.error().kind == ErrorKind::Link) {
        lost(reply.error());
        return;
    }
    if (!reply) {
        events_.emplace_back(
            Notice{Notice::Kind::Replaced, fmt::format("the script in slot {} was removed", options_.slot)});
        end(fmt::format("the script in slot {} was removed while it was debugged", options_.slot));
        return;
    }
    const auto image = client_->image();
    if (!image || image->buildId != program_.image().buildId) {
        events_.emplace_back(Notice{Notice::Kind::Replaced,
                                    fmt::format("the script in slot {} was replaced by another build", options_.slot)});
        (void)client_->detach(false);
        end(fmt::format("the script in slot {} was replaced by another build{}; start debugging again with that one",
                        options_.slot, image ? " (" + shortBuildId(image->buildId) + ")" : std::string()));
        return;
    }
    events_.emplace_back(
        Notice{Notice::Kind::Replaced,
               fmt::format("the script in slot {} was installed again, the same build: breakpoints are "
                           "set again",
                           options_.slot)});
    if (options_.history) {
        (void)client_->setHistory(true);
    }
    if (wasRunning) {
        if (auto gone = goOn(); !gone) {
            lost(gone.error());
        }
        return;
    }
    showLive(*reply);
    announce(liveStop_);
}

Position DebugSession::livePosition() const {
    Position position;
    position.live = true;
    const bool recorded = options_.history && recorder_.liveRun().has_value();
    if (liveReply_.cause == RBPF_CAUSE_IDLE) {
        position.run = recorder_.lastRun();
        position.step = position.run == 0 ? 0 : history_.steps(position.run);
    } else {
        position.run = recorded ? *recorder_.liveRun() : 0;
        position.step = liveReply_.instructions;
    }
    return position;
}

/// The board is halted: inspection looks at it.
void DebugSession::showLive(const rsp::StopReply& reply) {
    running_ = false;
    liveReply_ = reply;
    live_ = std::make_shared<LiveTarget>(client_, reply.reg, program_.hasLocalCalls());
    target_ = live_;
    stack_.reset();
    liveStop_ = Stop{};
    liveStop_.cause = reply.cause;
    liveStop_.position = livePosition();
    liveStop_.location = program_.locate(static_cast<std::uint32_t>(reply.reg[rsp::kRegisterPc]));
    liveStop_.status = reply.status;
    liveStop_.detail = reply.watched ? reply.watched->address : reply.detail;
    stop_ = liveStop_;
    stop_.sentence = liveStop_.sentence = sentenceOf(liveStop_);
}

std::vector<BreakpointEntry*> DebugSession::entriesHit(const rsp::StopReply& reply) {
    const auto pc = static_cast<std::uint32_t>(reply.reg[rsp::kRegisterPc]);
    std::vector<BreakpointEntry*> hit;
    for (auto& [id, entry] : breakpoints_.entries()) {
        const BreakpointSpec& spec = entry.shown.spec;
        bool here = false;
        switch (spec.kind) {
        case Kind::Line:
        case Kind::Function:
        case Kind::Instruction: // also where a step ends on one
            here = (reply.cause == RBPF_CAUSE_BREAKPOINT || reply.cause == RBPF_CAUSE_STEP ||
                    reply.cause == RBPF_CAUSE_ENTRY) &&
                   std::find(entry.addresses.begin(), entry.addresses.end(), pc) != entry.addresses.end();
            break;
        case Kind::Watch:
            here = reply.cause == RBPF_CAUSE_WATCHPOINT &&
                   (!reply.watched || (reply.watched->address >= entry.watched &&
                                       reply.watched->address - entry.watched < entry.watchedBytes));
            break;
        case Kind::Store:
            here = reply.cause == RBPF_CAUSE_STORE && reply.detail == spec.address;
            break;
        case Kind::Binding:
            here = reply.cause == RBPF_CAUSE_BINDING && (spec.address == 0 || reply.detail == spec.address);
            break;
        case Kind::Entry:
            here = reply.cause == RBPF_CAUSE_ENTRY;
            break;
        case Kind::Exit:
            here = reply.cause == RBPF_CAUSE_EXIT;
            break;
        }
        if (here && entry.shown.enabled) {
            hit.push_back(&entry);
        }
    }
    return hit;
}

bool DebugSession::taskDone(const rsp::StopReply& reply) {
    if (!task_) {
        return false;
    }
    if (reply.cause == RBPF_CAUSE_ENTRY) {
        return task_->atEntry || task_->single;
    }
    const auto pc = static_cast<std::uint32_t>(reply.reg[rsp::kRegisterPc]);
    if (reply.cause != RBPF_CAUSE_STEP && !task_->stops.contains(pc)) {
        return false;
    }
    if (!task_->goal) {
        return true;
    }
    if (!task_->needsDepth) {
        return true;
    }
    const auto calls = live_->calls();
    return !calls || task_->goal->done(pc, calls->size());
}

void DebugSession::onStop(const rsp::StopReply& reply) {
    showLive(reply);
    Stop stop = liveStop_;
    bool stops = taskDone(reply);
    const bool stepped = stops;
    const bool paused = std::exchange(pause_, false);
    const bool asked = std::exchange(halting_, false);
    switch (reply.cause) {
    case RBPF_CAUSE_IDLE:
    case RBPF_CAUSE_INTERRUPT:
        stops = asked || !paused;
        break;
    case RBPF_CAUSE_FAULT:
    case RBPF_CAUSE_BUDGET:
        stops = true;
        break;
    case RBPF_CAUSE_ENTRY:
        stops = stops || entryOnce_;
        entryOnce_ = false;
        break;
    default:
        break;
    }
    const auto pc = static_cast<std::uint32_t>(reply.reg[rsp::kRegisterPc]);
    std::vector<int> temporary;
    for (BreakpointEntry* entry : entriesHit(reply)) {
        const auto frame = frameState(0, false);
        if (!frame) {
            break;
        }
        const Verdict verdict = breakpoints_.hit(*entry, {program_.info(), pc, 0, **frame});
        if (!verdict.log.empty()) {
            events_.emplace_back(Output{verdict.log, entry->shown.id});
        }
        if (verdict.stop) {
            stops = true;
            stop.breakpoints.push_back(entry->shown.id);
            if (!verdict.problem.empty()) {
                events_.emplace_back(
                    Output{breakpointName(entry->shown) + ": " + verdict.problem + '\n', entry->shown.id});
            }
            if (entry->shown.spec.temporary) {
                temporary.push_back(entry->shown.id);
            }
        }
    }
    if (!client_) {
        return; // lost while a condition looked at memory
    }
    if (asked && !stops) { // it had just stopped for something that did not count
        stops = true;
        stop.cause = RBPF_CAUSE_INTERRUPT;
    }
    if (!stops) {
        const auto gone = goOn();
        if (gone) {
            return;
        }
        if (gone.error().kind != ErrorKind::Board || isHeldByOther(gone.error())) {
            lost(gone.error());
            return;
        }
        events_.emplace_back(Notice{Notice::Kind::BreakpointChanged, gone.error().message + ": the script is halted"});
    }
    if (stepped && stop.breakpoints.empty() && stop.cause == RBPF_CAUSE_BREAKPOINT) {
        stop.cause = RBPF_CAUSE_STEP; // our own breakpoint
    }
    task_.reset();
    announce(std::move(stop));
    for (const int id : temporary) {
        (void)breakpoints_.remove(id);
    }
}

void DebugSession::announce(Stop stop) {
    stop.sentence = sentenceOf(stop);
    if (stop.position.live) {
        liveStop_ = stop;
    }
    stop_ = stop;
    events_.emplace_back(std::move(stop));
}

std::string DebugSession::sentenceOf(const Stop& stop) {
    const std::string place = program_.place(stop.location.pc);
    std::string names;
    for (const int id : stop.breakpoints) {
        if (const BreakpointEntry* entry = breakpoints_.find(id)) {
            names += (names.empty() ? "" : ", ") + breakpointName(entry->shown);
        }
    }
    if (!names.empty()) {
        names += ": ";
    }
    switch (stop.cause) {
    case RBPF_CAUSE_IDLE:
        return "the script waits for its next trigger";
    case RBPF_CAUSE_INTERRUPT:
        return "interrupted at " + place;
    case RBPF_CAUSE_BREAKPOINT:
        return names.empty() ? "stopped at " + place : names + place;
    case RBPF_CAUSE_WATCHPOINT:
        return fmt::format("{}memory at 0x{:08x} was accessed just before {}", names, stop.detail, place);
    case RBPF_CAUSE_ENTRY:
        return fmt::format("{}a run begins at {}", names, place);
    case RBPF_CAUSE_FAULT:
    case RBPF_CAUSE_BUDGET:
        if (const auto known = scene(stop)) {
            return explainShort(program_, *known);
        }
        return fmt::format("fault {} at {}", image::statusName(stop.status), place);
    case RBPF_CAUSE_BINDING:
        return fmt::format("{}before a call of {} at {}", names, bindingText(stop.detail), place);
    case RBPF_CAUSE_STORE:
        return fmt::format("{}key {} of the store was written just before {}", names, stop.detail, place);
    case RBPF_CAUSE_EXIT: {
        const auto values = registers();
        const auto entryPc = stop.position.live ? entryPc_ : history_.runs()[stop.position.run - 1].entryPc;
        return values ? fmt::format("{}the run is over, with {}", names, program_.resultOf(entryPc, (*values)[0]))
                      : names + "the run is over";
    }
    default:
        break;
    }
    if (stop.atHistoryEnd) {
        return stop.position.live
                   ? "back in the present, at " + place
                   : fmt::format("the {} of history, at {}", stop.position.step == 0 ? "beginning" : "end", place);
    }
    return names + "at " + place;
}

} // namespace rbpf::session
