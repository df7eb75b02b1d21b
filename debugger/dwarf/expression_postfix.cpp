// SPDX-License-Identifier: GPL-3.0-or-later
// The innermost part of expressions: literals, names, brackets and what stands behind them.
#include <algorithm>
#include <array>

#include "debugger/dwarf/expression_parser.hpp"
#include "debugger/dwarf/literal.hpp"

namespace rbpf::dwarf {

namespace {

/// Words that begin no expression.
bool isKeyword(std::string_view word) {
    constexpr std::array<std::string_view, 13> kWords = {"return", "if",     "else",    "while", "for",
                                                         "do",     "switch", "case",    "break", "goto",
                                                         "static", "extern", "continue"};
    return std::ranges::find(kWords, word) != kWords.end();
}

} // namespace

Parser::Result Parser::sizeOf() {
    const auto at = take().at;
    if (peek().is("(") && startsType(1)) {
        take();
        const auto type = bracketedType();
        if (!type) {
            return tl::unexpected(type.error());
        }
        auto made = node(Node::Kind::SizeofType, at, at);
        if (made) {
            (*made)->type = *type;
        }
        return made;
    }
    auto operand = unary();
    return operand ? join(Node::Kind::Sizeof, at, at, Operator::None, std::move(*operand)) : std::move(operand);
}

Parser::Result Parser::postfix() {
    const auto begin = peek().at;
    auto left = primary();
    while (left) {
        const auto at = peek().at;
        if (accept("[")) {
            auto index = assignment();
            if (!index) {
                return index;
            }
            if (!accept("]")) {
                return unexpectedToken("\"]\"");
            }
            left = join(Node::Kind::Index, at, begin, Operator::None, std::move(*left), std::move(*index));
        } else if (peek().is(".") || peek().is("->")) {
            const auto kind = take().text == "." ? Node::Kind::Member : Node::Kind::Arrow;
            if (peek().kind != Token::Kind::Name) {
                return unexpectedToken("the name of a member");
            }
            const Token& name = take();
            left = join(kind, name.at, begin, Operator::None, std::move(*left));
            if (left) {
                (*left)->text = name.text;
            }
        } else if (inSource() && accept("(")) {
            left = callOf(std::move(*left), begin);
        } else if (inSource() && (accept("++") || accept("--"))) {
            left = join(Node::Kind::Count, at, begin, Operator::None, std::move(*left));
        } else if (peek().is("(") || peek().is("++") || peek().is("--")) {
            return unexpectedToken("");
        } else {
            break;
        }
    }
    return left;
}

/// Behind the opening bracket. Its arguments hang one below the other, as Arguments nodes.
Parser::Result Parser::callOf(std::unique_ptr<Node> function, std::size_t begin) {
    std::unique_ptr<Node> arguments;
    while (!accept(")")) {
        if (arguments != nullptr && !accept(",")) {
            return unexpectedToken("\",\"");
        }
        const auto at = peek().at;
        auto argument = assignment();
        if (!argument) {
            return argument;
        }
        auto more = join(Node::Kind::Arguments, at, at, Operator::None, std::move(*argument), std::move(arguments));
        if (!more) {
            return more;
        }
        arguments = std::move(*more);
    }
    return join(Node::Kind::Call, begin, begin, Operator::None, std::move(function), std::move(arguments));
}

Parser::Result Parser::literal(const Token& token) {
    if (inSource()) {
        return node(Node::Kind::Literal, token.at, token.at);
    }
    IntegerLiteral value;
    if (token.kind == Token::Kind::Number) {
        const auto number = parseInteger(token.text);
        if (!number) {
            return failAt(token.at, number.error().message);
        }
        value = *number;
    } else {
        const auto text = unescape(token.text);
        if (!text) {
            return failAt(token.at, text.error().message);
        }
        if (text->size() != 1) {
            return failAt(token.at, "a character literal holds exactly one character");
        }
        value = {static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<signed char>(text->front()))),
                 builtin(Builtin::Int)};
    }
    auto made = node(Node::Kind::Literal, token.at, token.at);
    if (made) {
        (*made)->number = value.value;
        (*made)->type = value.type;
    }
    return made;
}

Parser::Result Parser::primary() {
    const Token& token = peek();
    switch (token.kind) {
    case Token::Kind::Number:
    case Token::Kind::Character:
        return literal(take());
    case Token::Kind::String:
        return inSource() ? literal(take())
                          : failAt(token.at, "a string literal has no address in the script's memory");
    case Token::Kind::Name:
    case Token::Kind::Register: {
        if (inSource() && (isKeyword(token.text) || isTypeWord(token.text))) {
            return unexpectedToken("a value");
        }
        const bool isName = token.kind == Token::Kind::Name;
        take();
        auto made = node(isName ? Node::Kind::Name : Node::Kind::Register, token.at, token.at);
        if (made) {
            (*made)->text = token.text;
        }
        return made;
    }
    default:
        break;
    }
    if (!token.is("(")) {
        return unexpectedToken("a value");
    }
    take();
    auto inside = assignment();
    if (inside && !accept(")")) {
        return unexpectedToken("\")\"");
    }
    return inside;
}

} // namespace rbpf::dwarf
