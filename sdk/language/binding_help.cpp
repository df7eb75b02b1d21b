// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/binding_help.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "sdk/image/bindings.hpp"
#include "sdk/language/documents.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::language {

namespace {

bool isLetter(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// "bpf_saul_reg_t * device" as people write it.
std::string tidy(std::string_view text) {
    std::string result(text);
    for (std::size_t at; (at = result.find("* ")) != std::string::npos;) {
        result.erase(at + 1, 1);
    }
    return result;
}

std::string withBlank(std::string_view returns) {
    return returns.ends_with('*') ? std::string(returns) : std::string(returns) + ' ';
}

std::string_view textOf(std::string_view text, const support::SourceRange& range) {
    const std::size_t from = offsetOf(text, range.line, range.column);
    const std::size_t to = offsetOf(text, range.endLine, range.endColumn);
    return text.substr(from, to > from ? to - from : 0);
}

} // namespace

std::optional<BindingHelp> bindingHelp(std::string_view name) {
    const auto all = image::bindings();
    const auto found = std::find_if(all.begin(), all.end(), [&](const image::Binding& one) { return one.name == name; });
    if (found == all.end()) {
        return std::nullopt;
    }
    const std::string parameters = tidy(found->parameters);
    BindingHelp help;
    help.detail = withBlank(found->returns) + parameters;
    help.signature.documentation = found->documentation;
    std::string& label = help.signature.label = withBlank(found->returns) + std::string(name);
    // No parameter has parentheses or a comma of its own.
    const std::size_t start = label.size() + 1;
    label += parameters;
    for (std::size_t from = start; from < label.size() && parameters != "(void)";) {
        const std::size_t to = label.find_first_of(",)", from);
        help.signature.parameters.emplace_back(from, to);
        from = label[to] == ',' ? to + 2 : label.size();
    }
    return help;
}

void helpWithBindings(Completions& completions) {
    for (Completion& one : completions.items) {
        if (auto help = bindingHelp(one.label)) {
            one.kind = ItemKind::Function;
            one.detail = std::move(help->detail);
            one.documentation = std::move(help->signature.documentation);
        }
    }
}

void helpWithBindings(Hover& hover, std::string_view text) {
    if (const auto help = bindingHelp(textOf(text, hover.range))) {
        hover.markdown =
            fmt::format("```c\n{}\n```\n\n---\n{}\n", help->signature.label, help->signature.documentation);
    }
}

void helpWithBindings(SignatureHelp& help, std::string_view text, std::size_t offset) {
    // clangd has a function's own name in the label, and none for a pointer to one.
    if (help.signatures.size() == 1 && help.signatures.front().label.starts_with('(')) {
        const Call call = callAt(text, offset);
        if (auto binding = bindingHelp(call.name)) {
            help.signatures.front() = std::move(binding->signature);
            // clang does not count an argument that has a mistake in it.
            help.activeParameter = call.argument;
        }
    }
}

std::optional<std::string> meantBinding(std::string_view word) {
    if (!word.starts_with("bpf_") || !std::all_of(word.begin(), word.end(), isLetter)) {
        return std::nullopt;
    }
    std::vector<std::string_view> names;
    for (const image::Binding& one : image::bindings()) {
        names.push_back(one.name);
    }
    const auto meant = support::closest(word, names);
    return meant != word ? meant : std::nullopt;
}

void helpWithBindings(std::vector<Finding>& findings, std::string_view text) {
    for (Finding& finding : findings) {
        const std::string_view word = textOf(text, finding.range);
        if (finding.severity == support::Severity::Error && finding.fixes.empty()) {
            if (const auto meant = meantBinding(word)) {
                finding.fixes.push_back({fmt::format("change '{}' to '{}'", word, *meant), {{finding.range, *meant}}});
            }
        }
    }
}

Call callAt(std::string_view text, std::size_t offset) {
    unsigned depth = 0;
    unsigned commas = 0;
    for (std::size_t at = std::min(offset, text.size()); at-- > 0;) {
        const char letter = text[at];
        if (letter == '"') {
            do {
                at = at > 0 ? text.rfind('"', at - 1) : std::string_view::npos;
            } while (at != std::string_view::npos && at > 0 && text[at - 1] == '\\');
            if (at == std::string_view::npos) {
                return {};
            }
        } else if (letter == ',' && depth == 0) {
            ++commas;
        } else if (letter == ')') {
            ++depth;
        } else if (letter == '(' && depth > 0) {
            --depth;
        } else if (letter == '(') {
            std::size_t end = at;
            while (end > 0 && text[end - 1] == ' ') {
                --end;
            }
            std::size_t start = end;
            while (start > 0 && isLetter(text[start - 1])) {
                --start;
            }
            return {text.substr(start, end - start), commas};
        } else if (letter == ';' || letter == '{' || letter == '}') {
            return {};
        }
    }
    return {};
}

} // namespace rbpf::language
