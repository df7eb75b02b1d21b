// SPDX-License-Identifier: GPL-3.0-or-later
// Steps in history, in both directions.
#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

#include "debugger/session/travel.hpp"

namespace rbpf::session {

using support::ErrorKind;
using support::fail;

support::Result<Moment> Traveller::previous(Moment from) const {
    if (from.step > 0) {
        return Moment{from.run, from.step - 1};
    }
    if (from.run <= 1) {
        return fail(ErrorKind::Usage, "this is the beginning of history");
    }
    const std::uint64_t steps = stepsOf(from.run - 1);
    return Moment{from.run - 1, steps == 0 ? 0 : steps - 1};
}

support::Result<Traveller::Trace> Traveller::traceAt(Moment at) {
    const auto state = history_.stateAt(at.run, at.step);
    if (!state) {
        return tl::unexpected(state.error());
    }
    return Trace{at.step, state->pc, static_cast<std::uint32_t>(state->frames.size())};
}

Traveller::Found Traveller::step(Moment from, StepGoal::Kind kind, Granularity granularity) {
    const std::uint64_t end = stepsOf(from.run);
    if (from.step >= end) {
        return from.run < now_.run ? Arrival{{from.run + 1, 0}, false, {}, RBPF_CAUSE_STEP, 0}
                                   : Arrival{now_, true, {}, RBPF_CAUSE_STEP, 0};
    }
    const auto start = traceAt(from);
    if (!start) {
        return tl::unexpected(start.error());
    }
    const StepGoal goal(program_, kind, granularity, start->pc, start->depth);
    std::optional<std::uint64_t> met;
    const auto walked = history_.walk(from.run, from.step + 1, end, [&](const History::StepView& view) {
        if (goal.done(view.pc, view.depth)) {
            met = view.step;
        }
        return !met;
    });
    if (!walked) {
        return tl::unexpected(walked.error());
    }
    const std::uint64_t to = met.value_or(end);
    auto hit = firstHit(from, to);
    if (!hit) {
        return tl::unexpected(hit.error());
    }
    if (*hit) {
        return **hit;
    }
    if (met) {
        return Arrival{{from.run, to}, false, {}, RBPF_CAUSE_STEP, 0};
    }
    if (from.run < now_.run) {
        return Arrival{{from.run + 1, 0}, false, {}, RBPF_CAUSE_STEP, 0};
    }
    return Arrival{now_, true, {}, RBPF_CAUSE_STEP, 0};
}

support::Result<Traveller::Trail> Traveller::trailBack(Moment from, const std::function<bool(const Trail&)>& enough) {
    std::uint64_t want = 1024;
    for (;;) {
        const std::uint64_t first = from.step - std::min(from.step, want);
        Trail trail;
        const auto walked = history_.walk(from.run, first, from.step, [&](const History::StepView& view) {
            trail.push_back({view.step, view.pc, static_cast<std::uint32_t>(view.depth)});
            return true;
        });
        if (!walked) {
            return tl::unexpected(walked.error());
        }
        if (first == 0 || enough(trail)) {
            return trail;
        }
        want *= 8;
    }
}

Traveller::Found Traveller::stepBack(Moment from, StepGoal::Kind kind, Granularity granularity) {
    if (from.run == 0) {
        return fail(ErrorKind::Usage, "nothing is recorded yet");
    }
    if (from.step == 0) { // into the end of the run before
        const auto before = previous(from);
        if (!before) {
            return Arrival{from, true, {}, RBPF_CAUSE_STEP, 0};
        }
        return Arrival{*before, false, {}, RBPF_CAUSE_STEP, 0};
    }
    auto here = traceAt(from);
    if (!here) {
        return tl::unexpected(here.error());
    }
    const auto& end = history_.runs()[from.run - 1].end;
    const bool behindEnd = end && end->cause == RBPF_CAUSE_EXIT && from.step == stepsOf(from.run);
    const auto framesAt = [&](std::uint32_t pc) {
        return std::max<std::size_t>(1, program_.info().framesAt(pc).size());
    };
    const std::size_t depth = behindEnd ? 0 : here->depth;
    const std::size_t frames = framesAt(here->pc);
    const bool byLine = granularity == Granularity::Line && !program_.info().empty();

    struct Where {
        std::size_t frames = 1;
        unsigned line = 0;
        std::string name; ///< of file and function
    };
    std::map<std::uint32_t, Where> known; // trails are long, texts short
    const auto whereIs = [&](std::uint32_t pc) -> const Where& {
        const auto [found, isNew] = known.try_emplace(pc);
        if (isNew) {
            const Location location = program_.locate(pc);
            found->second = {framesAt(pc), location.line, location.file + '\n' + location.function};
        }
        return found->second;
    };
    using Key = std::tuple<std::uint32_t, std::size_t, unsigned, std::string_view>;
    const auto keyOf = [&](const Trace& trace) -> Key {
        const Where& where = whereIs(trace.pc);
        return {trace.depth, where.frames, where.line, where.name};
    };
    // Looks for the place; true in `final` if the trail's beginning did not cut the search short.
    const auto search = [&](const Trail& trail, bool& final) -> std::optional<std::uint64_t> {
        final = true;
        auto at = trail.rbegin();
        if (kind == StepGoal::Kind::Out) {
            for (; at != trail.rend(); ++at) {
                if (at->depth < depth || (at->depth == depth && whereIs(at->pc).frames < frames)) {
                    return at->step;
                }
            }
            final = false;
            return std::nullopt;
        }
        const bool over = kind == StepGoal::Kind::Over;
        const auto skipped = [&](const Trace& trace) {
            return (over && trace.depth > depth) || (byLine && whereIs(trace.pc).line == 0);
        };
        while (at != trail.rend() && skipped(*at)) {
            ++at;
        }
        if (at == trail.rend()) {
            final = false;
            return std::nullopt;
        }
        std::uint64_t found = at->step;
        if (!byLine) {
            return found;
        }
        Key key = keyOf(*at);
        const std::uint32_t level = at->depth;
        for (++at; at != trail.rend(); ++at) {
            if (whereIs(at->pc).line == 0 || (over && at->depth > level)) {
                continue;
            }
            const Key other = keyOf(*at);
            if (other != key) {
                if (over || std::get<0>(other) <= std::get<0>(key)) {
                    return found;
                }
                key = other; // the rest of a line behind a call: the step goes into what was called
            }
            found = at->step;
        }
        final = false;
        return found;
    };
    const auto trail = trailBack(from, [&](const Trail& part) {
        bool final = false;
        (void)search(part, final);
        return final;
    });
    if (!trail) {
        return tl::unexpected(trail.error());
    }
    bool final = false;
    const auto target = search(*trail, final);
    const std::uint64_t to = target.value_or(0);
    auto hit = lastHit({from.run, std::min(to + 1, from.step)}, from.step);
    if (!hit) {
        return tl::unexpected(hit.error());
    }
    if (*hit && granularity == Granularity::Line) {
        return **hit;
    }
    return Arrival{{from.run, to}, !target && from.run == 1 && kind != StepGoal::Kind::Out, {}, RBPF_CAUSE_STEP, 0};
}

} // namespace rbpf::session
