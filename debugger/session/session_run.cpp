// SPDX-License-Identifier: GPL-3.0-or-later
// Run control: on the board, and through history.
#include <algorithm>

#include <fmt/format.h>

#include "debugger/session/debug_session.hpp"
#include "debugger/session/session_checked.hpp"

namespace rbpf::session {

using support::ErrorKind;
using support::fail;

support::Result<void> DebugSession::mayGo() const {
    if (ended_) {
        return fail(ErrorKind::Link, *ended_);
    }
    if (lost_) {
        return fail(ErrorKind::Link, "the board is not connected", "it is looked for; wait until it is back");
    }
    if (running_) {
        return fail(ErrorKind::Usage, "the script is running", "interrupt it first");
    }
    return {};
}

support::Result<void> DebugSession::mayGoBack() const {
    if (!options_.history) {
        return fail(ErrorKind::Usage, "history is off: this session goes forwards only");
    }
    return here().run == 0 ? fail(ErrorKind::Usage, "nothing is recorded of this yet",
                                  "history begins with the first run after the debugger has attached")
                           : support::Result<void>();
}

Moment DebugSession::now() const {
    return {liveStop_.position.run, liveStop_.position.step};
}

Moment DebugSession::here() const {
    return {stop_.position.run, stop_.position.step};
}

// On the board ------------------------------------------------------------------------------------------------------

/// What a step from the present needs.
support::Result<DebugSession::Task> DebugSession::taskFor(StepGoal::Kind kind, Granularity granularity) {
    Task task;
    if (liveReply_.cause == RBPF_CAUSE_IDLE || liveReply_.cause == RBPF_CAUSE_EXIT) {
        task.atEntry = true; // whatever the step: the next run's first instruction
        return task;
    }
    const auto pc = static_cast<std::uint32_t>(liveReply_.reg[rsp::kRegisterPc]);
    const auto calls = checked(live_->calls());
    if (!calls) {
        return tl::unexpected(calls.error());
    }
    task.goal.emplace(program_, kind, granularity, pc, calls->size());
    const StepGoal::Exits exits = task.goal->exits();
    const image::Instruction* instruction = program_.at(pc);
    const bool branches = instruction != nullptr && (instruction->isJump() || instruction->isLocalCall());
    const bool next = exits.addresses.size() == 1 && !exits.caller && !branches && instruction != nullptr &&
                      exits.addresses.contains(pc + instruction->slots * 8);
    if (next || (kind == StepGoal::Kind::Into && granularity == Granularity::Instruction)) {
        task.single = true;
        return task;
    }
    task.stops = exits.addresses;
    task.needsDepth = exits.throughCalls || !calls->empty();
    if (exits.caller) {
        if (calls->empty()) {
            task.atEntry = true;
        } else {
            task.stops.insert(calls->front().returnPc);
        }
    }
    return task;
}

support::Result<void> DebugSession::start(Task task) {
    task_ = std::move(task);
    auto gone = goOn();
    if (!gone) {
        task_.reset();
    }
    return gone;
}

support::Result<void> DebugSession::goOn() {
    Wanted wanted = wantedFor(breakpoints_.entries());
    if (task_) {
        for (const std::uint32_t address : task_->stops) {
            wanted.breakAt(address);
        }
    }
    if (entryOnce_ || (task_ && task_->atEntry)) {
        wanted.mask |= RBPF_STOP_ENTRY;
    }
    auto set = points_.set(*client_, wanted);
    if (!set && set.error().kind == ErrorKind::Board && task_ && task_->goal && !task_->stops.empty()) {
        // The board has no room for this step's breakpoints: instruction by instruction then.
        wanted = wantedFor(breakpoints_.entries());
        wanted.mask |= task_->atEntry ? RBPF_STOP_ENTRY : 0u;
        task_->stops.clear();
        task_->single = true;
        task_->needsDepth = true;
        set = points_.set(*client_, wanted);
    }
    if (!set) {
        return checked(std::move(set));
    }
    auto gone = checked(task_ && task_->single ? client_->step() : client_->resume());
    if (gone) {
        running_ = true;
        live_.reset();
        target_.reset();
        stack_.reset();
    }
    return gone;
}

support::Result<void> DebugSession::interrupt() {
    if (ended_ || lost_ || !client_) {
        return fail(ErrorKind::Link, ended_.value_or("there is no board to interrupt"));
    }
    if (!running_) {
        return {};
    }
    task_.reset();
    halting_ = true;
    return checked(client_->interrupt());
}

/// Breakpoints change: if the script runs, its board hears of it in a pause that nobody sees.
void DebugSession::tellRunning() {
    if (running_ && client_ && !pause_) {
        pause_ = checked(client_->interrupt()).has_value();
    }
}

// Both --------------------------------------------------------------------------------------------------------------

support::Result<void> DebugSession::resume() {
    if (auto may = mayGo(); !may) {
        return may;
    }
    if (inPast()) {
        return arrive(traveller().resume(here()), true);
    }
    task_.reset();
    return goOn();
}

support::Result<void> DebugSession::move(StepGoal::Kind kind, Granularity granularity) {
    if (auto may = mayGo(); !may) {
        return may;
    }
    if (inPast()) {
        return arrive(traveller().step(here(), kind, granularity), true);
    }
    auto task = taskFor(kind, granularity);
    if (!task) {
        return tl::unexpected(task.error());
    }
    return start(std::move(*task));
}

support::Result<void> DebugSession::stepInto(Granularity granularity) {
    return move(StepGoal::Kind::Into, granularity);
}

support::Result<void> DebugSession::stepOver(Granularity granularity) {
    return move(StepGoal::Kind::Over, granularity);
}

support::Result<void> DebugSession::stepOut() {
    return move(StepGoal::Kind::Out, Granularity::Line);
}

support::Result<void> DebugSession::runTo(std::uint32_t address) {
    if (auto may = mayGo(); !may) {
        return may;
    }
    if (program_.at(address) == nullptr) {
        return fail(ErrorKind::Usage, fmt::format("0x{:x} is not the address of an instruction", address));
    }
    if (inPast()) {
        return arrive(traveller().runTo(here(), address), true);
    }
    Task task;
    task.stops.insert(address);
    return start(std::move(task));
}

// In history --------------------------------------------------------------------------------------------------------

void DebugSession::showPresent() {
    if (live_) {
        target_ = live_;
        stack_.reset();
        stop_ = liveStop_;
    }
}

support::Result<void> DebugSession::show(const Moment& moment) {
    if (live_ && moment == now()) {
        showPresent();
        return {};
    }
    auto state = history_.stateAt(moment.run, moment.step);
    if (!state) {
        return tl::unexpected(state.error());
    }
    Stop stop;
    stop.cause = RBPF_CAUSE_STEP;
    stop.position = {moment.run, moment.step, false};
    stop.location = program_.locate(state->pc);
    const auto& end = history_.runs()[moment.run - 1].end;
    if (end && moment.step == history_.steps(moment.run)) {
        stop.cause = end->cause;
        stop.status = end->status;
        stop.detail = end->detail;
    }
    target_ = std::make_shared<PastTarget>(std::move(*state));
    stack_.reset();
    stop_ = std::move(stop);
    return {};
}

support::Result<void> DebugSession::arrive(const Traveller::Found& found, bool forwards) {
    if (!found) {
        return tl::unexpected(found.error());
    }
    if (auto shown = show(found->at); !shown) {
        return shown;
    }
    Stop stop = stop_;
    const bool atEnd = stop.cause != RBPF_CAUSE_STEP && forwards && found->breakpoints.empty();
    if (!atEnd && (!stop.position.live || !found->breakpoints.empty())) {
        stop.cause = found->cause;
        stop.detail = found->detail;
        stop.status = 0;
    }
    stop.breakpoints = found->breakpoints;
    stop.atHistoryEnd = found->edge;
    if (found->edge && stop.position.live) {
        stop.cause = RBPF_CAUSE_STEP;
        const Stop present = liveStop_;
        announce(std::move(stop));
        liveStop_ = present; // why the board stopped is still what it was
        return {};
    }
    if (stop.position.live) {
        const Stop present = liveStop_;
        announce(std::move(stop));
        liveStop_ = present;
        return {};
    }
    announce(std::move(stop));
    return {};
}

support::Result<void> DebugSession::stepBack(StepGoal::Kind kind, Granularity granularity) {
    if (auto may = mayGo().and_then([this] { return mayGoBack(); }); !may) {
        return may;
    }
    return arrive(traveller().stepBack(here(), kind, granularity), false);
}

support::Result<void> DebugSession::stepBackInto(Granularity granularity) {
    return stepBack(StepGoal::Kind::Into, granularity);
}

support::Result<void> DebugSession::stepBackOver(Granularity granularity) {
    return stepBack(StepGoal::Kind::Over, granularity);
}

support::Result<void> DebugSession::stepBackOut() {
    return stepBack(StepGoal::Kind::Out, Granularity::Line);
}

support::Result<void> DebugSession::reverseResume() {
    if (auto may = mayGo().and_then([this] { return mayGoBack(); }); !may) {
        return may;
    }
    return arrive(traveller().reverseResume(here()), false);
}

support::Result<void> DebugSession::travel(const Position& position) {
    if (auto may = mayGo(); !may) {
        return may;
    }
    const Moment to = position.live ? now() : Moment{position.run, position.step};
    if (position.live && live_) {
        showPresent();
        announce(stop_);
        return {};
    }
    if (to.run == 0 || to.run > history_.runs().size()) {
        return fail(ErrorKind::Usage, options_.history
                                          ? fmt::format("run {} is not recorded", to.run)
                                          : std::string("history is off: this session goes forwards only"));
    }
    if (auto shown = show(to); !shown) {
        return shown;
    }
    announce(stop_);
    return {};
}

} // namespace rbpf::session
