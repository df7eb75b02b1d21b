// SPDX-License-Identifier: GPL-3.0-or-later
// Breakpoints in history, and resume in both directions.
#include <algorithm>

#include "debugger/session/travel.hpp"
#include "debugger/session/unwind.hpp"
#include "sdk/image/bindings.hpp"

namespace rbpf::session {

using Kind = BreakpointSpec::Kind;

namespace {

/// Ids of the bindings that write to a store (bindings.def): r1 is the key.
bool writesStore(std::uint32_t binding) {
    const auto name = image::bindingName(binding);
    return name && (*name == "bpf_store_local" || *name == "bpf_store_global");
}

} // namespace

std::uint64_t Traveller::stepsOf(std::uint32_t run) const {
    return run == now_.run ? now_.step : history_.steps(run);
}

bool Traveller::accessed(std::uint32_t run, const History::StepView& view, const BreakpointEntry& entry) const {
    const BreakpointSpec& spec = entry.shown.spec;
    const image::Instruction* instruction = program_.at(view.pc);
    if (instruction == nullptr) {
        return false;
    }
    if (const auto access = accessOf(*instruction, view.reg)) {
        return access->touches(entry.watched, entry.watchedBytes) &&
               ((access->reads && spec.onRead) || (access->writes && spec.onWrite));
    }
    if (!instruction->isBindingCall() || !spec.onWrite) {
        return false;
    }
    const auto& calls = history_.runs()[run - 1].calls;
    const auto call = std::lower_bound(calls.begin(), calls.end(), view.step,
                                       [](const RecordedCall& each, std::uint64_t step) { return each.step < step; });
    return call != calls.end() && call->step == view.step &&
           std::any_of(call->writes.begin(), call->writes.end(), [&](const RecordedWrite& write) {
               return Access{write.address, static_cast<std::uint32_t>(write.bytes.size()), false, true}.touches(
                   entry.watched, entry.watchedBytes);
           });
}

std::optional<Traveller::Hit> Traveller::hitAt(std::uint32_t run, const History::StepView& view) const {
    std::optional<Hit> hit;
    const auto take = [&](const BreakpointEntry& entry, bool behind, rbpf_cause_t cause, std::uint32_t detail) {
        if (hit && hit->behind != behind) {
            return; // before comes first
        }
        StepState state(view);
        if (!BreakpointTable::stopsInHistory(entry, {program_.info(), view.pc, 0, state})) {
            return;
        }
        if (!hit) {
            hit = Hit{behind, {{run, view.step + (behind ? 1 : 0)}, false, {}, cause, detail}};
        }
        hit->arrival.breakpoints.push_back(entry.shown.id);
    };
    const auto each = [&](bool behind) {
        for (const auto& [id, entry] : breakpoints_) {
            if (!entry.shown.enabled) {
                continue;
            }
            const BreakpointSpec& spec = entry.shown.spec;
            const image::Instruction* instruction = nullptr;
            switch (spec.kind) {
            case Kind::Line:
            case Kind::Function:
            case Kind::Instruction:
                if (!behind &&
                    std::find(entry.addresses.begin(), entry.addresses.end(), view.pc) != entry.addresses.end()) {
                    take(entry, false, RBPF_CAUSE_BREAKPOINT, 0);
                }
                break;
            case Kind::Entry:
                if (!behind && view.step == 0) {
                    take(entry, false, RBPF_CAUSE_ENTRY, 0);
                }
                break;
            case Kind::Watch:
                if (behind && accessed(run, view, entry)) {
                    take(entry, true, RBPF_CAUSE_WATCHPOINT, entry.watched);
                }
                break;
            case Kind::Binding:
            case Kind::Store:
                instruction = program_.at(view.pc);
                if (instruction == nullptr || !instruction->isBindingCall() || behind != (spec.kind == Kind::Store)) {
                    break;
                }
                if (spec.kind == Kind::Binding) {
                    const auto id32 = static_cast<std::uint32_t>(instruction->imm);
                    if (spec.address == 0 || spec.address == id32) {
                        take(entry, false, RBPF_CAUSE_BINDING, id32);
                    }
                } else if (writesStore(static_cast<std::uint32_t>(instruction->imm)) &&
                           static_cast<std::uint32_t>(view.reg[1]) == spec.address) {
                    take(entry, true, RBPF_CAUSE_STORE, spec.address);
                }
                break;
            case Kind::Exit:
                break; // exitHit()
            }
        }
    };
    each(false);
    each(true);
    return hit;
}

std::optional<Arrival> Traveller::exitHit(std::uint32_t run) const {
    const auto& end = history_.runs()[run - 1].end;
    if (!end) {
        return std::nullopt;
    }
    std::optional<Arrival> arrival;
    for (const auto& [id, entry] : breakpoints_) {
        if (entry.shown.enabled && entry.shown.spec.kind == Kind::Exit) {
            if (!arrival) {
                arrival = Arrival{{run, stepsOf(run)}, false, {}, end->cause, end->detail};
            }
            arrival->breakpoints.push_back(id);
        }
    }
    return arrival;
}

support::Result<std::optional<Arrival>> Traveller::firstHit(Moment from, std::uint64_t to) {
    std::optional<Arrival> found;
    const auto walked = history_.walk(from.run, from.step, to, [&](const History::StepView& view) {
        auto hit = hitAt(from.run, view);
        if (hit && !hit->behind && view.step == from.step) {
            hit.reset(); // where we stand; an access of this instruction still counts
            for (auto& [id, entry] : breakpoints_) {
                if (entry.shown.enabled && entry.shown.spec.kind == Kind::Watch && accessed(from.run, view, entry)) {
                    hit = Hit{true, {{from.run, view.step + 1}, false, {id}, RBPF_CAUSE_WATCHPOINT, entry.watched}};
                }
            }
        }
        if (hit) {
            found = std::move(hit->arrival);
        }
        return !found;
    });
    if (!walked) {
        return tl::unexpected(walked.error());
    }
    return found;
}

support::Result<std::optional<Arrival>> Traveller::lastHit(Moment from, std::uint64_t before) {
    // Windows from the end, so that a near hit in a long run is found soon.
    std::uint64_t high = before;
    std::uint64_t bytes = 4096;
    while (high > from.step) {
        const std::uint64_t low = high - std::min(high - from.step, bytes);
        std::optional<Arrival> found;
        const auto walked = history_.walk(from.run, low, high, [&](const History::StepView& view) {
            if (auto hit = hitAt(from.run, view)) {
                found = std::move(hit->arrival);
                found->at.step = view.step; // backwards one stops before an access, with the old value
            }
            return true;
        });
        if (!walked) {
            return tl::unexpected(walked.error());
        }
        if (found) {
            return found;
        }
        high = low;
        bytes *= 4;
    }
    return std::nullopt;
}

Traveller::Found Traveller::resume(Moment from) {
    for (Moment at = from; at.run <= now_.run;) {
        auto hit = firstHit(at, stepsOf(at.run));
        if (!hit) {
            return tl::unexpected(hit.error());
        }
        if (*hit) {
            return **hit;
        }
        if (auto exit = at.run == now_.run || at.step == stepsOf(at.run) ? std::nullopt : exitHit(at.run)) {
            return *exit;
        }
        at = {at.run + 1, 0};
        if (at.run > now_.run) {
            break;
        }
        // The first instruction of a run is behind us only if we stood there.
        std::optional<Arrival> first;
        const auto walked =
            history_.walk(at.run, 0, std::min<std::uint64_t>(1, stepsOf(at.run)), [&](const History::StepView& view) {
                if (auto found = hitAt(at.run, view); found && !found->behind) {
                    first = std::move(found->arrival);
                }
                return true;
            });
        if (!walked) {
            return tl::unexpected(walked.error());
        }
        if (first) {
            return *first;
        }
    }
    return Arrival{now_, true, {}, RBPF_CAUSE_STEP, 0};
}

Traveller::Found Traveller::reverseResume(Moment from) {
    for (Moment at = from; at.run > 0; --at.run, at.step = at.run > 0 ? stepsOf(at.run) : 0) {
        if (at.run != from.run) {
            if (auto exit = exitHit(at.run)) {
                return *exit;
            }
        }
        auto hit = lastHit({at.run, 0}, at.step);
        if (!hit) {
            return tl::unexpected(hit.error());
        }
        if (*hit) {
            return **hit;
        }
    }
    return Arrival{{1, 0}, true, {}, RBPF_CAUSE_STEP, 0};
}

Traveller::Found Traveller::runTo(Moment from, std::uint32_t address) {
    BreakpointEntry entry;
    entry.shown.spec.kind = Kind::Instruction;
    entry.shown.id = 0;
    entry.addresses = {address};
    breakpoints_.emplace(0, std::move(entry));
    auto found = resume(from);
    breakpoints_.erase(0);
    if (found) {
        std::erase(found->breakpoints, 0);
        found->cause =
            found->breakpoints.empty() && found->cause == RBPF_CAUSE_BREAKPOINT ? RBPF_CAUSE_STEP : found->cause;
    }
    return found;
}

} // namespace rbpf::session
