// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/longest_run.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "sdk/image/instruction.hpp"

namespace rbpf::analyse {

namespace {

/// What a slot's instruction leads to. A local call leads to its callee and to the instruction behind it, and takes both.
struct Step {
    std::vector<std::uint32_t> next;
    std::optional<std::uint32_t> callee;
    std::optional<std::uint64_t> longest; ///< from here to the exit
    bool isOpen = false;                  ///< its ways are being followed
};

using Steps = std::map<std::uint32_t, Step>;

bool isUnconditional(const image::Instruction& in) {
    return in.opcode == image::kOpGoto || in.opcode == image::kOpGotol;
}

Steps stepsOf(const image::Image& image) {
    Steps steps;
    for (const image::Instruction& in : image::decode(image.text())) {
        Step& step = steps[in.index];
        if (in.opcode == image::kOpExit) {
            continue;
        }
        const auto target = in.isJump() || in.isLocalCall() ? in.target() : std::nullopt;
        // A target outside of the text becomes a slot that there is not.
        const auto slot = static_cast<std::uint32_t>(std::clamp<std::int64_t>(target.value_or(-1), -1, UINT32_MAX));
        if (in.isLocalCall()) {
            step.callee = slot;
        } else if (target) {
            step.next.push_back(slot);
        }
        if (!isUnconditional(in)) {
            step.next.push_back(in.index + in.slots);
        }
    }
    return steps;
}

/// False: some way comes back to where it was, or leaves the text.
bool follow(Steps& steps, std::uint32_t start) {
    std::vector<std::uint32_t> open{start};
    while (!open.empty()) {
        const auto found = steps.find(open.back());
        if (found == steps.end()) {
            return false;
        }
        Step& step = found->second;
        std::vector<std::uint32_t> first = step.next;
        if (step.callee) {
            first.push_back(*step.callee);
        }
        const auto isDone = [&steps](std::uint32_t slot) {
            const auto one = steps.find(slot);
            return one != steps.end() && one->second.longest.has_value();
        };
        if (step.longest || std::ranges::all_of(first, isDone)) {
            std::uint64_t most = 0;
            for (const std::uint32_t slot : step.next) {
                most = std::max(most, *steps.at(slot).longest);
            }
            step.longest = 1 + most + (step.callee ? *steps.at(*step.callee).longest : 0);
            step.isOpen = false;
            open.pop_back();
            continue;
        }
        if (step.isOpen) {
            return false; // one of its ways led back here
        }
        step.isOpen = true;
        std::ranges::copy_if(first, std::back_inserter(open), [&](std::uint32_t slot) { return !isDone(slot); });
    }
    return true;
}

} // namespace

std::optional<std::uint64_t> longestRun(const image::Image& image, std::uint32_t insnIndex) {
    Steps steps = stepsOf(image);
    if (!follow(steps, insnIndex)) {
        return std::nullopt;
    }
    return steps.at(insnIndex).longest;
}

} // namespace rbpf::analyse
