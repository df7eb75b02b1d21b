// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens to a tree: precedence climbing for binary operators, recursive descent for the rest. Depth and size are
// bounded.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "debugger/dwarf/expression_lexer.hpp"
#include "debugger/dwarf/expression_tree.hpp"
#include "debugger/dwarf/literal.hpp"

namespace rbpf::dwarf {

namespace {

constexpr unsigned kMaxDepth = 100;  ///< of brackets and prefix operators
constexpr unsigned kMaxNodes = 1000; ///< also bounds the depth of `a+a+a…`

using Result = support::Result<std::unique_ptr<Node>>;

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

class Parser {
public:
    Parser(std::vector<Token> tokens, const DebugInfo& info) : tokens_(std::move(tokens)), info_(info) {}

    support::Result<Parsed> all() {
        auto root = assignment();
        if (!root) {
            return tl::unexpected(root.error());
        }
        if (peek().kind != Token::Kind::End) {
            return unexpectedToken("the end of the expression");
        }
        return Parsed{std::move(*root), assigns_};
    }

private:
    /// Holds a level of nesting while it lives.
    class Level {
    public:
        explicit Level(unsigned& depth) : depth_(++depth) {}
        ~Level() { --depth_; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;

    private:
        unsigned& depth_;
    };

    [[nodiscard]] const Token& peek(std::size_t ahead = 0) const {
        return tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
    }
    const Token& take() {
        const Token& token = peek();
        next_ = std::min(next_ + 1, tokens_.size() - 1);
        return token;
    }
    bool accept(std::string_view op) {
        if (!peek().is(op)) {
            return false;
        }
        take();
        return true;
    }

    tl::unexpected<support::Error> unexpectedToken(std::string_view wanted) {
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

    Result node(Node::Kind kind, std::size_t at) {
        if (++nodes_ > kMaxNodes) {
            return failAt(at, "the expression is too large");
        }
        auto made = std::make_unique<Node>();
        made->kind = kind;
        made->at = at;
        return made;
    }

    Result join(Node::Kind kind, std::size_t at, Operator op, std::unique_ptr<Node> first,
                std::unique_ptr<Node> second = nullptr, std::unique_ptr<Node> third = nullptr) {
        auto made = node(kind, at);
        if (made) {
            (*made)->op = op;
            (*made)->first = std::move(first);
            (*made)->second = std::move(second);
            (*made)->third = std::move(third);
        }
        return made;
    }

    Result assignment() {
        const Level level(depth_);
        if (depth_ > kMaxDepth) {
            return failAt(peek().at, "the expression is nested too deeply");
        }
        auto left = conditional();
        if (!left) {
            return left;
        }
        const Token& token = peek();
        auto op = Operator::None;
        if (!token.is("=")) {
            const bool compound =
                token.kind == Token::Kind::Operator && token.text.size() > 1 && token.text.back() == '=';
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
        return join(Node::Kind::Assign, at, op, std::move(*left), std::move(*right));
    }

    Result conditional() {
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
        if (depth_ > kMaxDepth) {
            return failAt(at, "the expression is nested too deeply");
        }
        auto no = conditional();
        if (!no) {
            return no;
        }
        return join(Node::Kind::Conditional, at, Operator::None, std::move(*condition), std::move(*yes),
                    std::move(*no));
    }

    Result binary(int minimum) {
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
            left = join(Node::Kind::Binary, at, found->op, std::move(*left), std::move(*right));
        }
        return left;
    }

    Result unary() {
        const Level level(depth_);
        const Token& token = peek();
        if (depth_ > kMaxDepth) {
            return failAt(token.at, "the expression is nested too deeply");
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
            auto made = join(Node::Kind::Cast, at, Operator::None, std::move(*operand));
            if (made) {
                (*made)->type = *type;
            }
            return made;
        }
        const auto found = token.kind == Token::Kind::Operator
                               ? std::ranges::find(kUnary, std::string_view(token.text), &UnaryOperator::text)
                               : kUnary.end();
        if (found != kUnary.end()) {
            const auto at = take().at;
            auto operand = unary();
            return operand ? join(Node::Kind::Unary, at, found->op, std::move(*operand)) : std::move(operand);
        }
        return postfix();
    }

    Result sizeOf() {
        const auto at = take().at;
        if (peek().is("(") && startsType(1)) {
            take();
            const auto type = bracketedType();
            if (!type) {
                return tl::unexpected(type.error());
            }
            auto made = node(Node::Kind::SizeofType, at);
            if (made) {
                (*made)->type = *type;
            }
            return made;
        }
        auto operand = unary();
        return operand ? join(Node::Kind::Sizeof, at, Operator::None, std::move(*operand)) : std::move(operand);
    }

    Result postfix() {
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
                left = join(Node::Kind::Index, at, Operator::None, std::move(*left), std::move(*index));
            } else if (peek().is(".") || peek().is("->")) {
                const auto kind = take().text == "." ? Node::Kind::Member : Node::Kind::Arrow;
                if (peek().kind != Token::Kind::Name) {
                    return unexpectedToken("the name of a member");
                }
                const Token& name = take();
                left = join(kind, name.at, Operator::None, std::move(*left));
                if (left) {
                    (*left)->text = name.text;
                }
            } else if (peek().is("(") || peek().is("++") || peek().is("--")) {
                return unexpectedToken("");
            } else {
                break;
            }
        }
        return left;
    }

    Result literal(const Token& token) {
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
        auto made = node(Node::Kind::Literal, token.at);
        if (made) {
            (*made)->number = value.value;
            (*made)->type = value.type;
        }
        return made;
    }

    Result primary() {
        const Token& token = peek();
        switch (token.kind) {
        case Token::Kind::Number:
        case Token::Kind::Character:
            return literal(take());
        case Token::Kind::String:
            return failAt(token.at, "a string literal has no address in the script's memory");
        case Token::Kind::Name:
        case Token::Kind::Register: {
            const bool isName = token.kind == Token::Kind::Name;
            take();
            auto made = node(isName ? Node::Kind::Name : Node::Kind::Register, token.at);
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

    // Types

    static bool isTypeWord(std::string_view word) {
        constexpr std::array<std::string_view, 14> kWords = {"char", "short", "int",      "long",    "signed",
                                                             "bool", "_Bool", "unsigned", "void",    "struct",
                                                             "enum", "union", "const",    "volatile"};
        return std::ranges::find(kWords, word) != kWords.end();
    }

    [[nodiscard]] bool startsType(std::size_t ahead) const {
        const Token& token = peek(ahead);
        return token.kind == Token::Kind::Name && (isTypeWord(token.text) || info_.findType(token.text) != nullptr);
    }

    /// Behind the opening bracket: `unsigned char *const`, `struct point [3]`, up to and with the closing one.
    support::Result<const Type*> bracketedType() {
        std::string name;
        const auto at = peek().at;
        while (peek().kind == Token::Kind::Name) {
            const bool word = isTypeWord(peek().text);
            const bool tag = name == "struct" || name == "union" || name == "enum";
            if (!word && !tag && !name.empty()) {
                break;
            }
            const auto text = take().text;
            if (text != "const" && text != "volatile") {
                name += (name.empty() ? "" : " ") + text;
            }
        }
        const Type* type = info_.findType(name);
        if (type == nullptr) {
            return failAt(at, fmt::format("there is no type \"{}\" in the debug information", name));
        }
        for (unsigned stars = 0; peek().is("*") || (peek().kind == Token::Kind::Name && isTypeWord(peek().text));
             ++stars) {
            if (take().is("*")) {
                type = info_.pointerTo(type);
            }
            if (stars > kMaxDepth) {
                return failAt(at, "the type is nested too deeply");
            }
        }
        auto counts = dimensions();
        if (!counts) {
            return tl::unexpected(counts.error());
        }
        for (auto count = counts->rbegin(); count != counts->rend(); ++count) {
            if (type->size == 0 || *count > (std::uint64_t{1} << 28) / type->size) {
                return failAt(at, "the array is larger than a script's memory");
            }
            type = info_.arrayOf(type, *count);
        }
        if (!accept(")")) {
            return failAt(peek().at, "expected \")\" behind the type");
        }
        return type;
    }

    support::Result<std::vector<std::uint64_t>> dimensions() {
        std::vector<std::uint64_t> counts;
        while (accept("[")) {
            const auto count = parseInteger(peek().kind == Token::Kind::Number ? peek().text : "");
            if (!count || counts.size() >= 16) {
                return unexpectedToken("the number of elements");
            }
            take();
            counts.push_back(count->value);
            if (!accept("]")) {
                return unexpectedToken("\"]\"");
            }
        }
        return counts;
    }

    std::vector<Token> tokens_;
    const DebugInfo& info_;
    std::size_t next_ = 0;
    unsigned depth_ = 0;
    unsigned nodes_ = 0;
    bool assigns_ = false;
};

} // namespace

support::Result<Parsed> parseExpression(std::string_view text, const DebugInfo& info) {
    auto tokens = tokenise(text);
    if (!tokens) {
        return tl::unexpected(tokens.error());
    }
    if (tokens->size() == 1) {
        return failAt(0, "expected an expression, found nothing");
    }
    return Parser(std::move(*tokens), info).all();
}

} // namespace rbpf::dwarf
