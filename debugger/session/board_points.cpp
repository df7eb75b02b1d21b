// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/session/board_points.hpp"

#include <algorithm>

namespace rbpf::session {

using Kind = BreakpointSpec::Kind;

Wanted wantedFor(const std::map<int, BreakpointEntry>& breakpoints) {
    Wanted wanted;
    wanted.mask = RBPF_STOP_FAULT | RBPF_STOP_BUDGET;
    bool anyBinding = false;
    for (const auto& [id, entry] : breakpoints) {
        if (!entry.shown.enabled) {
            continue;
        }
        const BreakpointSpec& spec = entry.shown.spec;
        switch (spec.kind) {
        case Kind::Line:
        case Kind::Function:
        case Kind::Instruction:
            std::for_each(entry.addresses.begin(), entry.addresses.end(),
                          [&](std::uint32_t address) { wanted.breakAt(address); });
            break;
        case Kind::Watch:
            wanted.points.insert(
                {spec.onRead ? spec.onWrite ? rsp::Point::Access : rsp::Point::Read : rsp::Point::Write, entry.watched,
                 entry.watchedBytes});
            break;
        case Kind::Store:
            wanted.mask |= RBPF_STOP_STORE;
            wanted.keys.push_back(spec.address);
            break;
        case Kind::Binding:
            wanted.mask |= RBPF_STOP_BINDING;
            anyBinding = anyBinding || spec.address == 0;
            wanted.bindings.push_back(spec.address);
            break;
        case Kind::Entry:
            wanted.mask |= RBPF_STOP_ENTRY;
            break;
        case Kind::Exit:
            wanted.mask |= RBPF_STOP_EXIT;
            break;
        }
    }
    if (anyBinding) {
        wanted.bindings.clear();
    }
    return wanted;
}

support::Result<void> BoardPoints::set(rsp::RspClient& client, const Wanted& wanted) {
    const auto old = there_.points;
    for (const auto& point : old) {
        if (!wanted.points.contains(point)) {
            const auto [kind, address, size] = point;
            if (auto removed = client.removePoint(kind, address, size); !removed) {
                return removed;
            }
            there_.points.erase(point);
        }
    }
    for (const auto& point : wanted.points) {
        if (!there_.points.contains(point)) {
            const auto [kind, address, size] = point;
            if (auto inserted = client.insertPoint(kind, address, size); !inserted) {
                return inserted;
            }
            there_.points.insert(point);
        }
    }
    if (there_.mask != wanted.mask || there_.bindings != wanted.bindings || there_.keys != wanted.keys) {
        if (auto told = client.stopOn(wanted.mask, wanted.bindings, wanted.keys); !told) {
            return told;
        }
        there_.mask = wanted.mask;
        there_.bindings = wanted.bindings;
        there_.keys = wanted.keys;
    }
    return {};
}

} // namespace rbpf::session
