// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dwarf/expression_parser.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace rbpf::dwarf {

namespace {

constexpr unsigned kMaxDepth = 100;  ///< of brackets and prefix operators
constexpr unsigned kMaxNodes = 1000; ///< also bounds the depth of `a+a+a…`

struct BinaryOperator {
    std::string_view text;
    Operator op;
    int precedence; ///< higher binds tighter
};
constexpr std::array<BinaryOperator, 18> kBinary = {{
    {"||", Operator::LogicalOr, 1},
    {"&&", Operator::LogicalAnd, 2},
    {"|", Operator::Or, 3},
    {"^", Operator::Xor, 4},
    {"&", Operator::And, 5},
    {"==", Operator::Equal, 6},
    {"!=", Operator::NotEqual, 6},
    {"<", Operator::Less, 7},
    {"<=", Operator::LessEqual, 7},
    {">", Operator::Greater, 7},
    {">=", Operator::GreaterEqual, 7},
    {"<<", Operator::ShiftLeft, 8},
    {">>", Operator::ShiftRight, 8},
    {"+", Operator::Add, 9},
    {"-", Operator::Subtract, 9},
    {"*", Operator::Multiply, 10},
    {"/", Operator::Divide, 10},
    {"%", Operator::Remainder, 10},
}};
struct UnaryOperator {
    std::string_view text;
    Operator op;
};
constexpr std::array<UnaryOperator, 6> kUnary = {{{"+", Operator::Plus},
                                                  {"-", Operator::Minus},
                                                  {"!", Operator::Not},
                                                  {"~", Operator::Complement},
                                                  {"*", Operator::Dereference},
                                                  {"&", Operator::AddressOf}}};

} // namespace

support::Result<Parsed> Parser::all() {
    auto root = assignment();
    if (!root) {
        return tl::unexpected(root.error());
    }
    if (peek().kind != Token::Kind::End) {
        return unexpectedToken("the end of the expression");
    }
    return Parsed{std::move(*root), assigns_};
}

const Token& Parser::peek(std::size_t ahead) const {
    return tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
}

const Token& Parser::take() {
    const Token& token = peek();
    next_ = std::min(next_ + 1, tokens_.size() - 1);
    return token;
}

bool Parser::accept(std::string_view op) {
    if (!peek().is(op)) {
        return false;
    }
    take();
    return true;
}

tl::unexpected<support::Error> Parser::unexpectedToken(std::string_view wanted) const {
    const Token& token = peek();
    if (token.is("(")) {
        return failAt(token.at, "functions cannot be called: the script is halted");
    }
    if (token.is("++") || token.is("--")) {
        return failAt(token.at, fmt::format("{} is not offered: write {}= 1", token.text, token.text[0]));
    }
    if (token.is(",")) {
        return failAt(token.at, "the comma operator is not offered: evaluate one expression at a time");
    }
    const auto found = token.kind == Token::Kind::End ? "the end" : fmt::format("\"{}\"", token.text);
    return failAt(token.at, fmt::format("expected {}, found {}", wanted, found));
}

bool Parser::tooDeep() const {
    return depth_ > kMaxDepth;
}

tl::unexpected<support::Error> Parser::nestedTooDeeply(std::size_t at) const {
    return failAt(at, "the expression is nested too deeply");
}

Parser::Result Parser::node(Node::Kind kind, std::size_t at, std::size_t begin) {
    if (++nodes_ > kMaxNodes) {
        return failAt(at, "the expression is too large");
    }
    auto made = std::make_unique<Node>();
    made->kind = kind;
    made->at = at;
    made->begin = begin;
    made->end = next_ == 0 ? begin : tokens_[next_ - 1].end;
    return made;
}

Parser::Result Parser::join(Node::Kind kind, std::size_t at, std::size_t begin, Operator op,
                            std::unique_ptr<Node> first, std::unique_ptr<Node> second, std::unique_ptr<Node> third) {
    auto made = node(kind, at, begin);
    if (made) {
        (*made)->op = op;
        (*made)->first = std::move(first);
        (*made)->second = std::move(second);
        (*made)->third = std::move(third);
    }
    return made;
}

Parser::Result Parser::assignment() {
    const Level level(depth_);
    const auto begin = peek().at;
    if (tooDeep()) {
        return nestedTooDeeply(begin);
    }
    auto left = conditional();
    if (!left) {
        return left;
    }
    const Token& token = peek();
    auto op = Operator::None;
    if (!token.is("=")) {
        const bool compound = token.kind == Token::Kind::Operator && token.text.size() > 1 && token.text.back() == '=';
        const auto found = std::ranges::find(
            kBinary, compound ? std::string_view(token.text).substr(0, token.text.size() - 1) : std::string_view(),
            &BinaryOperator::text);
        if (!compound || found == kBinary.end() || (found->precedence >= 6 && found->precedence <= 7)) {
            return left;
        }
        op = found->op;
    }
    const auto at = take().at;
    assigns_ = true;
    auto right = assignment();
    if (!right) {
        return right;
    }
    return join(Node::Kind::Assign, at, begin, op, std::move(*left), std::move(*right));
}

Parser::Result Parser::conditional() {
    const auto begin = peek().at;
    auto condition = binary(1);
    if (!condition || !peek().is("?")) {
        return condition;
    }
    const auto at = take().at;
    auto yes = assignment();
    if (!yes) {
        return yes;
    }
    if (!accept(":")) {
        return unexpectedToken("\":\"");
    }
    const Level level(depth_);
    if (tooDeep()) {
        return nestedTooDeeply(at);
    }
    auto no = conditional();
    if (!no) {
        return no;
    }
    return join(Node::Kind::Conditional, at, begin, Operator::None, std::move(*condition), std::move(*yes),
                std::move(*no));
}

Parser::Result Parser::binary(int minimum) {
    const auto begin = peek().at;
    auto left = unary();
    while (left) {
        const Token& token = peek();
        const auto found = token.kind == Token::Kind::Operator
                               ? std::ranges::find(kBinary, std::string_view(token.text), &BinaryOperator::text)
                               : kBinary.end();
        if (found == kBinary.end() || found->precedence < minimum) {
            break;
        }
        const auto at = take().at;
        auto right = binary(found->precedence + 1);
        if (!right) {
            return right;
        }
        left = join(Node::Kind::Binary, at, begin, found->op, std::move(*left), std::move(*right));
    }
    return left;
}

Parser::Result Parser::unary() {
    const Level level(depth_);
    const Token& token = peek();
    if (tooDeep()) {
        return nestedTooDeeply(token.at);
    }
    if (token.kind == Token::Kind::Name && token.text == "sizeof") {
        return sizeOf();
    }
    if (token.is("(") && startsType(1)) {
        const auto at = take().at;
        const auto type = bracketedType();
        if (!type) {
            return tl::unexpected(type.error());
        }
        auto operand = unary();
        if (!operand) {
            return operand;
        }
        auto made = join(Node::Kind::Cast, at, at, Operator::None, std::move(*operand));
        if (made) {
            (*made)->type = *type;
        }
        return made;
    }
    if (inSource() && (token.is("++") || token.is("--"))) {
        const auto at = take().at;
        auto operand = unary();
        return operand ? join(Node::Kind::Count, at, at, Operator::None, std::move(*operand)) : std::move(operand);
    }
    const auto found = token.kind == Token::Kind::Operator
                           ? std::ranges::find(kUnary, std::string_view(token.text), &UnaryOperator::text)
                           : kUnary.end();
    if (found != kUnary.end()) {
        const auto at = take().at;
        auto operand = unary();
        return operand ? join(Node::Kind::Unary, at, at, found->op, std::move(*operand)) : std::move(operand);
    }
    return postfix();
}

support::Result<Parsed> parseExpression(std::string_view text, const DebugInfo& info) {
    const auto tokens = tokenise(text);
    if (!tokens) {
        return tl::unexpected(tokens.error());
    }
    if (tokens->size() == 1) {
        return failAt(0, "expected an expression, found nothing");
    }
    return Parser(*tokens, info, Parser::Grammar::Question).all();
}

} // namespace rbpf::dwarf
