// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/profile.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace rbpf::analyse {

namespace {

double shareOf(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::vector<FunctionProfile> functionsOf(const ExecutionCounter& counter, const SizeReport& report) {
    std::vector<FunctionProfile> functions;
    for (const FunctionSize& function : report.functions) {
        FunctionProfile one{function.name, function.file, function.line, 0, 0, 0, 0, 0};
        for (const image::Instruction& in : counter.instructions()) {
            const std::uint32_t offset = in.index * 8;
            if (offset < function.offset || offset >= function.offset + function.bytes) {
                continue;
            }
            const std::uint64_t count = counter.executed(in.index);
            one.calls = offset == function.offset ? count : one.calls;
            one.executed += count;
            ++one.instructions;
            one.seen += count > 0 ? 1 : 0;
        }
        one.share = shareOf(one.executed, counter.total());
        functions.push_back(std::move(one));
    }
    std::ranges::stable_sort(functions, std::greater<>(), &FunctionProfile::executed);
    return functions;
}

std::vector<LineProfile> linesOf(const ExecutionCounter& counter, const std::vector<PlacedCode>& code) {
    std::map<std::pair<std::string, unsigned>, LineProfile> lines;
    for (const PlacedCode& place : code) {
        if (place.line == 0 || place.offset / 8 >= counter.slots()) {
            continue;
        }
        LineProfile& line = lines[{place.file, place.line}];
        const std::uint64_t count = counter.executed(place.offset / 8);
        line.file = place.file;
        line.line = place.line;
        line.count = std::max(line.count, count);
        line.executed += count;
        ++line.instructions;
    }
    std::vector<LineProfile> list;
    for (auto& [key, line] : lines) {
        line.share = shareOf(line.executed, counter.total());
        list.push_back(std::move(line));
    }
    return list;
}

std::vector<BranchProfile> branchesOf(const ExecutionCounter& counter, const std::vector<PlacedCode>& code) {
    using Ways = BranchProfile::Ways;
    std::vector<BranchProfile> branches;
    for (const image::Instruction& in : counter.instructions()) {
        if (!ExecutionCounter::isBranch(in)) {
            continue;
        }
        const CodePlace place = placeOf(code, in.index * 8);
        BranchProfile one{Ways::Never, in.index, place.file, place.line, counter.taken(in.index), counter.left(in.index)};
        one.ways = one.taken > 0 && one.notTaken > 0 ? Ways::Both
                   : one.taken > 0                   ? Ways::Taken
                   : one.notTaken > 0                ? Ways::NotTaken
                                                     : Ways::Never;
        branches.push_back(std::move(one));
    }
    return branches;
}

std::vector<std::uint32_t> hotPathOf(const ExecutionCounter& counter, std::uint32_t entry) {
    std::map<std::uint32_t, const image::Instruction*> bySlot;
    for (const image::Instruction& in : counter.instructions()) {
        bySlot[in.index] = &in;
    }
    std::vector<std::uint32_t> path;
    std::set<std::uint32_t> seen;
    for (std::int64_t slot = entry; slot >= 0 && slot <= UINT32_MAX;) {
        const auto found = bySlot.find(static_cast<std::uint32_t>(slot));
        if (found == bySlot.end() || counter.executed(found->first) == 0 || !seen.insert(found->first).second) {
            break;
        }
        const image::Instruction& in = *found->second;
        path.push_back(in.index);
        if (in.opcode == image::kOpExit) {
            break;
        }
        const bool goes = in.isJump() && (!ExecutionCounter::isBranch(in) || counter.taken(in.index) > counter.left(in.index));
        slot = goes ? in.target().value_or(-1) : std::int64_t{in.index} + in.slots;
    }
    return path;
}

} // namespace

bool ExecutionCounter::isBranch(const image::Instruction& in) {
    return in.isJump() && in.opcode != image::kOpGoto && in.opcode != image::kOpGotol;
}

ExecutionCounter::ExecutionCounter(const image::Image& image) : instructions_(image::decode(image.text())) {
    const std::size_t slots = image.textBytes / 8;
    bySlot_.resize(slots);
    executed_.resize(slots);
    taken_.resize(slots);
    left_.resize(slots);
    for (const image::Instruction& in : instructions_) {
        if (in.index < slots) {
            bySlot_[in.index] = &in;
        }
    }
}

void ExecutionCounter::beginRun() {
    ++runs_;
    thisRun_ = 0;
    last_ = nullptr;
}

void ExecutionCounter::step(std::uint32_t slot) {
    if (slot >= bySlot_.size() || bySlot_[slot] == nullptr) {
        last_ = nullptr;
        return;
    }
    if (last_ != nullptr && isBranch(*last_)) {
        // A branch to what lies behind it counts as one that is not taken: both ways are the same.
        ++(slot == last_->index + last_->slots ? left_ : taken_)[last_->index];
    }
    ++executed_[slot];
    ++total_;
    longest_ = std::max(longest_, ++thisRun_);
    last_ = bySlot_[slot];
}

Profile profile(const ExecutionCounter& counter, const SizeReport& report, const std::vector<PlacedCode>& code,
                std::uint32_t entry) {
    Profile result;
    result.runs = counter.runs();
    result.executed = counter.total();
    result.longestRun = counter.longestRun();
    for (const FunctionSize& function : report.functions) {
        const auto found = std::ranges::find(report.entries, function.name, &EntryCost::name);
        if (function.offset == entry * 8 && found != report.entries.end()) {
            result.entry = *found;
        }
    }
    for (std::uint32_t slot = 0; slot < counter.slots(); ++slot) {
        result.counts.push_back(counter.executed(slot));
    }
    result.functions = functionsOf(counter, report);
    result.lines = linesOf(counter, code);
    result.branches = branchesOf(counter, code);
    result.hotPath = hotPathOf(counter, entry);
    return result;
}

} // namespace rbpf::analyse
