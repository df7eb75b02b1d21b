// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/debug_break_spec.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <vector>

namespace rbpf::cli::debug {

namespace {

using session::BreakpointSpec;
using support::ErrorKind;
using support::Result;

constexpr const char* kPlaces = "FILE:LINE, LINE, FUNCTION or *ADDRESS";

std::string_view trimmed(std::string_view text) {
    const auto isBlank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && isBlank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && isBlank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

struct Clause {
    std::string_view word; ///< "" for what stands before the first
    std::string_view text;
};

/// A variable may be called `ignore` or `log` too: the words count where what they need follows.
bool beginsClause(std::string_view word, std::string_view behind, bool inCondition) {
    behind = trimmed(behind);
    if (word == "if") {
        return !inCondition;
    }
    if (word == "ignore") {
        return !behind.empty() && std::isdigit(static_cast<unsigned char>(behind.front())) != 0;
    }
    return word == "log" && behind.starts_with('"');
}

/// Words inside of quotes and parentheses are no keywords.
std::vector<Clause> split(std::string_view text) {
    std::vector<Clause> clauses{{"", text}};
    std::size_t start = 0; // of the clause's text
    char quote = 0;
    int depth = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (quote != 0) {
            at += c == '\\' ? 1 : 0;
            quote = c == quote ? '\0' : quote;
            continue;
        }
        quote = c == '"' || c == '\'' ? c : '\0';
        depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
        if (depth != 0 || (at > 0 && text[at - 1] != ' ') || std::isalpha(static_cast<unsigned char>(c)) == 0) {
            continue;
        }
        const std::size_t end = std::min(text.find_first_of(" \"(", at), text.size());
        const std::string_view word = text.substr(at, end - at);
        if (beginsClause(word, text.substr(end), clauses.back().word == "if")) {
            clauses.back().text = text.substr(start, at - start);
            clauses.push_back({word, text.substr(end)});
            start = end;
        }
    }
    return clauses;
}

Result<std::string> quoted(std::string_view text) {
    text = trimmed(text);
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') {
        return support::fail(ErrorKind::Usage, "log: the text has no closing quote", "log \"value {m.val[0]}\"");
    }
    std::string result;
    for (std::size_t at = 1; at + 1 < text.size(); ++at) {
        if (text[at] == '\\' && at + 2 < text.size()) {
            ++at;
            result += text[at] == 'n' ? '\n' : text[at] == 't' ? '\t' : text[at];
        } else {
            result += text[at];
        }
    }
    return result;
}

Result<void> apply(const Clause& clause, BreakpointSpec& spec) {
    const std::string_view text = trimmed(clause.text);
    if (clause.word == "if") {
        if (text.empty()) {
            return support::fail(ErrorKind::Usage, "if what? a condition is missing", "break 17 if m.val[0] > 2000");
        }
        spec.condition = text;
        return {};
    }
    if (clause.word == "ignore") {
        const auto number = parseNumber(text);
        if (!number || *number > UINT32_MAX) {
            return support::fail(ErrorKind::Usage, "ignore: expected a number, found \"" + std::string(text) + "\"");
        }
        spec.ignore = static_cast<std::uint32_t>(*number);
        return {};
    }
    auto message = quoted(text);
    if (!message) {
        return tl::unexpected(message.error());
    }
    spec.logMessage = std::move(*message);
    return {};
}

Result<void> place(std::string_view text, const Here& here, BreakpointSpec& spec) {
    using Kind = BreakpointSpec::Kind;
    if (text.empty()) {
        spec.kind = here.line != 0 ? Kind::Line : Kind::Instruction;
        spec.file = here.file;
        spec.line = here.line;
        spec.address = here.pc;
        return {};
    }
    if (text.front() == '*') {
        const auto address = parseNumber(text.substr(1));
        if (!address || *address > UINT32_MAX) {
            return support::fail(ErrorKind::Usage,
                                 "expected an instruction's address behind *, found \"" + std::string(text.substr(1)) +
                                     "\"",
                                 "as `disassemble` shows them: break *0x48");
        }
        spec.kind = Kind::Instruction;
        spec.address = static_cast<std::uint32_t>(*address);
        return {};
    }
    const std::size_t colon = text.rfind(':');
    const std::string_view digits = colon == std::string_view::npos ? text : text.substr(colon + 1);
    const auto line = parseNumber(digits);
    if (line && *line > 0 && *line <= UINT32_MAX) {
        spec.kind = Kind::Line;
        spec.line = static_cast<unsigned>(*line);
        spec.file = colon == std::string_view::npos ? here.file : std::string(trimmed(text.substr(0, colon)));
        if (spec.file.empty()) {
            return support::fail(ErrorKind::Usage, "a line of which file?", "break FILE:LINE");
        }
        return {};
    }
    const bool isName =
        std::ranges::all_of(text,
                            [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }) &&
        std::isdigit(static_cast<unsigned char>(text.front())) == 0;
    if (!isName) {
        return support::fail(ErrorKind::Usage, "\"" + std::string(text) + "\" is no place to stop at",
                             std::string("expected ") + kPlaces);
    }
    spec.kind = Kind::Function;
    spec.function = text;
    return {};
}

Result<std::string_view> clausesOf(std::string_view text, BreakpointSpec& spec) {
    const auto clauses = split(text);
    for (std::size_t at = 1; at < clauses.size(); ++at) {
        if (auto done = apply(clauses[at], spec); !done) {
            return tl::unexpected(done.error());
        }
    }
    return trimmed(clauses.front().text);
}

} // namespace

std::optional<std::uint64_t> parseNumber(std::string_view text) {
    text = trimmed(text);
    const bool isHex = text.starts_with("0x") || text.starts_with("0X");
    text.remove_prefix(isHex ? 2 : 0);
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, isHex ? 16 : 10);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

Result<BreakpointSpec> parseBreakpoint(std::string_view text, const Here& here) {
    BreakpointSpec spec;
    const auto where = clausesOf(text, spec);
    if (!where) {
        return tl::unexpected(where.error());
    }
    if (auto done = place(*where, here, spec); !done) {
        return tl::unexpected(done.error());
    }
    return spec;
}

Result<BreakpointSpec> parseWatch(std::string_view text) {
    BreakpointSpec spec;
    spec.kind = BreakpointSpec::Kind::Watch;
    const auto what = clausesOf(text, spec);
    if (!what) {
        return tl::unexpected(what.error());
    }
    if (what->empty()) {
        return support::fail(ErrorKind::Usage, "watch what?",
                             "a variable or memory: watch m.val[0], watch *(int*)0x10000000");
    }
    spec.expression = *what;
    return spec;
}

} // namespace rbpf::cli::debug
