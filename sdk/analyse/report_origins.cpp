// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "sdk/analyse/reasons.hpp"
#include "sdk/analyse/report.hpp"

namespace rbpf::analyse {

namespace {

using Out = std::back_insert_iterator<std::string>;

/// More places than these are counted, not listed.
constexpr std::size_t kMostPlaces = 4;

std::string words(const CodePlace& place) {
    return place.line == 0 ? fmt::format("+{}", place.offset) : fmt::format("{}:{}", place.file, place.line);
}

std::string list(const std::vector<std::string>& all) {
    std::string text;
    for (std::size_t index = 0; index < std::min(all.size(), kMostPlaces); ++index) {
        text += (index == 0 ? "" : ", ") + all[index];
    }
    if (all.size() > kMostPlaces) {
        fmt::format_to(Out(text), " and {} more", all.size() - kMostPlaces);
    }
    return text;
}

void addClasses(std::string& text, const Mix& mix) {
    fmt::format_to(Out(text), "\n{:<20} {:>12}\n", "instructions that are", "count");
    for (const ClassCount& one : mix.classes) {
        fmt::format_to(Out(text), "{:<21} {:>12}\n", one.name, one.instructions);
    }
    fmt::format_to(Out(text), "memory: {}\n", memoryWords(mix.memory));
}

void addBindings(std::string& text, const Mix& mix) {
    if (mix.bindings.empty()) {
        return;
    }
    fmt::format_to(Out(text), "\n{:<24} {:>9}  {}\n", "binding", "calls", "from");
    for (const BindingUse& use : mix.bindings) {
        std::vector<std::string> places;
        std::ranges::transform(use.calls, std::back_inserter(places), words);
        fmt::format_to(Out(text), "{:<24} {:>9}  {}\n", use.name, use.calls.size(), list(places));
    }
}

void addLibraries(std::string& text, const SizeReport& report) {
    if (report.libraries.empty()) {
        return;
    }
    fmt::format_to(Out(text), "\n{:<24} {:>9}  {}\n", "library function", "bytes", "reached from");
    for (const LibraryUse& use : report.libraries) {
        std::vector<std::string> reasons;
        for (const LibraryUse::Caller& caller : use.callers) {
            reasons.push_back(fmt::format("{} ({})", caller.function, words(caller.place)));
        }
        for (const std::string& function : use.inlinedInto) {
            reasons.push_back("inside " + function);
        }
        fmt::format_to(Out(text), "{:<24} {:>9}  {}\n", use.name, use.bytes, list(reasons));
    }
}

void addUnseen(std::string& text, const SizeReport& report) {
    if (report.unseen.empty()) {
        return;
    }
    fmt::format_to(Out(text), "\n{:<24} {}\n", "not a function there", "why");
    for (const UnseenFunction& one : report.unseen) {
        fmt::format_to(Out(text), "{:<24} {} ({}:{})\n", one.function.name, whyUnseen(one), one.function.file, one.function.line);
    }
}

void addTimes(std::string& text, const SizeReport& report) {
    for (const EntryCost& entry : report.entries) {
        if (entry.worst.kind == WorstCase::Kind::Unbounded) {
            continue;
        }
        fmt::format_to(Out(text), "\nlongest run of {}, estimated, without the time inside bindings:\n", entry.name);
        for (const BoardSpeed& speed : boardSpeeds()) {
            const RunTime time = runTime(speed, entry.worst.instructions);
            fmt::format_to(Out(text), "{:<12} {:>10.3f} ms  ({})\n", speed.board, time.milliseconds, timeRange(speed, time));
        }
    }
}

} // namespace

std::string origins(const SizeReport& report) {
    std::string text;
    if (report.mix.classes.empty()) {
        return text;
    }
    addClasses(text, report.mix);
    addBindings(text, report.mix);
    addLibraries(text, report);
    addUnseen(text, report);
    addTimes(text, report);
    return text;
}

} // namespace rbpf::analyse
