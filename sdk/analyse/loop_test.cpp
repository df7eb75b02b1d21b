// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/loop_test.hpp"

#include <algorithm>

#include "rbpf_vm/instruction.hpp"

namespace rbpf::analyse {

namespace {

template <typename U>
std::uint64_t span(bool isSigned, const Range<U>& a, const Range<U>& b) {
    return isSigned ? static_cast<U>(static_cast<U>(std::max(a.smax, b.smax)) - static_cast<U>(std::min(a.smin, b.smin)))
                    : static_cast<U>(std::max(a.umax, b.umax) - std::min(a.umin, b.umin));
}

std::uint64_t distance(const image::Instruction& in, const Value& left, const Value& right) {
    const std::uint32_t op = in.opcode >> 4;
    const bool isSigned = op == vm::kJsgt || op == vm::kJsge || op == vm::kJslt || op == vm::kJsle;
    return in.instructionClass() == image::kClassJmp32 ? span(isSigned, left.low, right.low)
                                                       : span(isSigned, left.wide, right.wide);
}

bool isKnownOrigin(const Value& value) {
    return value.origin.kind != Origin::Kind::None;
}

} // namespace

LoopTest loopTest(const image::Instruction& in, const Value& left, const Value& right, bool mayLeave) {
    LoopTest test;
    test.slot = in.index;
    const bool isRight = left.isConstant() || (!isKnownOrigin(left) && !right.isConstant());
    test.reg = isRight && (in.opcode & vm::kSourceRegister) != 0 ? in.src : in.dst;
    test.origin = isKnownOrigin(left) && !left.isConstant() ? left.origin : right.origin;
    test.mayLeave = mayLeave;
    test.isExact = left.isConstant() && right.isConstant();
    test.distance = distance(in, left, right);
    return test;
}

std::vector<std::uint32_t> testsOf(const ControlFlow& flow, const Text& text, std::size_t loop) {
    std::vector<std::uint32_t> slots;
    for (std::size_t number = 0; number < flow.blocks.size(); ++number) {
        const Block& block = flow.blocks[number];
        if (!flow.isIn(number, loop)) {
            continue;
        }
        for (const std::size_t way : {block.taken, block.next}) {
            if (way != kNone && (!flow.isIn(way, loop) || way == flow.loops[loop].header)) {
                slots.push_back(text.instructions[block.last].index);
            }
        }
    }
    return slots;
}

bool isHopeless(const std::vector<LoopTest>& before, const std::vector<LoopTest>& now, std::uint64_t turns,
                std::uint64_t reachable) {
    for (const LoopTest& test : now) {
        const auto last = std::ranges::find(before, test.slot, &LoopTest::slot);
        if (last == before.end()) {
            return false;
        }
        if (last->distance > test.distance) {
            const std::uint64_t pace = std::max<std::uint64_t>(1, (last->distance - test.distance) / turns);
            if (test.distance / pace <= reachable) {
                return false;
            }
        } else if (test.isExact) {
            return false;
        }
    }
    return true;
}

void explain(LoopTrack& track, LoopTrack::Reason reason, const std::vector<LoopTest>& tests) {
    if (track.reason != LoopTrack::Reason::None) {
        return;
    }
    track.reason = reason;
    const auto rank = [](const LoopTest& one) {
        return (one.mayLeave ? 4 : 0) + (one.origin.kind != Origin::Kind::None ? 2 : 0) + (one.isExact ? 0 : 1);
    };
    const auto best = std::ranges::max_element(tests, {}, rank);
    if (best == tests.end() || (!best->mayLeave && !best->isExact)) {
        track.reason = LoopTrack::Reason::NoExit;
    }
    if (best != tests.end()) {
        track.test = best->slot;
        track.testRegister = best->reg;
        track.origin = best->origin;
    }
}

} // namespace rbpf::analyse
