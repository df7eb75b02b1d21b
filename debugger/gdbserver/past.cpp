// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/gdbserver/past.hpp"

#include <algorithm>

#include "debugger/gdbserver/accesses.hpp"

namespace rbpf::gdbserver {

using rsp::StopReply;
using support::Result;

Past::Past(session::History& history) : history_(&history) {
    if (rbpf_image_open(&image_, history.image().data(), static_cast<std::uint32_t>(history.image().size())) !=
        RBPF_STATUS_OK) {
        image_.textBytes = 0; // History takes no such image; without text no watchpoint is met
    }
}

void Past::setLive(std::optional<Place> live, std::uint32_t livePc, std::uint32_t lastRun) {
    live_ = live;
    livePc_ = livePc;
    lastRun_ = lastRun;
    place_.reset();
}

Result<session::MachineState> Past::state() const {
    return history_->stateAt(place_->run, place_->step);
}

/// The last step at which a run can be looked at: before its exit, or at what it faulted on.
std::uint64_t Past::lastStep(std::uint32_t run) const {
    const session::RecordedRun& recorded = history_->runs()[run - 1];
    const std::uint64_t steps = history_->steps(run);
    const bool exited = recorded.end && recorded.end->cause == RBPF_CAUSE_EXIT;
    return exited && steps > 0 ? steps - 1 : steps;
}

std::optional<Past::Place> Past::before(const Place& place) const {
    if (place.step > 0) {
        return Place{place.run, place.step - 1};
    }
    return place.run > 1 ? std::optional<Place>({place.run - 1, lastStep(place.run - 1)}) : std::nullopt;
}

/// nullopt = the present.
std::optional<Past::Place> Past::after(const Place& place) const {
    Place next{place.run, place.step + 1};
    const bool isLiveRun = live_ && place.run == live_->run;
    if (!isLiveRun && place.step >= lastStep(place.run)) {
        if (place.run >= lastRun_) {
            return std::nullopt;
        }
        next = {place.run + 1, 0};
    }
    return live_ && next == *live_ ? std::nullopt : std::optional<Place>(next);
}

/// The place before which "back" begins to look; nullopt = nothing is recorded.
std::optional<Past::Place> Past::present() const {
    if (live_) {
        return live_;
    }
    return lastRun_ > 0 ? std::optional<Place>({lastRun_, lastStep(lastRun_) + 1}) : std::nullopt;
}

Past::Arrival Past::arrive(std::optional<Place> place) {
    place_ = place;
    Arrival arrival;
    arrival.where = place ? Arrival::Where::Inside : Arrival::Where::Live;
    return arrival;
}

Result<Past::Arrival> Past::stepBack() {
    const auto from = place_ ? place_ : present();
    const auto to = from ? before(*from) : std::nullopt;
    if (!to) {
        return Arrival{Arrival::Where::Begin, std::nullopt, false};
    }
    return arrive(to);
}

Result<Past::Arrival> Past::stepForward() {
    return arrive(after(*place_));
}

/// Which watchpoint the instruction about to be executed meets.
std::optional<StopReply::Watched> Past::watchedAt(const session::RecordedRun& run,
                                                  const session::History::StepView& view, const Points& points) const {
    if (!points.watching() || view.pc + 8 > image_.textBytes) {
        return std::nullopt;
    }
    if (const auto access = accessOf(image_.text + view.pc, view.reg)) {
        return points.watched(access->address, access->size, access->reads, access->writes);
    }
    const auto call =
        std::lower_bound(run.calls.begin(), run.calls.end(), view.step,
                         [](const session::RecordedCall& left, std::uint64_t step) { return left.step < step; });
    if (call == run.calls.end() || call->step != view.step) {
        return std::nullopt;
    }
    for (const session::RecordedWrite& write : call->writes) {
        const auto size = static_cast<std::uint32_t>(write.bytes.size());
        if (auto watched = points.watched(write.address, size, false, true)) {
            return watched;
        }
    }
    return std::nullopt;
}

/// A run that did not exit can be looked at behind its last executed instruction, where no walk leads.
bool Past::breaksAtLast(std::uint32_t run, const Points& points) {
    const std::uint64_t last = lastStep(run);
    if (last < history_->steps(run)) {
        return false;
    }
    const auto state = history_->stateAt(run, last);
    return state && points.breakAt(state->pc);
}

/// The last of a run's steps [0, end) at which going back stops.
Result<std::optional<Past::Hit>> Past::lastHit(std::uint32_t run, std::uint64_t end, const Points& points) {
    std::optional<Hit> hit;
    const session::RecordedRun& recorded = history_->runs()[run - 1];
    const std::uint64_t walkEnd = std::min(end, history_->steps(run));
    auto walked = history_->walk(run, 0, walkEnd, [&](const session::History::StepView& view) {
        const auto watched = watchedAt(recorded, view, points);
        if (watched || points.breakAt(view.pc)) {
            hit = Hit{{run, view.step}, watched};
        }
        return true;
    });
    if (!walked) {
        return tl::unexpected(walked.error());
    }
    if (end > walkEnd && breaksAtLast(run, points)) {
        hit = Hit{{run, walkEnd}, std::nullopt};
    }
    return hit;
}

Result<Past::Arrival> Past::back(const Points& points) {
    const auto from = place_ ? place_ : present();
    if (!from) {
        return Arrival{Arrival::Where::Begin, std::nullopt, false};
    }
    std::uint64_t end = from->step;
    for (std::uint32_t run = from->run; run > 0; --run) {
        const auto hit = lastHit(run, end, points);
        if (!hit) {
            return tl::unexpected(hit.error());
        }
        if (*hit) {
            Arrival arrival = arrive((*hit)->place);
            arrival.watched = (*hit)->watched;
            return arrival;
        }
        end = run > 1 ? lastStep(run - 1) + 1 : 0;
    }
    Arrival arrival = arrive(Place{1, 0});
    arrival.where = Arrival::Where::Begin;
    return arrival;
}

/// The first place behind `from` in its run at which going forward stops.
Result<std::optional<Past::Hit>> Past::firstHit(const Place& from, const Points& points) {
    std::optional<Hit> hit;
    const session::RecordedRun& recorded = history_->runs()[from.run - 1];
    const bool isLiveRun = live_ && from.run == live_->run;
    const std::uint64_t walkEnd = isLiveRun ? live_->step : history_->steps(from.run);
    auto walked = history_->walk(from.run, from.step, walkEnd, [&](const session::History::StepView& view) {
        if (view.step != from.step && points.breakAt(view.pc)) {
            hit = Hit{{from.run, view.step}, std::nullopt};
        } else if (const auto watched = watchedAt(recorded, view, points)) {
            hit = Hit{{from.run, view.step}, watched};
        }
        return !hit;
    });
    if (!walked) {
        return tl::unexpected(walked.error());
    }
    if (!hit && !isLiveRun && walkEnd != from.step && breaksAtLast(from.run, points)) {
        hit = Hit{{from.run, walkEnd}, std::nullopt};
    }
    return hit;
}

Result<Past::Arrival> Past::forward(const Points& points) {
    std::optional<Place> at = place_;
    bool first = true;
    while (at) {
        if (!first && at->step == 0) {
            // The first instruction of a later run is a place to stop at like any other.
            const auto state = history_->stateAt(at->run, 0);
            if (state && points.breakAt(state->pc)) {
                return arrive(at);
            }
        }
        first = false;
        const auto hit = firstHit(*at, points);
        if (!hit) {
            return tl::unexpected(hit.error());
        }
        if (*hit) {
            Arrival arrival = arrive((*hit)->watched ? after((*hit)->place) : (*hit)->place);
            arrival.watched = (*hit)->watched;
            arrival.atBreakpoint = true;
            return arrival;
        }
        const bool isLiveRun = live_ && at->run == live_->run;
        at = isLiveRun ? std::nullopt : after({at->run, lastStep(at->run)});
    }
    Arrival arrival = arrive(std::nullopt);
    arrival.atBreakpoint = live_ && points.breakAt(livePc_);
    return arrival;
}

} // namespace rbpf::gdbserver
