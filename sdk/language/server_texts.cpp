// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/server_texts.hpp"

#include <algorithm>
#include <filesystem>

#include "sdk/language/json_fields.hpp"
#include "sdk/language/protocol.hpp"
#include "sdk/project/config.hpp"

namespace rbpf::language {

namespace {

using nlohmann::json;

unsigned linesIn(std::string_view text) {
    return static_cast<unsigned>(std::count(text.begin(), text.end(), '\n'));
}

std::string keyOf(const std::string& uri) {
    const std::string file = pathOf(uri);
    return file.empty() ? uri : std::filesystem::path(file).lexically_normal().string();
}

std::string keyIn(const json& parameters) {
    return keyOf(text(field(field(parameters, "textDocument"), "uri")));
}

} // namespace

Kind kindOf(const Text& text) {
    const std::filesystem::path file(text.file);
    if (file.filename() == project::kConfigName) {
        return Kind::Config;
    }
    if (text.languageId == "rbpf-disassembly" || file.extension() == ".rbpfasm") {
        return Kind::Disassembly;
    }
    return text.languageId.starts_with("json") ? Kind::Other : Kind::Code;
}

unsigned movedLine(const Text& text, std::size_t first, unsigned line) {
    for (; first < text.edits.size(); ++first) {
        const LineEdit& edit = text.edits[first];
        if (line > edit.line + edit.removed) {
            line = line - edit.removed + edit.added;
        } else if (line > edit.line) {
            line = edit.line; // it is gone
        }
    }
    return line;
}

const Text* Texts::open(const json& parameters) {
    const json& document = field(parameters, "textDocument");
    const std::string key = keyIn(parameters);
    if (key.empty()) {
        return nullptr;
    }
    const std::string uri = language::text(field(document, "uri"));
    Text& text = all_[key];
    text = {uri, pathOf(uri).empty() ? "" : key, language::text(field(document, "languageId")),
            static_cast<int>(number(field(document, "version"))), language::text(field(document, "text")), {}};
    return &text;
}

const Text* Texts::change(const json& parameters) {
    const auto found = all_.find(keyIn(parameters));
    const json& changes = field(parameters, "contentChanges");
    if (found == all_.end() || !changes.is_array()) {
        return nullptr;
    }
    Text& text = found->second;
    text.version = static_cast<int>(number(field(field(parameters, "textDocument"), "version"), static_cast<unsigned>(text.version + 1)));
    for (const json& change : changes) {
        edit(text, change);
    }
    return &text;
}

void Texts::edit(Text& text, const json& change) const {
    std::string inserted = language::text(field(change, "text"));
    const json& range = field(change, "range");
    std::size_t from = 0;
    std::size_t to = text.text.size();
    if (range.is_object()) {
        from = offsetAt(text.text, field(range, "start"), encoding_);
        to = std::max(from, offsetAt(text.text, field(range, "end"), encoding_));
    } else {
        // The whole text: what is the same at both ends has not been edited.
        const std::size_t shorter = std::min(to, inserted.size());
        while (from < shorter && text.text[from] == inserted[from]) {
            ++from;
        }
        std::size_t same = 0;
        while (same < shorter - from && text.text[to - 1] == inserted[inserted.size() - 1 - same]) {
            --to;
            ++same;
        }
        inserted = inserted.substr(from, inserted.size() - same - from);
    }
    const std::string_view before(text.text);
    const bool isAtStart = from == 0 || before[from - 1] == '\n';
    const LineEdit moved{linesIn(before.substr(0, from)) + (isAtStart ? 0 : 1), linesIn(before.substr(from, to - from)),
                         linesIn(inserted)};
    text.text.replace(from, to - from, inserted);
    if (moved.removed > 0 || moved.added > 0) {
        text.edits.push_back(moved);
    }
}

std::optional<Text> Texts::close(const json& parameters) {
    const auto found = all_.find(keyIn(parameters));
    if (found == all_.end()) {
        return std::nullopt;
    }
    Text closed = std::move(found->second);
    all_.erase(found);
    return closed;
}

const Text* Texts::of(const json& parameters) const {
    const auto found = all_.find(keyIn(parameters));
    return found != all_.end() ? &found->second : nullptr;
}

const Text* Texts::byFile(const std::string& file) const {
    const auto found = all_.find(file);
    return found != all_.end() ? &found->second : nullptr;
}

} // namespace rbpf::language
