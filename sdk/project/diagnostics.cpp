// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/project/diagnostics.hpp"

#include <algorithm>

namespace rbpf::project {

namespace {

using nlohmann::json;
using support::Diagnostic;
using support::Severity;

constexpr const char* kSeverities[] = {"note", "warning", "error"};

void putRange(json& to, const support::SourceRange& range) {
    to["file"] = range.file;
    to["line"] = range.line;
    to["column"] = range.column;
    to["endLine"] = range.endLine;
    to["endColumn"] = range.endColumn;
}

support::SourceRange rangeOf(const json& from) {
    return {from.value("file", ""), from.value("line", 0u), from.value("column", 0u), from.value("endLine", 0u),
            from.value("endColumn", 0u)};
}

Diagnostic fromJson(const json& from) {
    Diagnostic diagnostic;
    const auto* name = std::ranges::find(kSeverities, from.value("severity", "error"));
    diagnostic.severity = static_cast<Severity>(std::min<std::ptrdiff_t>(name - kSeverities, 2));
    diagnostic.range = rangeOf(from);
    diagnostic.message = from.value("message", "");
    diagnostic.hint = from.value("hint", "");
    for (const json& fixIt : from.value("fixIts", json::array())) {
        diagnostic.fixIts.push_back({rangeOf(fixIt), fixIt.value("text", "")});
    }
    for (const json& note : from.value("notes", json::array())) {
        diagnostic.notes.push_back(fromJson(note));
    }
    return diagnostic;
}

} // namespace

json toJson(const Diagnostic& diagnostic) {
    json to;
    to["severity"] = kSeverities[static_cast<std::size_t>(diagnostic.severity)];
    putRange(to, diagnostic.range);
    to["message"] = diagnostic.message;
    to["hint"] = diagnostic.hint;
    to["fixIts"] = json::array();
    for (const support::FixIt& fixIt : diagnostic.fixIts) {
        json one;
        putRange(one, fixIt.range);
        one["text"] = fixIt.text;
        to["fixIts"].push_back(std::move(one));
    }
    to["notes"] = toJson(diagnostic.notes);
    return to;
}

json toJson(const std::vector<Diagnostic>& diagnostics) {
    json list = json::array();
    for (const Diagnostic& diagnostic : diagnostics) {
        list.push_back(toJson(diagnostic));
    }
    return list;
}

std::vector<Diagnostic> diagnosticsFromJson(const json& from) {
    std::vector<Diagnostic> diagnostics;
    try {
        for (const json& one : from) {
            diagnostics.push_back(fromJson(one));
        }
    } catch (const json::exception&) {
        diagnostics.clear(); // edited by hand: the next build tells them again
    }
    return diagnostics;
}

bool hasErrors(const std::vector<Diagnostic>& diagnostics) {
    return std::ranges::any_of(diagnostics, [](const Diagnostic& d) { return d.severity == Severity::Error; });
}

} // namespace rbpf::project
