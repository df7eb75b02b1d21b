// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/protocol.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "sdk/language/json_fields.hpp"

namespace rbpf::language {

namespace {

using nlohmann::json;
using support::FixIt;
using support::SourceRange;

constexpr unsigned kDeepest = 32;

/// A string or a MarkupContent.
std::string markup(const json& value) {
    return value.is_object() ? text(field(value, "value")) : text(value);
}

SourceRange range(const json& value, const std::string& file) {
    const json& start = field(value, "start");
    const json& end = field(value, "end");
    return {file, number(field(start, "line")) + 1, number(field(start, "character")) + 1,
            number(field(end, "line")) + 1, number(field(end, "character")) + 1};
}

ItemKind completionKind(unsigned kind) {
    switch (kind) {
    case 2: case 3: return ItemKind::Function;
    case 5: case 10: return ItemKind::Field;
    case 6: return ItemKind::Variable;
    case 7: case 8: case 13: case 22: case 25: return ItemKind::Type;
    case 12: case 20: case 21: return ItemKind::Constant;
    case 14: return ItemKind::Keyword;
    case 1: case 15: return ItemKind::Macro;
    case 17: case 19: return ItemKind::File;
    default: return ItemKind::Other;
    }
}

ItemKind symbolKind(unsigned kind) {
    switch (kind) {
    case 6: case 12: return ItemKind::Function;
    case 7: case 8: return ItemKind::Field;
    case 13: return ItemKind::Variable;
    case 5: case 10: case 11: case 23: return ItemKind::Type;
    case 14: case 22: return ItemKind::Constant;
    case 15: return ItemKind::Macro;
    case 1: return ItemKind::File;
    default: return ItemKind::Other;
    }
}

/// clangd marks what needs a header by a bullet and pads the others with a blank.
std::string withoutMark(std::string label) {
    if (label.starts_with("•")) {
        label.erase(0, std::string_view("•").size());
    }
    label.erase(0, label.find_first_not_of(' '));
    return label;
}

void addSymbols(std::vector<Symbol>& list, const json& answer, const std::string& file, unsigned depth) {
    if (!answer.is_array() || depth > kDeepest) {
        return;
    }
    for (const json& one : answer) {
        Symbol symbol;
        symbol.name = text(field(one, "name"));
        symbol.kind = symbolKind(number(field(one, "kind")));
        symbol.depth = depth;
        if (const json& location = field(one, "location"); location.is_object()) {
            symbol.detail = text(field(one, "containerName"));
            symbol.range = range(field(location, "range"), pathOf(text(field(location, "uri"))));
        } else {
            symbol.detail = text(field(one, "detail"));
            symbol.range = range(field(one, "selectionRange"), file);
        }
        if (!symbol.name.empty() && !symbol.range.file.empty()) {
            list.push_back(std::move(symbol));
            addSymbols(list, field(one, "children"), file, depth + 1);
        }
    }
}

Fix fixOf(const json& action) {
    return {text(field(action, "title")), readWorkspaceEdit(field(action, "edit"))};
}

} // namespace

std::string uriOf(const std::string& path) {
    std::string uri = "file://";
    for (const char letter : path) {
        const auto code = static_cast<unsigned char>(letter);
        const bool isPlain = (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
                             std::string_view("/-._~").find(letter) != std::string_view::npos;
        uri += isPlain ? std::string(1, letter) : fmt::format("%{:02X}", code);
    }
    return uri;
}

std::string pathOf(const std::string& uri) {
    constexpr std::string_view kScheme = "file://";
    if (!uri.starts_with(kScheme)) {
        return {};
    }
    std::string path;
    for (std::size_t at = kScheme.size(); at < uri.size(); ++at) {
        unsigned code = 0;
        if (uri[at] == '%' && at + 2 < uri.size() &&
            std::from_chars(uri.data() + at + 1, uri.data() + at + 3, code, 16).ptr == uri.data() + at + 3) {
            path += static_cast<char>(code);
            at += 2;
        } else {
            path += uri[at];
        }
    }
    return path.starts_with('/') ? path : std::string();
}

json positionOf(unsigned line, unsigned column) {
    return {{"line", std::max(line, 1U) - 1}, {"character", std::max(column, 1U) - 1}};
}

Completions readCompletions(const json& answer, const std::string& file) {
    Completions all;
    const json& incomplete = field(answer, "isIncomplete");
    all.isIncomplete = incomplete.is_boolean() && incomplete.get<bool>();
    const json& items = answer.is_array() ? answer : field(answer, "items");
    if (!items.is_array()) {
        return all;
    }
    std::vector<std::pair<std::string, Completion>> sorted;
    for (const json& item : items) {
        Completion one;
        one.label = withoutMark(text(field(item, "label")));
        const json& edit = field(item, "textEdit");
        if (one.label.empty() || !edit.is_object()) {
            continue;
        }
        one.edit = {range(field(edit, "range"), file), text(field(edit, "newText"))};
        one.detail = text(field(item, "detail"));
        one.documentation = markup(field(item, "documentation"));
        one.kind = completionKind(number(field(item, "kind")));
        sorted.emplace_back(text(field(item, "sortText")), std::move(one));
    }
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [key, one] : sorted) {
        all.items.push_back(std::move(one));
    }
    return all;
}

SignatureHelp readSignatureHelp(const json& answer) {
    SignatureHelp help;
    help.active = number(field(answer, "activeSignature"));
    help.activeParameter = number(field(answer, "activeParameter"));
    const json& signatures = field(answer, "signatures");
    if (!signatures.is_array()) {
        return help;
    }
    for (const json& item : signatures) {
        Signature one{text(field(item, "label")), markup(field(item, "documentation")), {}};
        if (const json& parameters = field(item, "parameters"); parameters.is_array()) {
            for (const json& parameter : parameters) {
                const json& label = field(parameter, "label");
                if (label.is_array() && label.size() == 2) {
                    const auto end = std::min<std::size_t>(number(label[1]), one.label.size());
                    one.parameters.emplace_back(std::min<std::size_t>(number(label[0]), end), end);
                }
            }
        }
        help.signatures.push_back(std::move(one));
    }
    return help;
}

Hover readHover(const json& answer, const std::string& file) {
    return {markup(field(answer, "contents")), range(field(answer, "range"), file)};
}

std::vector<SourceRange> readLocations(const json& answer) {
    std::vector<SourceRange> places;
    const auto add = [&places](const json& one) {
        const bool isLink = field(one, "targetUri").is_string();
        const std::string file = pathOf(text(field(one, isLink ? "targetUri" : "uri")));
        if (!file.empty()) {
            places.push_back(range(field(one, isLink ? "targetSelectionRange" : "range"), file));
        }
    };
    if (answer.is_array()) {
        std::for_each(answer.begin(), answer.end(), add);
    } else {
        add(answer);
    }
    return places;
}

std::vector<FixIt> readEdits(const json& answer, const std::string& file) {
    std::vector<FixIt> edits;
    if (answer.is_array() && !file.empty()) {
        for (const json& one : answer) {
            edits.push_back({range(field(one, "range"), file), text(field(one, "newText"))});
        }
    }
    return edits;
}

std::vector<FixIt> readWorkspaceEdit(const json& answer) {
    std::vector<FixIt> edits;
    const auto add = [&edits](const json& list, const std::string& uri) {
        for (FixIt& one : readEdits(list, pathOf(uri))) {
            edits.push_back(std::move(one));
        }
    };
    if (const json& changes = field(answer, "changes"); changes.is_object()) {
        for (const auto& [uri, list] : changes.items()) {
            add(list, uri);
        }
    }
    if (const json& changes = field(answer, "documentChanges"); changes.is_array()) {
        for (const json& one : changes) {
            add(field(one, "edits"), text(field(field(one, "textDocument"), "uri")));
        }
    }
    return edits;
}

std::vector<Symbol> readSymbols(const json& answer, const std::string& file) {
    std::vector<Symbol> list;
    addSymbols(list, answer, file, 0);
    return list;
}

std::vector<Finding> readFindings(const json& parameters) {
    std::vector<Finding> findings;
    const std::string file = pathOf(text(field(parameters, "uri")));
    const json& diagnostics = field(parameters, "diagnostics");
    if (file.empty() || !diagnostics.is_array()) {
        return findings;
    }
    for (const json& one : diagnostics) {
        Finding finding;
        const unsigned severity = number(field(one, "severity"), 1);
        finding.severity = severity == 1   ? support::Severity::Error
                           : severity == 2 ? support::Severity::Warning
                                           : support::Severity::Note;
        finding.range = range(field(one, "range"), file);
        finding.message = text(field(one, "message"));
        if (const json& actions = field(one, "codeActions"); actions.is_array()) {
            for (const json& action : actions) {
                if (Fix fix = fixOf(action); !fix.edits.empty()) {
                    finding.fixes.push_back(std::move(fix));
                }
            }
        }
        findings.push_back(std::move(finding));
    }
    return findings;
}

} // namespace rbpf::language
