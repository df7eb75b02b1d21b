// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <string_view>

#include "sdk/analyse/diff.hpp"

namespace rbpf::analyse {

std::string markdownEscaped(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        switch (c) {
        case '&':
            safe += "&amp;";
            break;
        case '<':
            safe += "&lt;";
            break;
        case '>':
            safe += "&gt;";
            break;
        case '@': // nobody is mentioned
            safe += "&#64;";
            break;
        case '\n':
        case '\r':
            safe += ' ';
            break;
        default:
            if (std::string_view("\\`*_{}[]()#+!|~").find(c) != std::string_view::npos) {
                safe += '\\';
            }
            safe += c;
        }
    }
    return safe;
}

namespace {

std::string row(const std::string& name, const Change& change) {
    return fmt::format("| {} | {} | {} | {:+} |\n", markdownEscaped(name), change.before, change.now, change.by());
}

} // namespace

std::string diffMarkdown(const SizeDiff& diff, const std::string& title) {
    std::string text = fmt::format("### {}\n\n{}.\n\n", markdownEscaped(title), markdownEscaped(diffSummary(diff)));
    text += "| | before | now | change |\n|---|---:|---:|---:|\n";
    for (const Change& change : diff.totals) {
        if (change.before != 0 || change.now != 0) {
            text += row(change.what == "instructions" ? change.what : change.what + ", B", change);
        }
    }
    for (const FunctionChange& function : diff.functions) {
        text += row("function " + function.name + ", B", function.bytes);
    }
    text += diff.reasons.empty() ? "" : "\n";
    for (const std::string& reason : diff.reasons) {
        text += "- " + markdownEscaped(reason) + "\n";
    }
    return text;
}

} // namespace rbpf::analyse
