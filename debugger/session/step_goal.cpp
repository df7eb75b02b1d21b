// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/session/step_goal.hpp"

#include <algorithm>

namespace rbpf::session {

StepGoal::StepGoal(const Program& program, Kind kind, Granularity granularity, std::uint32_t pc, std::size_t depth)
    : program_(&program), kind_(kind), granularity_(granularity), startPc_(pc), startDepth_(depth) {
    startFrames_ = std::max<std::size_t>(1, program.info().framesAt(pc).size());
    const dwarf::StepRanges ranges = program.info().stepRanges(pc);
    ranges_ = kind == Kind::Into ? ranges.own : ranges.withCalls;
    if (ranges.own.empty()) {
        granularity_ = Granularity::Instruction; // code without lines
    }
}

bool StepGoal::doneInFrame(std::uint32_t pc) const {
    const auto frames = [&] { return std::max<std::size_t>(1, program_->info().framesAt(pc).size()); };
    if (kind_ == Kind::Out) {
        return frames() < startFrames_;
    }
    if (granularity_ == Granularity::Instruction) {
        return true;
    }
    if (std::any_of(ranges_.begin(), ranges_.end(), [pc](const auto& range) { return range.contains(pc); })) {
        return false;
    }
    const auto position = program_->info().positionOf(pc);
    return position && position->line != 0;
}

bool StepGoal::done(std::uint32_t pc, std::size_t depth) const {
    if (depth < startDepth_) {
        return true;
    }
    if (depth == startDepth_) {
        return doneInFrame(pc);
    }
    if (kind_ != Kind::Into) {
        return false;
    }
    if (granularity_ == Granularity::Instruction) {
        return true;
    }
    const auto function = program_->info().functionAt(pc);
    return depth == startDepth_ + 1 && function && pc == function->bodyStart;
}

StepGoal::Exits StepGoal::exits() const {
    Exits exits;
    std::set<std::uint32_t> seen;
    std::vector<std::uint32_t> open;
    const auto expand = [&](std::uint32_t pc) {
        const image::Instruction* instruction = program_->at(pc);
        if (instruction == nullptr) {
            return;
        }
        if (instruction->opcode == image::kOpExit) {
            exits.caller = true;
            return;
        }
        const std::uint32_t next = pc + instruction->slots * 8;
        if (const auto target = instruction->target(); target && instruction->isLocalCall()) {
            const auto callee = static_cast<std::uint32_t>(*target) * 8;
            exits.throughCalls = true;
            if (kind_ == Kind::Into) {
                const auto function = program_->info().functionAt(callee);
                if (granularity_ == Granularity::Instruction) {
                    exits.addresses.insert(callee);
                } else if (function) {
                    exits.addresses.insert(function->bodyStart);
                }
            }
            open.push_back(next);
        } else {
            if (target) {
                open.push_back(static_cast<std::uint32_t>(*target) * 8);
            }
            if (instruction->opcode != image::kOpGoto && instruction->opcode != image::kOpGotol) {
                open.push_back(next);
            }
        }
    };
    expand(startPc_);
    while (!open.empty()) {
        const std::uint32_t pc = open.back();
        open.pop_back();
        if (!seen.insert(pc).second) {
            continue;
        }
        if (doneInFrame(pc)) {
            exits.addresses.insert(pc);
        } else {
            expand(pc);
        }
    }
    return exits;
}

} // namespace rbpf::session
