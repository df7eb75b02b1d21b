// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dwarf/expression_lexer.hpp"

#include <array>
#include <cctype>

#include <fmt/format.h>

namespace rbpf::dwarf {

namespace {

constexpr std::size_t kMaxText = 10000;

/// Longest first.
constexpr std::array<std::string_view, 39> kOperators = {
    "<<=", ">>=", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&",
    "||",  "+=",  "-=",  "*=", "/=", "%=", "&=", "|=", "^=", "(",  ")",  "[",  "]",
    ".",   "+",   "-",   "*",  "/",  "%",  "&",  "|",  "^",  "~",  "!",  "<",  ">"};
constexpr std::array<std::string_view, 4> kMoreOperators = {"=", "?", ":", ","};

bool isNameStart(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool isNamePart(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string_view operatorAt(std::string_view rest) {
    for (const auto op : kOperators) {
        if (rest.starts_with(op)) {
            return op;
        }
    }
    for (const auto op : kMoreOperators) {
        if (rest.starts_with(op)) {
            return op;
        }
    }
    return {};
}

} // namespace

tl::unexpected<support::Error> failAt(std::size_t offset, const std::string& message) {
    return support::fail(support::ErrorKind::Usage, fmt::format("column {}: {}", offset + 1, message));
}

support::Result<std::vector<Token>> tokenise(std::string_view text) {
    std::vector<Token> tokens;
    if (text.size() > kMaxText) {
        return failAt(kMaxText, "the expression is too long");
    }
    std::size_t at = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (std::isspace(static_cast<unsigned char>(c)) != 0) {
            ++at;
            continue;
        }
        Token token;
        token.at = at;
        if (isNameStart(c) || c == '$') {
            token.kind = c == '$' ? Token::Kind::Register : Token::Kind::Name;
            at += c == '$' ? 1 : 0;
            const auto first = at;
            while (at < text.size() && isNamePart(text[at])) {
                ++at;
            }
            token.text = text.substr(first, at - first);
        } else if (std::isdigit(static_cast<unsigned char>(c)) != 0 ||
                   (c == '.' && at + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[at + 1])) != 0)) {
            token.kind = Token::Kind::Number;
            while (at < text.size() && (isNamePart(text[at]) || text[at] == '.')) {
                ++at;
            }
            token.text = text.substr(token.at, at - token.at);
        } else if (c == '\'' || c == '"') {
            token.kind = c == '"' ? Token::Kind::String : Token::Kind::Character;
            for (++at; at < text.size() && text[at] != c; ++at) {
                at += text[at] == '\\' ? 1 : 0;
            }
            if (at >= text.size()) {
                return failAt(token.at, fmt::format("the closing {} is missing", c));
            }
            token.text = text.substr(token.at + 1, at - token.at - 1);
            ++at;
        } else {
            const auto op = operatorAt(text.substr(at));
            if (op.empty()) {
                const bool printable = c > ' ' && c < 0x7f;
                return failAt(at, printable ? fmt::format("\"{}\" has no meaning in an expression", c)
                                            : fmt::format("the byte {:#04x} has no meaning in an expression",
                                                          static_cast<unsigned char>(c)));
            }
            token.kind = Token::Kind::Operator;
            token.text = op;
            at += op.size();
        }
        token.end = at;
        tokens.push_back(std::move(token));
    }
    Token end;
    end.at = end.end = text.size();
    tokens.push_back(std::move(end));
    return tokens;
}

} // namespace rbpf::dwarf
