// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/session/replay.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "debugger/session/history_impl.hpp"
#include "debugger/session/replay_trial.hpp"
#include "sdk/image/image.hpp"
#include "sdk/image/status_text.hpp"

namespace rbpf::session {

using support::Result;

namespace {

/// Where neither the image nor the recording says how long a run may take.
constexpr std::uint64_t kBudget = 1000000;

std::string endText(const Outcome& outcome) {
    if (outcome.halt == RBPF_HALT_FAULT) {
        return "faults with " + image::statusName(outcome.status);
    }
    return outcome.halt == RBPF_HALT_EXITED ? fmt::format("returns {}", static_cast<std::int64_t>(outcome.result))
                                            : std::string("spends its budget");
}

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        result += c == '\n' ? "\\n" : c == '"' ? "\\\"" : std::string(1, c);
    }
    return result + "\"";
}

void compareCalls(const Outcome& before, const Outcome& after, std::vector<std::string>& differences) {
    const auto [was, is] = std::ranges::mismatch(before.calls, after.calls);
    const auto number = was - before.calls.begin() + 1;
    if (was != before.calls.end() && is != after.calls.end()) {
        differences.push_back(fmt::format("call {}: {} was recorded, this build makes {}", number, *was, *is));
    } else if (was != before.calls.end()) {
        differences.push_back(fmt::format("{} calls were recorded, this build makes {}: {} is missing",
                                          before.calls.size(), after.calls.size(), *was));
    } else if (is != after.calls.end()) {
        differences.push_back(fmt::format("{} calls were recorded, this build makes {}: {} is new", before.calls.size(),
                                          after.calls.size(), *is));
    }
    for (const auto& [id, count] : after.missing) {
        differences.push_back(
            fmt::format("{} calls of {} had no recorded answer and were given 0", count, bindingText(id)));
    }
}

void compareMemory(const Outcome& before, const Outcome& after, std::vector<std::string>& differences) {
    for (std::size_t i = 0; i < before.memory.size() && i < after.memory.size(); ++i) {
        const auto& [region, was] = before.memory[i];
        const auto& is = after.memory[i].second;
        const auto first = static_cast<std::size_t>(std::ranges::mismatch(was, is).in1 - was.begin());
        if (first == was.size()) {
            continue;
        }
        std::size_t count = 0;
        for (std::size_t at = first; at < was.size(); ++at) {
            count += was[at] != is[at] ? 1 : 0;
        }
        const std::string name =
            region == RBPF_REGION_CONTEXT ? std::string("the context") : fmt::format("granted region {}", region);
        differences.push_back(
            fmt::format("{} bytes of {} differ, the first at offset {}: {:02x} was recorded, now {:02x}", count, name,
                        first, was[first], is[first]));
    }
}

std::vector<std::string> compare(const Outcome& before, const Outcome& after) {
    std::vector<std::string> differences;
    if (endText(before) != endText(after)) {
        differences.push_back(fmt::format("the recorded run {}, this build {}", endText(before), endText(after)));
    }
    compareCalls(before, after, differences);
    compareMemory(before, after, differences);
    if (before.log != after.log) {
        differences.push_back(
            fmt::format("it printed {}, this build prints {}", quoted(before.log), quoted(after.log)));
    }
    return differences;
}

const image::Entry* entryAt(const image::Image& image, std::uint32_t pc) {
    const auto found = std::ranges::find(image.entries, pc / 8, &image::Entry::insnIndex);
    return found != image.entries.end() ? &*found : nullptr;
}

/// The same name, else the same trigger.
const image::Entry* matching(const image::Image& image, const image::Entry& entry) {
    auto found = std::ranges::find(image.entries, entry.name, &image::Entry::name);
    if (found == image.entries.end() && !entry.trigger.empty()) {
        found = std::ranges::find(image.entries, entry.trigger, &image::Entry::trigger);
    }
    return found != image.entries.end() ? &*found : nullptr;
}

/// Why a run says nothing about another build, or "".
std::string unfit(const RecordedRun& run) {
    if (!run.end) {
        return "its end was not recorded";
    }
    if (run.end->cause == RBPF_CAUSE_FAULT && std::abs(run.end->status) == -RBPF_STATUS_ABORTED) {
        return "it was ended from outside";
    }
    return run.edits.empty() ? "" : "the user changed registers or memory in it";
}

struct Builds {
    image::Image before, after;
    std::shared_ptr<const OpenedImage> openedBefore, openedAfter;
};

void replayOther(History& history, const Builds& builds, Replay& result) {
    Trial original(builds.openedBefore), other(builds.openedAfter);
    for (ReplayedRun& replayed : result.runs) {
        const RecordedRun& run = history.runs()[replayed.run - 1];
        replayed.skipped = unfit(run);
        const image::Entry* entry = entryAt(builds.before, run.entryPc);
        if (!replayed.skipped.empty()) {
            if (const image::Entry* match = entry != nullptr ? matching(builds.after, *entry) : nullptr) {
                // Not compared, but what it leaves in the script's variables matters to the runs behind it.
                const Outcome before = original.execute(run, entry->insnIndex, nullptr, history.steps(replayed.run));
                other.execute(run, match->insnIndex, &before.answers, kBudget);
            }
            continue;
        }
        const auto start = history.stateAt(replayed.run, 0);
        if (!start || entry == nullptr) {
            replayed.skipped = start ? "it does not begin at an entry of the image" : start.error().message;
            continue;
        }
        for (const auto& region : start->regions) {
            if (region.index == RBPF_REGION_DATA) {
                original.setRam(region.bytes);
                if (replayed.run == 1 && region.bytes != Machine(builds.openedBefore).initialRam()) {
                    result.notes.emplace_back("the script had run before the recording began; the new build begins "
                                              "with its variables as initialised");
                }
            }
        }
        const image::Entry* match = matching(builds.after, *entry);
        if (match == nullptr) {
            replayed.differences.push_back("this build has no entry " + entry->name);
            continue;
        }
        const Outcome before = original.execute(run, entry->insnIndex, nullptr, run.end->instructions);
        const bool spent = run.end->cause == RBPF_CAUSE_BUDGET;
        const std::uint64_t allowed = builds.after.budget != 0 ? builds.after.budget : kBudget;
        const Outcome after = other.execute(run, match->insnIndex, &before.answers,
                                            spent ? run.end->instructions : std::max(allowed, run.end->instructions));
        replayed.instructionsAfter = after.instructions;
        replayed.differences = compare(before, after);
    }
}

void replaySame(History& history, Replay& result) {
    for (ReplayedRun& replayed : result.runs) {
        const auto end = history.stateAt(replayed.run, history.steps(replayed.run));
        if (!end) {
            replayed.differences.push_back(end.error().message);
        }
        replayed.instructionsAfter = replayed.instructionsBefore;
    }
}

} // namespace

bool Replay::behavesDifferently() const {
    return std::ranges::any_of(runs, [](const ReplayedRun& run) { return !run.differences.empty(); });
}

bool Replay::countsDiffer() const {
    return std::ranges::any_of(runs, [](const ReplayedRun& run) {
        return run.skipped.empty() && run.instructionsBefore != run.instructionsAfter;
    });
}

std::size_t Replay::replayed() const {
    return static_cast<std::size_t>(std::ranges::count_if(runs, [](const auto& run) { return run.skipped.empty(); }));
}

Result<Replay> replay(History& history, std::vector<std::uint8_t> image) {
    Replay result;
    result.sameImage = image.empty() || image == history.image();
    Builds builds;
    auto before = image::read(history.image());
    auto after = image::read(result.sameImage ? history.image() : image);
    auto openedBefore = OpenedImage::open(history.image());
    auto openedAfter = OpenedImage::open(result.sameImage ? history.image() : image);
    if (!before || !after) {
        return tl::unexpected(!before ? before.error() : after.error());
    }
    if (!openedBefore || !openedAfter) {
        return tl::unexpected(!openedBefore ? openedBefore.error() : openedAfter.error());
    }
    builds = {std::move(*before), std::move(*after), std::move(*openedBefore), std::move(*openedAfter)};
    for (std::uint32_t number = 1; number <= history.runs().size(); ++number) {
        ReplayedRun run;
        run.run = number;
        const image::Entry* entry = entryAt(builds.before, history.runs()[number - 1].entryPc);
        run.entry = entry != nullptr ? entry->name : "";
        run.instructionsBefore = history.steps(number);
        result.runs.push_back(std::move(run));
    }
    if (result.sameImage) {
        replaySame(history, result);
    } else {
        replayOther(history, builds, result);
    }
    return result;
}

std::string replayText(const Replay& replay) {
    std::string text;
    for (const ReplayedRun& run : replay.runs) {
        text += fmt::format("run {} {}: ", run.run, run.entry);
        if (!run.skipped.empty()) {
            text += "not replayed: " + run.skipped + "\n";
            continue;
        }
        text += fmt::format("{} instructions", run.instructionsBefore);
        if (run.instructionsAfter != run.instructionsBefore) {
            const double delta =
                static_cast<double>(run.instructionsAfter) - static_cast<double>(run.instructionsBefore);
            text += fmt::format(", {} with this build ({:+.0f}", run.instructionsAfter, delta);
            text += run.instructionsBefore != 0
                        ? fmt::format(", {:+.1f} %)", 100 * delta / static_cast<double>(run.instructionsBefore))
                        : std::string(")");
        }
        text += run.differences.empty() ? "; behaves as recorded\n" : "\n";
        for (const std::string& difference : run.differences) {
            text += "  " + difference + "\n";
        }
    }
    for (const std::string& note : replay.notes) {
        text += "note: " + note + "\n";
    }
    const std::size_t count = replay.replayed();
    const auto bad = std::ranges::count_if(replay.runs, [](const auto& run) { return !run.differences.empty(); });
    if (bad != 0) {
        text += fmt::format("{} of {} runs behave differently\n", bad, count);
    } else {
        text += fmt::format("{} as recorded{}\n", count == 1 ? "1 run behaves" : fmt::format("{} runs behave", count),
                            replay.countsDiffer() ? "; only the number of instructions differs" : "");
    }
    return text;
}

} // namespace rbpf::session
