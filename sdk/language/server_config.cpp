// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/server_config.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "sdk/language/json_cursor.hpp"
#include "sdk/language/json_fields.hpp"
#include "sdk/project/sdk_folders.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::language {

namespace {

using nlohmann::json;

/// CompletionItemKind.
constexpr int kFunction = 3, kProperty = 10, kValue = 12;

/// null where it cannot be read: then nothing is completed.
const json& schema() {
    static const json whole = json::parse(support::readText(project::schemaFile()).value_or(""), nullptr, false);
    return whole;
}

/// The part of the schema for a value.
const json& nodeAt(const std::vector<std::string>& path) {
    const json* node = &schema();
    for (const std::string& step : path) {
        node = field(*node, "items").is_object() ? &field(*node, "items") : &field(field(*node, "properties"), step.c_str());
    }
    return *node;
}

/// What a key is completed with; braces for the editor's user to fill.
json startOf(const json& node) {
    if (const json& given = field(node, "default"); !given.is_null()) {
        return given;
    }
    if (const json& examples = field(node, "examples"); examples.is_array() && !examples.empty()) {
        return examples[0];
    }
    return field(node, "type") == "array" ? json::array() : json("");
}

std::vector<json> valuesOf(const json& node) {
    std::vector<json> values;
    const auto add = [&](const json& one) {
        if (!one.is_null() && std::find(values.begin(), values.end(), one) == values.end()) {
            values.push_back(one);
        }
    };
    for (const char* list : {"enum", "examples"}) {
        if (const json& some = field(node, list); some.is_array()) {
            std::for_each(some.begin(), some.end(), add);
        }
    }
    add(field(node, "default"));
    return values;
}

json rangeOf(std::string_view text, const JsonCursor& cursor, Encoding encoding) {
    return {{"start", positionAt(text, cursor.start, encoding)}, {"end", positionAt(text, cursor.end, encoding)}};
}

} // namespace

json completeConfig(std::string_view text, const json& position, const Abilities& abilities,
                    const std::vector<std::string>& functions) {
    const JsonCursor cursor = jsonCursorAt(text, offsetAt(text, position, abilities.encoding));
    const json range = rangeOf(text, cursor, abilities.encoding);
    const bool isQuoted = cursor.start < cursor.end && text[cursor.start] == '"';
    json items = json::array();
    const auto add = [&](const std::string& label, int kind, const std::string& newText, const json& node) {
        items.push_back({{"label", label},
                         {"kind", kind},
                         {"documentation", markupOf(language::text(field(node, "description")), abilities)},
                         {"filterText", isQuoted ? "\"" + label + "\"" : label},
                         {"textEdit", {{"range", range}, {"newText", newText}}}});
    };
    const json& node = nodeAt(cursor.path);
    if (cursor.isKey) {
        const json& properties = field(node, "properties");
        for (const auto& [key, property] : properties.items()) {
            if (!cursor.siblings.contains(key)) {
                add(key, kProperty, "\"" + key + "\"" + (cursor.hasColon ? "" : ": " + startOf(property).dump()), property);
            }
        }
        return {{"isIncomplete", false}, {"items", std::move(items)}};
    }
    for (const json& value : valuesOf(node)) {
        add(value.is_string() ? value.get<std::string>() : value.dump(), kValue, value.dump(), node);
    }
    if (cursor.path.size() == 3 && cursor.path[0] == "entries" && cursor.path[2] == "function") {
        for (const std::string& function : functions) {
            add(function, kFunction, json(function).dump(), node);
        }
    }
    return {{"isIncomplete", false}, {"items", std::move(items)}};
}

json hoverConfig(std::string_view text, const json& position, const Abilities& abilities) {
    JsonCursor cursor = jsonCursorAt(text, offsetAt(text, position, abilities.encoding));
    if (cursor.isKey) {
        cursor.path.emplace_back(unquoted(text.substr(cursor.start, cursor.end - cursor.start)));
    }
    const json& node = nodeAt(cursor.path);
    if (cursor.start == cursor.end || !field(node, "description").is_string()) {
        return nullptr;
    }
    std::string words = language::text(node["description"]);
    if (const json& values = field(node, "enum"); values.is_array()) {
        words += "\n\nOne of";
        for (const json& one : values) {
            words += " `" + one.dump() + "`";
        }
    }
    if (const json& given = field(node, "default"); !given.is_null()) {
        words += "\n\nWithout it: `" + given.dump() + "`";
    }
    return {{"contents", markupOf(words + "\n", abilities)}, {"range", rangeOf(text, cursor, abilities.encoding)}};
}

} // namespace rbpf::language
