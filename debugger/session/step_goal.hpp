// SPDX-License-Identifier: GPL-3.0-or-later
// When a step is done: one answer for the board and for history. Also where it can end, found in the text ahead, so
// that a board need not stop after every instruction.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "debugger/session/program.hpp"

namespace rbpf::session {

class StepGoal {
public:
    enum class Kind : std::uint8_t {
        Into,
        Over,
        Out
    };
    /// A step from `pc` with `depth` local calls active.
    StepGoal(const Program& program, Kind kind, Granularity granularity, std::uint32_t pc, std::size_t depth);

    /// True where the step ends; asked before every instruction behind the first one.
    [[nodiscard]] bool done(std::uint32_t pc, std::size_t depth) const;

    struct Exits {
        std::set<std::uint32_t> addresses; ///< where it can end
        bool caller = false;               ///< it can end at the return address of its frame
        bool throughCalls = false;         ///< local calls lie in between: compare depths when stopped
    };
    /// By a walk through the text from the start.
    [[nodiscard]] Exits exits() const;

private:
    [[nodiscard]] bool doneInFrame(std::uint32_t pc) const;

    const Program* program_; ///< assignable
    Kind kind_;
    Granularity granularity_;
    std::uint32_t startPc_;
    std::size_t startDepth_;
    std::vector<dwarf::AddressRange> ranges_; ///< of the line
    std::size_t startFrames_ = 1;             ///< C functions that share the frame at the start
};

} // namespace rbpf::session
