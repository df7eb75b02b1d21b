// SPDX-License-Identifier: GPL-3.0-or-later
// What is set on the board to stop it: kept there from one run to the next, so that only differences are sent.
#pragma once

#include <cstdint>
#include <set>
#include <tuple>
#include <vector>

#include "debugger/rsp/rsp_client.hpp"
#include "debugger/session/places.hpp"

namespace rbpf::session {

/// What the board should stop at.
struct Wanted {
    using Point = std::tuple<rsp::Point, std::uint32_t, std::uint32_t>; ///< kind, address, size
    std::set<Point> points;
    std::uint32_t mask = 0; ///< RBPF_STOP_*
    std::vector<std::uint32_t> bindings, keys;

    void breakAt(std::uint32_t address) { points.insert({rsp::Point::Breakpoint, address, kBreakpointKind}); }
    bool operator==(const Wanted&) const = default;

    /// The "kind" of a Z0 packet: the size of an instruction.
    static constexpr std::uint32_t kBreakpointKind = 8;
};

/// For all enabled breakpoints; faults and spent budgets always stop.
[[nodiscard]] Wanted wantedFor(const std::map<int, BreakpointEntry>& breakpoints);

class BoardPoints {
public:
    /// Afterwards the board has exactly `wanted`. On an Error the rest is told again the next time.
    support::Result<void> set(rsp::RspClient& client, const Wanted& wanted);
    /// The board has forgotten everything: a new attachment.
    void forget() { there_ = {}; }

private:
    Wanted there_{{}, RBPF_STOP_FAULT, {}, {}};
};

} // namespace rbpf::session
