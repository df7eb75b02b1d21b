// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/console.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "ide/cli/source_text.hpp"

namespace rbpf::cli {

namespace {

using support::Diagnostic;
using support::ErrorKind;
using support::Severity;

constexpr const char* kRed = "1;31";
constexpr const char* kMagenta = "1;35";
constexpr const char* kCyan = "1;36";
constexpr const char* kGreen = "1;32";
constexpr const char* kBold = "1";

const char* severityName(Severity severity) {
    return severity == Severity::Error ? "error" : severity == Severity::Warning ? "warning" : "note";
}

const char* severityStyle(Severity severity) {
    return severity == Severity::Error ? kRed : severity == Severity::Warning ? kMagenta : kCyan;
}

const char* kindName(ErrorKind kind) {
    switch (kind) {
    case ErrorKind::Script:
        return "script";
    case ErrorKind::Usage:
        return "usage";
    case ErrorKind::Board:
        return "board";
    case ErrorKind::Link:
        return "link";
    case ErrorKind::Cancelled:
        return "cancelled";
    case ErrorKind::Io:
        return "io";
    }
    return "io";
}

void put(std::FILE* stream, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stream);
}

/// Blanks as wide as the text before `column`: tabs stay tabs, a UTF-8 character is one blank.
std::string indent(const std::string& line, unsigned column) {
    std::string blanks;
    for (std::size_t at = 0; at + 1 < column && at < line.size(); ++at) {
        const auto byte = static_cast<unsigned char>(line[at]);
        if (byte == '\t') {
            blanks += '\t';
        } else if ((byte & 0xc0) != 0x80) {
            blanks += ' ';
        }
    }
    return blanks;
}

std::string underline(const std::string& line, const support::SourceRange& range) {
    std::size_t width = 1;
    if (range.endLine == range.line && range.endColumn > range.column) {
        width =
            std::min<std::size_t>(range.endColumn, line.size() + 1) - std::min<std::size_t>(range.column, line.size());
    } else if (range.endLine > range.line && range.column <= line.size()) {
        width = line.size() - range.column + 1;
    }
    return "^" + std::string(std::max<std::size_t>(width, 1) - 1, '~');
}

} // namespace

ExitCode exitCode(ErrorKind kind) {
    switch (kind) {
    case ErrorKind::Usage:
        return kUsage;
    case ErrorKind::Board:
    case ErrorKind::Link:
        return kBoardFault;
    case ErrorKind::Cancelled:
        return kCancelled;
    case ErrorKind::Script:
    case ErrorKind::Io:
        break;
    }
    return kScriptFault;
}

Console::Console()
    : isTerminal_(::isatty(STDERR_FILENO) != 0),
      hasColours_(isTerminal_ && std::getenv("NO_COLOR") == nullptr &&
                  std::string_view(std::getenv("TERM") != nullptr ? std::getenv("TERM") : "dumb") != "dumb") {}

std::string Console::styled(const char* style, std::string_view text) const {
    return hasColours_ ? fmt::format("\x1b[{}m{}\x1b[0m", style, text) : std::string(text);
}

void Console::print(std::string_view text) const {
    put(stdout, text);
}

void Console::printJson(const nlohmann::json& value) const {
    put(stdout, value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

void Console::note(std::string_view text) const {
    if (!json) {
        put(stderr, fmt::format("{}\n", text));
    }
}

void Console::warn(std::string_view text, std::string_view hint) const {
    put(stderr, fmt::format("rbpf: {} {}\n", styled(kMagenta, "warning:"), text));
    if (!hint.empty()) {
        put(stderr, fmt::format("  {} {}\n", styled(kCyan, "hint:"), hint));
    }
}

int Console::fail(const support::Error& error) const {
    std::fflush(stdout);
    put(stderr, fmt::format("rbpf: {} {}\n", styled(kRed, "error:"), error.message));
    if (!error.hint.empty()) {
        put(stderr, fmt::format("  {} {}\n", styled(kCyan, "hint:"), error.hint));
    }
    if (json) {
        printJson(nlohmann::json{
            {"error", {{"kind", kindName(error.kind)}, {"message", error.message}, {"hint", error.hint}}}});
    }
    return exitCode(error.kind);
}

void Console::diagnostics(const std::vector<Diagnostic>& list, const std::filesystem::path& folder) const {
    std::size_t errors = 0;
    for (const Diagnostic& one : list) {
        diagnostic(one, folder);
        errors += one.severity == Severity::Error ? 1 : 0;
    }
    if (errors != 0) {
        put(stderr, fmt::format("{} error{}\n", errors, errors == 1 ? "" : "s"));
    }
}

void Console::diagnostic(const Diagnostic& one, const std::filesystem::path& folder) const {
    const support::SourceRange& range = one.range;
    std::string place = range.file.empty() ? "rbpf" : shownPath(range.file, folder);
    if (range.line != 0) {
        place += fmt::format(":{}:{}", range.line, std::max(range.column, 1u));
    }
    put(stderr, fmt::format("{} {} {}\n", styled(kBold, place + ":"),
                            styled(severityStyle(one.severity), fmt::format("{}:", severityName(one.severity))),
                            styled(kBold, one.message)));
    if (range.line != 0 && range.column != 0) {
        const std::string line = sourceLine(range.file, range.line, folder);
        if (!line.empty()) {
            put(stderr, fmt::format("{:5} | {}\n", range.line, line));
            put(stderr,
                fmt::format("      | {}{}\n", indent(line, range.column), styled(kGreen, underline(line, range))));
            for (const support::FixIt& fixIt : one.fixIts) {
                if (fixIt.range.line == range.line && !fixIt.text.empty()) {
                    put(stderr,
                        fmt::format("      | {}{}\n", indent(line, fixIt.range.column), styled(kGreen, fixIt.text)));
                }
            }
        }
    }
    if (!one.hint.empty()) {
        put(stderr, fmt::format("  {} {}\n", styled(kCyan, "hint:"), one.hint));
    }
    for (const Diagnostic& note : one.notes) {
        diagnostic(note, folder);
    }
}

} // namespace rbpf::cli
