// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/reasons.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "sdk/analyse/worst_case_text.hpp"

namespace rbpf::analyse {

namespace {

using Kind = Reason::Kind;

std::string words(const CodePlace& place) {
    return place.line != 0 ? fmt::format("{}:{}", place.file, place.line) : fmt::format("instruction {}", place.offset / 8);
}

std::string counted(std::size_t number, std::string_view what) {
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

const FunctionSize* functionNamed(const SizeReport& report, const std::string& name) {
    const auto found = std::ranges::find(report.functions, name, &FunctionSize::name);
    return found != report.functions.end() ? &*found : nullptr;
}

std::optional<CodePlace> placeOf(const FunctionSize* function) {
    return function != nullptr ? std::optional(CodePlace{function->offset, function->file, function->line}) : std::nullopt;
}

Reason loop(const LoopBound& bound) {
    Reason reason{loopName(bound), turnsOf(bound)};
    reason.because = fmt::format("{}{} a turn{}{}", bound.function.empty() ? "" : "in " + bound.function + ", ",
                                 counted(bound.perTurn, "instruction"), bound.because.empty() ? "" : "; ", bound.because);
    reason.place = CodePlace{bound.insnIndex * 8, bound.file, bound.line};
    reason.kind = !bound.turns ? Kind::Trouble : bound.isAssumed ? Kind::Assumed : Kind::Plain;
    return reason;
}

void addTimes(Reason& entry, std::uint64_t instructions, std::string_view board) {
    const bool isKnown = std::ranges::find(boardSpeeds(), board, &BoardSpeed::board) != boardSpeeds().end();
    for (const BoardSpeed& speed : boardSpeeds()) {
        if (!isKnown || speed.board == board) {
            const RunTime time = runTime(speed, instructions);
            entry.parts.push_back({fmt::format("time on {}", speed.board), fmt::format("{:.3f} ms", time.milliseconds),
                                   fmt::format("estimated, {}; without the time inside bindings", timeRange(speed, time))});
        }
    }
}

Reason run(const SizeReport& report, const EntryCost& cost, std::string_view board) {
    const WorstCase& worst = cost.worst;
    const bool isBounded = worst.kind != WorstCase::Kind::Unbounded;
    Reason entry{cost.name, isBounded ? fmt::format("≤ {}", worst.instructions) : "no bound", costSentence(worst)};
    entry.place = placeOf(functionNamed(report, cost.name));
    entry.kind = !isBounded ? Kind::Trouble : worst.kind == WorstCase::Kind::Assumed ? Kind::Assumed : Kind::Plain;
    std::ranges::transform(worst.loops, std::back_inserter(entry.parts), loop);
    for (const WrongLimit& wrong : worst.refuted) {
        entry.parts.push_back({"wrong limit", fmt::format("{} turns", wrong.limit.turns), wrong.sentence,
                               CodePlace{0, wrong.limit.file, wrong.limit.line}, Kind::Trouble});
    }
    if (!worst.formula.empty()) {
        entry.parts.push_back({"formula", {}, worst.formula});
    }
    if (isBounded) {
        addTimes(entry, worst.instructions, board);
    }
    return entry;
}

Reason stack(const SizeReport& report) {
    Reason group{"Stack", fmt::format("{} of {} B", report.stack, report.stackLimit), "the calls that get deepest, from the entry on"};
    for (const std::string& name : report.stackPath) {
        const FunctionSize* function = functionNamed(report, name);
        group.parts.push_back({name, function != nullptr ? fmt::format("{} B", function->frameBytes) : "", {}, placeOf(function)});
    }
    return group;
}

Reason classes(const Mix& mix) {
    std::uint32_t all = 0;
    Reason group{"Instructions by class"};
    for (const ClassCount& one : mix.classes) {
        all += one.instructions;
        group.parts.push_back({std::string(one.name), std::to_string(one.instructions)});
    }
    group.value = std::to_string(all);
    if (all > 0) {
        group.parts.push_back({"memory", std::to_string(mix.memory.stackAccesses + mix.memory.otherAccesses), memoryWords(mix.memory)});
    }
    return group;
}

Reason bindings(const Mix& mix) {
    Reason group{"Bindings", std::to_string(mix.bindings.size()), "functions of the firmware that the script calls"};
    for (const BindingUse& use : mix.bindings) {
        Reason one{use.name, counted(use.calls.size(), "call")};
        for (const CodePlace& place : use.calls) {
            one.parts.push_back({words(place), {}, "calls " + use.name, place});
        }
        group.parts.push_back(std::move(one));
    }
    return group;
}

Reason libraries(const SizeReport& report) {
    std::uint64_t bytes = 0;
    Reason group{"Library functions", {}, "from the SDK, because the script calls them or the compiler needs them"};
    for (const LibraryUse& use : report.libraries) {
        bytes += use.bytes;
        Reason one{use.name, fmt::format("{} B", use.bytes), counted(use.instructions, "instruction"), placeOf(functionNamed(report, use.name))};
        for (const LibraryUse::Caller& caller : use.callers) {
            one.parts.push_back({"reached from " + caller.function, {}, {}, caller.place});
        }
        for (const std::string& function : use.inlinedInto) {
            one.parts.push_back({"inside " + function, {}, "its code stands there", placeOf(functionNamed(report, function))});
        }
        group.parts.push_back(std::move(one));
    }
    group.value = fmt::format("{} B", bytes);
    return group;
}

Reason unseen(const SizeReport& report) {
    Reason group{"Not a function there", std::to_string(report.unseen.size()), "functions of the sources that are none of the image"};
    for (const UnseenFunction& one : report.unseen) {
        group.parts.push_back({one.function.name, one.isInlined ? "in callers" : "left out", std::string(whyUnseen(one)),
                               CodePlace{0, one.function.file, one.function.line}});
    }
    return group;
}

} // namespace

std::vector<Reason> reasons(const SizeReport& report, std::string_view board) {
    std::vector<Reason> all;
    Reason runs{"Longest run", {}, "instructions of the virtual machine that a run of an entry may take"};
    for (const EntryCost& entry : report.entries) {
        runs.parts.push_back(run(report, entry, board));
    }
    all.push_back(std::move(runs));
    all.push_back(stack(report));
    all.push_back(classes(report.mix));
    all.push_back(bindings(report.mix));
    all.push_back(libraries(report));
    all.push_back(unseen(report));
    std::erase_if(all, [](const Reason& group) { return group.parts.empty(); });
    return all;
}

std::string_view whyUnseen(const UnseenFunction& function) {
    return function.isInlined ? "its code stands in its callers" : "no entry reaches it: it takes no space";
}

std::string memoryWords(const NamedMemory& memory) {
    return fmt::format("{} accesses to the stack, {} through pointers; {} addresses of rodata, {} of data", memory.stackAccesses,
                       memory.otherAccesses, memory.rodataAddresses, memory.dataAddresses);
}

std::string timeRange(const BoardSpeed& speed, const RunTime& time) {
    return fmt::format("{:.3f} to {:.3f}; {}, {:.0f} MHz", time.least, time.most, speed.core, speed.hertz / 1e6);
}

} // namespace rbpf::analyse
