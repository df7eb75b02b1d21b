// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/server_findings.hpp"

#include <algorithm>
#include <filesystem>

#include "sdk/language/binding_help.hpp"
#include "sdk/language/json_fields.hpp"
#include "sdk/language/protocol.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::language {

namespace {

using nlohmann::json;
using support::Diagnostic;
using support::Severity;

/// DiagnosticSeverity.
int numberOf(Severity severity) {
    return severity == Severity::Error ? 1 : severity == Severity::Warning ? 2 : 3;
}

/// The sentence alone: clangd begins it with a capital, and adds notes and "(fix available)".
std::string bare(std::string message) {
    message.erase(std::min(message.find('\n'), message.size()));
    if (const std::size_t more = message.rfind(" (fix"); more != std::string::npos && message.ends_with("available)")) {
        message.erase(more);
    }
    if (!message.empty() && message[0] >= 'A' && message[0] <= 'Z') {
        message[0] = static_cast<char>(message[0] + ('a' - 'A'));
    }
    return message;
}

unsigned startLine(const json& diagnostic) {
    return number(field(field(field(diagnostic, "range"), "start"), "line"));
}

bool overlap(const json& one, const json& other) {
    const auto place = [](const json& range, const char* end) {
        return std::pair(number(field(field(range, end), "line")), number(field(field(range, end), "character")));
    };
    return place(one, "start") <= place(other, "end") && place(other, "start") <= place(one, "end");
}

json actionOf(const std::string& title, const json& diagnostic, const std::string& uri, json edits) {
    return {{"title", title},
            {"kind", "quickfix"},
            {"diagnostics", json::array({diagnostic})},
            {"edit", {{"changes", {{uri, std::move(edits)}}}}}};
}

} // namespace

std::string Findings::textOf(const std::string& file) const {
    const Text* open = texts_.byFile(file);
    return open != nullptr ? open->text : support::readText(file).value_or("");
}

support::SourceRange Findings::moved(const support::SourceRange& range, const std::string& file, std::size_t edits) const {
    support::SourceRange now = range;
    if (const Text* open = texts_.byFile(file); open != nullptr && range.line > 0) {
        now.line = movedLine(*open, edits, range.line);
        now.endLine = range.endLine >= range.line ? now.line + (range.endLine - range.line) : 0;
    }
    return now;
}

void Findings::setClangds(const json& parameters) {
    const std::string file = std::filesystem::path(pathOf(text(field(parameters, "uri")))).lexically_normal();
    const json& diagnostics = field(parameters, "diagnostics");
    const Text* open = texts_.byFile(file);
    const json& version = field(parameters, "version");
    if (diagnostics.is_array() && (open == nullptr || !version.is_number() || version == open->version)) {
        clangds_[file] = {diagnostics, open != nullptr ? open->edits.size() : 0};
        publish(file);
    }
}

json Findings::clangdsNow(const std::string& file) const {
    const auto found = clangds_.find(file);
    if (found == clangds_.end()) {
        return json::array();
    }
    json list = found->second.list;
    const Text* open = texts_.byFile(file);
    if (open != nullptr && open->edits.size() > found->second.edits) {
        for (json& one : list) {
            for (const char* end : {"start", "end"}) {
                const unsigned line = number(field(field(field(one, "range"), end), "line"));
                one["range"][end]["line"] = std::max(movedLine(*open, found->second.edits, line + 1), 1U) - 1;
            }
        }
    }
    return list;
}

void Findings::dropClangds() {
    std::set<std::string> files;
    for (const auto& [file, list] : std::exchange(clangds_, {})) {
        files.insert(file);
        for (Ours& one : ours_[file]) {
            one.isTwice = false;
        }
    }
    for (const std::string& file : files) {
        publish(file);
    }
}

void Findings::setOurs(const std::string& project, const std::vector<Diagnostic>& all,
                       const std::map<std::string, std::size_t>& edits) {
    std::set<std::string> changed;
    for (auto& [file, list] : ours_) {
        if (std::erase_if(list, [&](const Ours& one) { return one.project == project; }) > 0) {
            changed.insert(file);
        }
    }
    for (const Diagnostic& one : all) {
        const std::string& file = one.range.file;
        const auto known = edits.find(file);
        ours_[file].push_back({project, one, known != edits.end() ? known->second : 0});
        changed.insert(file);
    }
    for (const auto& [file, count] : edits) {
        changed.insert(file); // that there is nothing is news, too
    }
    for (const std::string& file : changed) {
        publish(file);
    }
}

void Findings::close(const std::string& file) {
    clangds_.erase(file);
    publish(file);
    published_.erase(file);
}

json Findings::shown(const Ours& ours, const std::string& file) const {
    const Diagnostic& diagnostic = ours.diagnostic;
    json shown = {{"range", rangeIn(textOf(file), moved(diagnostic.range, file, ours.edits), abilities_.encoding)},
                  {"severity", numberOf(diagnostic.severity)},
                  {"source", "rbpf"},
                  {"message", diagnostic.hint.empty() ? diagnostic.message : diagnostic.message + "\nHINT: " + diagnostic.hint}};
    if (abilities_.takesRelated && !diagnostic.notes.empty()) {
        json& related = shown["relatedInformation"] = json::array();
        for (const Diagnostic& note : diagnostic.notes) {
            related.push_back({{"location",
                                {{"uri", uriOf(note.range.file)},
                                 {"range", rangeIn(textOf(note.range.file), note.range, abilities_.encoding)}}},
                               {"message", note.message}});
        }
    }
    return shown;
}

void Findings::publish(const std::string& file) {
    json all = clangdsNow(file);
    const std::size_t clangds = all.size();
    for (Ours& one : ours_[file]) {
        json mine = shown(one, file);
        const std::string sentence = bare(one.diagnostic.message);
        one.isTwice = one.isTwice || std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(clangds), [&](const json& theirs) {
            const std::string said = bare(text(field(theirs, "message")));
            return startLine(theirs) == startLine(mine) && (said.starts_with(sentence) || sentence.starts_with(said));
        });
        // The compiler's finding stays clangd's, whose next text may no longer have it. Two projects may share a file.
        if (!one.isTwice && std::find(all.begin(), all.end(), mine) == all.end()) {
            all.push_back(std::move(mine));
        }
    }
    const auto last = published_.find(file);
    if (last != published_.end() && last->second == all) {
        return;
    }
    published_[file] = all;
    const Text* open = texts_.byFile(file);
    // An editor may not know that another spelling means the same file.
    std::string& uri = uris_.try_emplace(file, uriOf(file)).first->second;
    if (open != nullptr) {
        uri = open->uri;
    }
    json parameters = {{"uri", uri}, {"diagnostics", std::move(all)}};
    if (open != nullptr) {
        parameters["version"] = open->version;
    }
    publish_(std::move(parameters));
}

json Findings::actions(const Text& text, const json& range) const {
    json actions = json::array();
    if (!abilities_.showsActions) {
        return actions;
    }
    if (const auto found = ours_.find(text.file); found != ours_.end()) {
        for (const Ours& one : found->second) {
            const json mine = shown(one, text.file);
            if (one.isTwice || one.diagnostic.fixIts.empty() || !overlap(mine["range"], range)) {
                continue;
            }
            json edits = json::array();
            for (const support::FixIt& fix : one.diagnostic.fixIts) {
                edits.push_back({{"range", rangeIn(text.text, moved(fix.range, text.file, one.edits), abilities_.encoding)},
                                 {"newText", fix.text}});
            }
            json action = actionOf("change to '" + one.diagnostic.fixIts.front().text + "'", mine, text.uri, std::move(edits));
            if (std::find(actions.begin(), actions.end(), action) == actions.end()) {
                actions.push_back(std::move(action));
            }
        }
    }
    for (const json& theirs : clangdsNow(text.file)) {
        const json& place = field(theirs, "range");
        if (number(field(theirs, "severity"), 1) != 1 || !overlap(place, range)) {
            continue;
        }
        const std::size_t from = offsetAt(text.text, field(place, "start"), abilities_.encoding);
        const std::size_t to = offsetAt(text.text, field(place, "end"), abilities_.encoding);
        if (const auto meant = meantBinding(std::string_view(text.text).substr(from, to > from ? to - from : 0))) {
            actions.push_back(actionOf("change to '" + *meant + "'", theirs, text.uri,
                                       json::array({{{"range", place}, {"newText", *meant}}})));
        }
    }
    return actions;
}

} // namespace rbpf::language
