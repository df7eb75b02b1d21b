// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/diff.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <map>
#include <set>

#include "sdk/analyse/place.hpp"

namespace rbpf::analyse {

namespace {

/// A line as both builds know it: by its text, or by its number where the source is not at hand.
using LineKey = std::pair<std::string, std::string>;
struct LineCount {
    unsigned line = 0;
    std::string text;
    std::int64_t instructions = 0;
};
using Lines = std::map<LineKey, LineCount>;

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t");
    return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Lines linesOf(const Side& side, const FunctionSize& function) {
    Lines lines;
    for (const LineSize& line : function.lines) {
        const std::string text = side.sourceText ? trimmed(side.sourceText(line.file, line.line)) : std::string();
        LineCount& count = lines[{line.file, text.empty() ? std::to_string(line.line) : text}];
        count.line = count.line == 0 ? line.line : count.line;
        count.text = text;
        count.instructions += line.instructions;
    }
    return lines;
}

std::map<std::string, const FunctionSize*> byName(const SizeReport& report) {
    std::map<std::string, const FunctionSize*> functions;
    for (const FunctionSize& function : report.functions) {
        functions.emplace(function.name, &function);
    }
    return functions;
}

std::vector<LineChange> lineChanges(const Lines& before, const Lines& now) {
    std::vector<LineChange> changes;
    const auto add = [&](const LineKey& key, const LineCount& shown, std::int64_t was, std::int64_t is) {
        if (was != is) {
            changes.push_back({key.first, shown.line, shown.text, {"instructions", was, is}});
        }
    };
    for (const auto& [key, count] : now) {
        const auto old = before.find(key);
        add(key, count, old == before.end() ? 0 : old->second.instructions, count.instructions);
    }
    for (const auto& [key, count] : before) {
        if (!now.contains(key)) {
            add(key, count, count.instructions, 0);
        }
    }
    std::ranges::stable_sort(changes, std::greater<>(),
                             [](const LineChange& change) { return std::abs(change.instructions.by()); });
    return changes;
}

/// The functions that have lines of `gone` now and had none of them before.
std::vector<std::string> inlinedInto(const Side& before, const Side& now, const FunctionSize& gone) {
    const Lines lost = linesOf(before, gone);
    const auto had = byName(before.report);
    std::vector<std::string> names;
    for (const FunctionSize& function : now.report.functions) {
        const auto old = had.find(function.name);
        const Lines earlier = old == had.end() ? Lines() : linesOf(before, *old->second);
        const Lines present = linesOf(now, function);
        if (std::ranges::any_of(lost, [&](const auto& line) {
                return present.contains(line.first) && !earlier.contains(line.first);
            })) {
            names.push_back(function.name);
        }
    }
    return names;
}

FunctionChange changeOf(const Side& before, const Side& now, const FunctionSize* was, const FunctionSize* is) {
    const FunctionSize& shown = is != nullptr ? *is : *was;
    const auto change = [&](const char* what, std::uint32_t FunctionSize::* value) {
        return Change{what, was != nullptr ? was->*value : 0, is != nullptr ? is->*value : 0};
    };
    FunctionChange one;
    one.kind = was == nullptr  ? FunctionChange::Kind::New
               : is == nullptr ? FunctionChange::Kind::Gone
                               : FunctionChange::Kind::Changed;
    one.name = shown.name;
    one.file = shown.file;
    one.line = shown.line;
    one.isLibrary = isLibraryFile(shown.file);
    one.bytes = change("bytes", &FunctionSize::bytes);
    one.instructions = change("instructions", &FunctionSize::instructions);
    one.frame = change("frame", &FunctionSize::frameBytes);
    if (was != nullptr && is != nullptr) {
        one.lines = lineChanges(linesOf(before, *was), linesOf(now, *is));
    } else if (is == nullptr) {
        one.inlinedInto = inlinedInto(before, now, *was);
    }
    return one;
}

bool isEqual(const FunctionChange& change) {
    return change.kind == FunctionChange::Kind::Changed && change.bytes.by() == 0 && change.instructions.by() == 0 &&
           change.frame.by() == 0;
}

/// NUL-terminated text in the read-only data.
std::multiset<std::string> stringsOf(const image::Image& image) {
    constexpr std::size_t kShortest = 3;
    std::multiset<std::string> strings;
    std::string text;
    for (const std::uint8_t byte : image.rodata()) {
        const bool isText = (byte >= 0x20 && byte != 0x7f) || byte == '\n' || byte == '\t' || byte == '\r';
        if (isText) {
            text += static_cast<char>(byte);
            continue;
        }
        if (byte == 0 && text.size() >= kShortest) {
            strings.insert(text);
        }
        text.clear();
    }
    return strings;
}

std::vector<std::string> onlyIn(const std::multiset<std::string>& one, const std::multiset<std::string>& other) {
    std::vector<std::string> strings;
    std::ranges::set_difference(one, other, std::back_inserter(strings));
    return strings;
}

std::vector<Change> totalsOf(const SizeReport& before, const SizeReport& now) {
    constexpr std::pair<const char*, std::uint32_t SizeReport::*> kTotals[] = {
        {"instructions", &SizeReport::instructions}, {"text", &SizeReport::text}, {"rodata", &SizeReport::rodata},
        {"data", &SizeReport::data},                 {"bss", &SizeReport::bss},   {"stack", &SizeReport::stack},
        {"image", &SizeReport::image}};
    std::vector<Change> totals;
    for (const auto& [name, value] : kTotals) {
        totals.push_back({name, before.*value, now.*value});
    }
    return totals;
}

std::string quoted(const std::string& text) {
    constexpr std::size_t kShown = 40;
    std::string safe;
    for (const char c : text.substr(0, kShown)) {
        safe += c == '\n' ? "\\n" : c == '\t' ? "\\t" : c == '\r' ? "\\r" : std::string(1, c);
    }
    return "\"" + safe + (text.size() > kShown ? "…\"" : "\"");
}

std::string list(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

void reasonsOf(const FunctionChange& change, std::vector<std::string>& reasons) {
    const std::string name = change.isLibrary ? "library function " + change.name : change.name;
    if (change.kind == FunctionChange::Kind::New) {
        reasons.push_back(fmt::format("{} is {}: {} B, {} instructions", name, change.isLibrary ? "pulled in" : "new",
                                      change.bytes.now, change.instructions.now));
        return;
    }
    if (change.kind == FunctionChange::Kind::Gone) {
        reasons.push_back(change.inlinedInto.empty()
                              ? fmt::format("{} is gone: {} B less", name, change.bytes.before)
                              : fmt::format("{} ({} B) is inlined into {} now", name, change.bytes.before,
                                            list(change.inlinedInto)));
        return;
    }
    if (change.frame.by() != 0) {
        reasons.push_back(fmt::format("{}'s stack frame {} by {} B ({} to {})", name,
                                      change.frame.by() > 0 ? "grew" : "shrank", std::abs(change.frame.by()),
                                      change.frame.before, change.frame.now));
    }
    if (change.bytes.by() == 0) {
        return;
    }
    constexpr std::size_t kLinesTold = 3;
    std::size_t told = 0;
    std::string where;
    for (const LineChange& line : change.lines) {
        // Only what goes the same way as the function explains it.
        if ((line.instructions.by() > 0) == (change.bytes.by() > 0) && told < kLinesTold) {
            where += fmt::format("{}{}:{} {:+}", where.empty() ? "" : ", ", line.file, line.line, line.instructions.by());
            ++told;
        }
    }
    reasons.push_back(fmt::format("{} {} by {} B{}{}", name, change.bytes.by() > 0 ? "grew" : "shrank",
                                  std::abs(change.bytes.by()), where.empty() ? "" : "; instructions at ", where));
}

} // namespace

SizeDiff diff(const Side& before, const Side& now) {
    SizeDiff result;
    result.totals = totalsOf(before.report, now.report);
    const auto old = byName(before.report);
    const auto present = byName(now.report);
    for (const auto& [name, function] : present) {
        const auto was = old.find(name);
        result.functions.push_back(changeOf(before, now, was == old.end() ? nullptr : was->second, function));
    }
    for (const auto& [name, function] : old) {
        if (!present.contains(name)) {
            result.functions.push_back(changeOf(before, now, function, nullptr));
        }
    }
    std::erase_if(result.functions, isEqual);
    std::ranges::stable_sort(result.functions, std::greater<>(),
                             [](const FunctionChange& change) { return std::abs(change.bytes.by()); });
    const auto stringsBefore = stringsOf(before.image);
    const auto stringsNow = stringsOf(now.image);
    result.addedStrings = onlyIn(stringsNow, stringsBefore);
    result.removedStrings = onlyIn(stringsBefore, stringsNow);
    for (const FunctionChange& change : result.functions) {
        reasonsOf(change, result.reasons);
    }
    for (const std::string& text : result.addedStrings) {
        result.reasons.push_back(fmt::format("string {} is new: {} B", quoted(text), text.size() + 1));
    }
    for (const std::string& text : result.removedStrings) {
        result.reasons.push_back(fmt::format("string {} is gone: {} B less", quoted(text), text.size() + 1));
    }
    return result;
}

std::string diffSummary(const SizeDiff& diff) {
    std::string text;
    for (const Change& change : diff.totals) {
        if (change.by() != 0) {
            const char* unit = change.what == "instructions" ? "" : " B";
            text += fmt::format("{}{} {} by {}{} ({} to {})", text.empty() ? "" : ", ", change.what,
                                change.by() > 0 ? "grew" : "shrank", std::abs(change.by()), unit, change.before, change.now);
        }
    }
    return text.empty() ? "nothing changed in size" : text;
}

std::string diffText(const SizeDiff& diff) {
    std::vector<Change> rows = diff.totals;
    for (const FunctionChange& function : diff.functions) {
        rows.push_back(function.bytes);
        rows.back().what = "function " + function.name;
    }
    std::erase_if(rows, [](const Change& change) { return change.by() == 0; });
    if (rows.empty() && diff.reasons.empty()) {
        return "nothing changed in size\n";
    }
    std::size_t width = 10;
    for (const Change& row : rows) {
        width = std::max(width, row.what.size());
    }
    std::string text = fmt::format("{:<{}} {:>8} {:>8} {:>8}\n", "what", width, "before", "now", "change");
    for (const Change& row : rows) {
        text += fmt::format("{:<{}} {:>8} {:>8} {:>+8}\n", row.what, width, row.before, row.now, row.by());
    }
    if (!diff.reasons.empty()) {
        text += "\nwhy\n";
    }
    for (const std::string& reason : diff.reasons) {
        text += "  " + reason + "\n";
    }
    return text;
}

} // namespace rbpf::analyse
