// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <fmt/format.h>

#include "sdk/analyse/profile.hpp"
#include "sdk/analyse/worst_case_text.hpp"

namespace rbpf::analyse {

const char* waysName(BranchProfile::Ways ways) {
    switch (ways) {
    case BranchProfile::Ways::Taken:
        return "always taken";
    case BranchProfile::Ways::NotTaken:
        return "never taken";
    case BranchProfile::Ways::Both:
        return "both ways";
    case BranchProfile::Ways::Never:
        break;
    }
    return "not reached";
}

std::string profileText(const Profile& profile) {
    std::size_t width = 10;
    for (const FunctionProfile& function : profile.functions) {
        width = std::max(width, function.name.size());
    }
    std::string text = fmt::format("{} instructions in {} run{}", profile.executed, profile.runs, profile.runs == 1 ? "" : "s");
    text += profile.runs > 1 ? fmt::format(", {} in the longest\n", profile.longestRun) : "\n";
    if (profile.entry) {
        text += fmt::format("any run of {}: {}\n", profile.entry->name, costSentence(profile.entry->worst));
    }
    text += '\n';
    text += fmt::format("{:<{}} {:>10} {:>10} {:>7} {:>12}  {}\n", "function", width, "calls", "executed", "share",
                        "seen", "source");
    for (const FunctionProfile& function : profile.functions) {
        text += fmt::format("{:<{}} {:>10} {:>10} {:>6.1f}% {:>12}  {}\n", function.name, width, function.calls,
                            function.executed, function.share * 100,
                            fmt::format("{} of {}", function.seen, function.instructions),
                            function.file.empty() ? "" : fmt::format("{}:{}", function.file, function.line));
    }
    const auto both = std::ranges::count(profile.branches, BranchProfile::Ways::Both, &BranchProfile::ways);
    text += fmt::format("\n{} of {} branches went both ways\n", both, profile.branches.size());
    for (const BranchProfile& branch : profile.branches) {
        if (branch.ways != BranchProfile::Ways::Both) {
            text += fmt::format("  {}: {}{}\n",
                                branch.line == 0 ? fmt::format("instruction {}", branch.slot)
                                                 : fmt::format("{}:{}", branch.file, branch.line),
                                waysName(branch.ways),
                                branch.ways == BranchProfile::Ways::Never
                                    ? ""
                                    : fmt::format(" ({} times)", branch.taken + branch.notTaken));
        }
    }
    return text;
}

} // namespace rbpf::analyse
