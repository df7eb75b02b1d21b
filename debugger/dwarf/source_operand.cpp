// SPDX-License-Identifier: GPL-3.0-or-later
// clang gives an operator's column to assignments, prefix operators and ++, a member's name to member accesses, and the
// beginning to subscripts, calls and variables (Expr::getExprLoc).
#include "debugger/dwarf/source_operand.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "debugger/dwarf/expression_parser.hpp"

namespace rbpf::dwarf {

namespace {

constexpr std::size_t kStatementMax = 4000; ///< bytes on each side of the place

std::optional<std::size_t> offsetOf(std::string_view source, unsigned line, unsigned column) {
    std::size_t at = 0;
    for (unsigned number = 1; number < line; ++number) {
        at = source.find('\n', at);
        if (at == source.npos) {
            return std::nullopt;
        }
        ++at;
    }
    at += column - 1;
    return line == 0 || column == 0 || at >= source.size() ? std::nullopt : std::optional(at);
}

/// The same length without comments, preprocessor lines and what stands inside of literals.
std::string plain(std::string_view source) {
    std::string text(source);
    const auto blank = [&](std::size_t from, std::size_t to) {
        for (; from < std::min(to, text.size()); ++from) {
            text[from] = text[from] == '\n' ? '\n' : ' ';
        }
    };
    bool lineBegins = true;
    for (std::size_t at = 0; at < source.size(); ++at) {
        const std::string_view rest = source.substr(at);
        const char c = source[at];
        std::size_t end = at;
        if (rest.starts_with("/*")) {
            end = source.find("*/", at + 2);
            end = end == source.npos ? source.size() : end + 2;
            blank(at, end);
        } else if (rest.starts_with("//") || (c == '#' && lineBegins)) {
            end = std::min(source.find('\n', at), source.size());
            while (c == '#' && end < source.size() && source[end - 1] == '\\') {
                end = std::min(source.find('\n', end + 1), source.size());
            }
            blank(at, end);
        } else if (c == '"' || c == '\'') {
            for (end = at + 1; end < source.size() && source[end] != c && source[end] != '\n'; ++end) {
                end += source[end] == '\\' ? 1 : 0;
            }
            blank(at + 1, end);
            ++end;
        }
        if (end > at) {
            at = end - 1;
        }
        lineBegins = c == '\n' || (lineBegins && std::isspace(static_cast<unsigned char>(c)) != 0);
    }
    return text;
}

/// Where clang says that a node is.
std::size_t placeOf(const Node& node) {
    return node.kind == Node::Kind::Index ? placeOf(*node.first) : node.at;
}

/// The operand of a node that an instruction at its place can be about; null if there is none.
const Node* operandOf(const Node& node, Operand wanted) {
    if (wanted == Operand::Called) {
        return node.kind == Node::Kind::Call ? &node : nullptr;
    }
    switch (node.kind) {
    case Node::Kind::Assign:
        return wanted == Operand::Written || node.op != Operator::None ? node.first.get()
                                                                       : operandOf(*node.second, wanted);
    case Node::Kind::Count:
        return node.first.get();
    case Node::Kind::Unary:
        return node.op == Operator::Dereference ? &node : nullptr;
    case Node::Kind::Name:
    case Node::Kind::Member:
    case Node::Kind::Arrow:
    case Node::Kind::Index:
    case Node::Kind::Call: // a macro that looks like one
        return &node;
    default:
        return nullptr;
    }
}

bool isPartOfSomething(const Node& node) {
    return node.kind == Node::Kind::Member || node.kind == Node::Kind::Arrow || node.kind == Node::Kind::Index;
}

/// The outermost node that `fits` has an operand for.
template <typename Fits>
const Node* outermost(const Node* node, const Fits& fits) {
    if (node == nullptr) {
        return nullptr;
    }
    if (const Node* operand = fits(*node)) {
        return operand;
    }
    for (const Node* inner : {node->first.get(), node->second.get(), node->third.get()}) {
        if (const Node* operand = outermost(inner, fits)) {
            return operand;
        }
    }
    return nullptr;
}

const Node* find(const Node* root, std::size_t at, Operand wanted) {
    const Node* placed =
        outermost(root, [&](const Node& node) { return placeOf(node) == at ? operandOf(node, wanted) : nullptr; });
    if (wanted == Operand::Called || (placed != nullptr && placed->kind != Node::Kind::Name)) {
        return placed;
    }
    // Some operators (?:, brackets) take the place of what they are about: its beginning. A variable itself is always
    // there, so it is rather what is reached through it.
    const Node* begun = outermost(
        root, [&](const Node& node) { return node.begin == at && isPartOfSomething(node) ? &node : nullptr; });
    return begun != nullptr ? begun : placed;
}

bool opensHead(const Token& token) {
    constexpr std::array<std::string_view, 4> kWords = {"if", "while", "for", "switch"};
    return token.kind == Token::Kind::Name && std::ranges::find(kWords, token.text) != kWords.end();
}

/// Behind the bracket that closes the one at `open`; the last token if there is none.
std::size_t behindBracket(const std::vector<Token>& tokens, std::size_t open) {
    int depth = 0;
    for (std::size_t i = open; i < tokens.size(); ++i) {
        depth += tokens[i].is("(") ? 1 : tokens[i].is(")") ? -1 : 0;
        if (depth == 0) {
            return i + 1;
        }
    }
    return tokens.size() - 1;
}

std::string onOneLine(std::string_view text) {
    std::string line;
    for (const char c : text) {
        const bool space = std::isspace(static_cast<unsigned char>(c)) != 0;
        if (!space) {
            line += c;
        } else if (!line.empty() && line.back() != ' ') {
            line += ' ';
        }
    }
    return line;
}

} // namespace

std::string operandAt(std::string_view source, unsigned line, unsigned column, Operand wanted, const DebugInfo& info) {
    const auto at = offsetOf(source, line, column);
    if (!at) {
        return {};
    }
    const std::string text = plain(source);
    const auto before = text.find_last_of(";{}", *at);
    const std::size_t begin = before == text.npos ? 0 : before + 1;
    const std::size_t end = std::min(text.find_first_of(";{}", *at), text.size());
    if (begin > *at || *at - begin > kStatementMax || end - *at > kStatementMax) {
        return {};
    }
    const auto tokens = tokenise(std::string_view(text).substr(begin, end - begin));
    if (!tokens) {
        return {};
    }
    // Where the statement's expression begins is not known: the leftmost place from which one reaches that far.
    const std::size_t place = *at - begin;
    for (std::size_t first = 0; first + 1 < tokens->size() && (*tokens)[first].at <= place; ++first) {
        if (opensHead((*tokens)[first]) && (*tokens)[first + 1].is("(")) {
            const std::size_t behind = behindBracket(*tokens, first + 1);
            if ((*tokens)[behind - 1].at < place) {
                first = behind - 1;
                continue;
            }
        }
        const auto parsed = Parser(*tokens, info, Parser::Grammar::Source, first).prefix();
        if (const Node* operand = parsed ? find(parsed->get(), place, wanted) : nullptr) {
            return onOneLine(source.substr(begin + operand->begin, operand->end - operand->begin));
        }
    }
    return {};
}

} // namespace rbpf::dwarf
