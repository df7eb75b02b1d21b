// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/server_answers.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "sdk/image/bindings.hpp"
#include "sdk/language/binding_help.hpp"
#include "sdk/language/json_fields.hpp"

namespace rbpf::language {

namespace {

using nlohmann::json;

/// CompletionItemKind.
constexpr int kFunction = 3;

bool contains(const json& list, const char* word) {
    return list.is_array() && std::find(list.begin(), list.end(), word) != list.end();
}

json signatureOf(const Signature& signature, const Abilities& abilities) {
    json parameters = json::array();
    for (const auto& [from, to] : signature.parameters) {
        if (abilities.takesLabelOffsets) {
            parameters.push_back({{"label", {from, to}}});
        } else {
            parameters.push_back({{"label", signature.label.substr(from, to - from)}});
        }
    }
    return {{"label", signature.label},
            {"documentation", markupOf(signature.documentation, abilities)},
            {"parameters", std::move(parameters)}};
}

void describe(json& item, const BindingHelp& help, const Abilities& abilities) {
    item["kind"] = kFunction;
    item["detail"] = help.detail;
    item["documentation"] = markupOf(help.signature.documentation, abilities);
}

} // namespace

Abilities abilitiesOf(const json& capabilities) {
    const json& document = field(capabilities, "textDocument");
    const json& workspace = field(capabilities, "workspace");
    const json& signature = field(field(document, "signatureHelp"), "signatureInformation");
    Abilities abilities;
    abilities.encoding = chooseEncoding(capabilities);
    abilities.takesMarkdown = contains(field(field(document, "hover"), "contentFormat"), "markdown");
    abilities.takesLabelOffsets = truth(field(field(signature, "parameterInformation"), "labelOffsetSupport"), false);
    abilities.takesRelated = truth(field(field(document, "publishDiagnostics"), "relatedInformation"), false);
    abilities.refreshesLenses = truth(field(field(workspace, "codeLens"), "refreshSupport"), false);
    abilities.refreshesInlays = truth(field(field(workspace, "inlayHint"), "refreshSupport"), false);
    abilities.watchesFiles = truth(field(field(workspace, "didChangeWatchedFiles"), "dynamicRegistration"), false);
    abilities.showsActions = field(field(document, "codeAction"), "codeActionLiteralSupport").is_object();
    return abilities;
}

json markupOf(const std::string& markdown, const Abilities& abilities) {
    if (abilities.takesMarkdown) {
        return {{"kind", "markdown"}, {"value", markdown}};
    }
    std::string plain;
    for (std::size_t at = 0; at < markdown.size();) {
        const std::size_t end = std::min(markdown.find('\n', at), markdown.size());
        const std::string_view line = std::string_view(markdown).substr(at, end - at);
        if (!line.starts_with("```") && line != "---") {
            std::copy_if(line.begin(), line.end(), std::back_inserter(plain), [](char c) { return c != '`'; });
            plain += '\n';
        }
        at = end + 1;
    }
    return {{"kind", "plaintext"}, {"value", plain}};
}

void addBindings(json& completions, const Abilities& abilities) {
    json* items = &completions;
    if (completions.is_object() && completions.contains("items")) {
        items = &completions["items"];
    }
    if (!items->is_array()) {
        return;
    }
    for (json& item : *items) {
        // clangd puts a blank or a bullet before the name; what it filters by is the name.
        std::string name = text(field(item, "filterText"));
        if (name.empty()) {
            name = text(field(item, "label"));
        }
        if (const auto help = bindingHelp(name)) {
            describe(item, *help, abilities);
            item.erase("labelDetails"); // the type of a variable
        }
    }
}

void addBindings(json& hover, std::string_view text, const json& position, const Abilities& abilities) {
    const std::string_view word = wordAt(text, offsetAt(text, position, abilities.encoding));
    const auto help = bindingHelp(word);
    if (!help) {
        return;
    }
    const auto start = static_cast<std::size_t>(word.data() - text.data());
    hover = {{"contents", markupOf(fmt::format("```c\n{}\n```\n\n---\n{}\n", help->signature.label,
                                               help->signature.documentation),
                                   abilities)},
             {"range",
              {{"start", positionAt(text, start, abilities.encoding)},
               {"end", positionAt(text, start + word.size(), abilities.encoding)}}}};
}

void addSignature(json& help, std::string_view text, const json& position, const Abilities& abilities) {
    const json& signatures = field(help, "signatures");
    // clangd has a function's own name in the label, and none for a pointer to one.
    const bool isPointer = signatures.is_array() && signatures.size() == 1 &&
                           language::text(field(signatures[0], "label")).starts_with('(');
    if (!isPointer && !help.is_null()) {
        return;
    }
    const Call call = callAt(text, offsetAt(text, position, abilities.encoding));
    if (const auto binding = bindingHelp(call.name)) {
        help = {{"signatures", json::array({signatureOf(binding->signature, abilities)})},
                {"activeSignature", 0},
                {"activeParameter", call.argument}};
    }
}

json completeBindings(std::string_view text, const json& position, const Abilities& abilities) {
    const std::size_t end = offsetAt(text, position, abilities.encoding);
    const std::string_view prefix = wordAt(text.substr(0, end), end);
    json items = json::array();
    for (const image::Binding& one : image::bindings()) {
        if (one.name.starts_with(prefix)) {
            json item = {{"label", one.name},
                         {"textEdit",
                          {{"newText", one.name},
                           {"range",
                            {{"start", positionAt(text, end - prefix.size(), abilities.encoding)},
                             {"end", positionAt(text, end, abilities.encoding)}}}}}};
            describe(item, *bindingHelp(one.name), abilities);
            items.push_back(std::move(item));
        }
    }
    return {{"isIncomplete", false}, {"items", std::move(items)}};
}

} // namespace rbpf::language
