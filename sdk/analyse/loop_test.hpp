// SPDX-License-Identifier: GPL-3.0-or-later
// The conditional jumps that lead out of a loop: how far each is from leaving it, and which of them says why the loop does
// not come to an end.
#pragma once

#include <cstdint>
#include <vector>

#include "sdk/analyse/control_flow.hpp"
#include "sdk/analyse/follow.hpp"

namespace rbpf::analyse {

/// A conditional jump that may lead out of a loop, as a turn met it.
struct LoopTest {
    std::uint32_t slot = 0;
    std::uint8_t reg = 0; ///< of what it compares, the one that is not known
    Origin origin{};
    bool mayLeave = false;
    bool isExact = false;       ///< both sides are constants
    std::uint64_t distance = 0; ///< how far apart the sides may be
};

[[nodiscard]] LoopTest loopTest(const image::Instruction& in, const Value& left, const Value& right, bool mayLeave);

/// Slots of the jumps out of the loop and back to its header.
[[nodiscard]] std::vector<std::uint32_t> testsOf(const ControlFlow& flow, const Text& text, std::size_t loop);

/// Whether, at the pace of the last `turns`, none of the tests gets to its end within `reachable` more. Only a guess: it
/// costs precision, never truth.
[[nodiscard]] bool isHopeless(const std::vector<LoopTest>& before, const std::vector<LoopTest>& now, std::uint64_t turns,
                              std::uint64_t reachable);

/// Why the loop is given up; the first time counts.
void explain(LoopTrack& track, LoopTrack::Reason reason, const std::vector<LoopTest>& tests);

} // namespace rbpf::analyse
