// SPDX-License-Identifier: GPL-3.0-or-later
// Movement through history: where a step or a resume ends, forwards and backwards, breakpoints included.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "debugger/session/history.hpp"
#include "debugger/session/places.hpp"
#include "debugger/session/program.hpp"
#include "debugger/session/step_goal.hpp"

namespace rbpf::session {

/// A step of a run.
struct Moment {
    std::uint32_t run = 0;
    std::uint64_t step = 0;
    auto operator<=>(const Moment&) const = default;
};

/// Where a movement ended.
struct Arrival {
    Moment at;
    bool edge = false;            ///< history began or ended before the goal was met
    std::vector<int> breakpoints; ///< hit there
    rbpf_cause_t cause = RBPF_CAUSE_STEP;
    std::uint32_t detail = 0;
};

class Traveller {
public:
    /// `now`: the last moment there is.
    Traveller(History& history, const Program& program, std::map<int, BreakpointEntry>& breakpoints, Moment now)
        : history_(history), program_(program), breakpoints_(breakpoints), now_(now) {}

    using Found = support::Result<Arrival>;
    [[nodiscard]] Found resume(Moment from);
    [[nodiscard]] Found reverseResume(Moment from);
    [[nodiscard]] Found step(Moment from, StepGoal::Kind kind, Granularity granularity);
    [[nodiscard]] Found stepBack(Moment from, StepGoal::Kind kind, Granularity granularity);
    [[nodiscard]] Found runTo(Moment from, std::uint32_t address);

    [[nodiscard]] support::Result<Moment> previous(Moment from) const;

private:
    struct Trace {
        std::uint64_t step = 0;
        std::uint32_t pc = 0;
        std::uint32_t depth = 0;
    };
    using Trail = std::vector<Trace>;

    /// What breakpoints say of one instruction: hit before it, or (accesses, stores) behind it.
    struct Hit {
        bool behind = false;
        Arrival arrival;
    };
    [[nodiscard]] std::optional<Hit> hitAt(std::uint32_t run, const History::StepView& view) const;
    [[nodiscard]] bool accessed(std::uint32_t run, const History::StepView& view, const BreakpointEntry& entry) const;
    [[nodiscard]] std::uint64_t stepsOf(std::uint32_t run) const;
    /// First hit with a place in (from, to] of a run.
    [[nodiscard]] support::Result<std::optional<Arrival>> firstHit(Moment from, std::uint64_t to);
    /// Last hit with a place in [from, before) of a run.
    [[nodiscard]] support::Result<std::optional<Arrival>> lastHit(Moment from, std::uint64_t before);
    [[nodiscard]] std::optional<Arrival> exitHit(std::uint32_t run) const;
    /// Steps [first, from.step] of a run; `first` goes back until `enough` is content or the run's beginning is there.
    [[nodiscard]] support::Result<Trail> trailBack(Moment from, const std::function<bool(const Trail&)>& enough);
    [[nodiscard]] support::Result<Trace> traceAt(Moment at);

    History& history_;
    const Program& program_;
    std::map<int, BreakpointEntry>& breakpoints_;
    Moment now_;
};

} // namespace rbpf::session
