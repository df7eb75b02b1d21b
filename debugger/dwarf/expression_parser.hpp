// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens to a tree: precedence climbing for binary operators, recursive descent for the rest. Depth and size are
// bounded. Internal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "debugger/dwarf/expression_lexer.hpp"
#include "debugger/dwarf/expression_tree.hpp"

namespace rbpf::dwarf {

class Parser {
public:
    enum class Grammar : std::uint8_t {
        Question, ///< what can be evaluated while the script is halted
        Source    ///< what stands in a program: calls, ++, strings and types nobody knows here as well
    };
    /// Begins at the token `first`.
    Parser(const std::vector<Token>& tokens, const DebugInfo& info, Grammar grammar, std::size_t first = 0)
        : tokens_(tokens), info_(info), grammar_(grammar), next_(first) {}

    /// Nothing may follow.
    support::Result<Parsed> all();
    /// The longest expression here; whatever may follow.
    support::Result<std::unique_ptr<Node>> prefix() { return assignment(); }

private:
    using Result = support::Result<std::unique_ptr<Node>>;

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

    [[nodiscard]] const Token& peek(std::size_t ahead = 0) const;
    const Token& take();
    bool accept(std::string_view op);
    [[nodiscard]] bool inSource() const { return grammar_ == Grammar::Source; }
    tl::unexpected<support::Error> unexpectedToken(std::string_view wanted) const;
    [[nodiscard]] bool tooDeep() const;
    tl::unexpected<support::Error> nestedTooDeeply(std::size_t at) const;

    /// `begin`: of its first byte; it ends with the token taken last.
    Result node(Node::Kind kind, std::size_t at, std::size_t begin);
    Result join(Node::Kind kind, std::size_t at, std::size_t begin, Operator op, std::unique_ptr<Node> first,
                std::unique_ptr<Node> second = nullptr, std::unique_ptr<Node> third = nullptr);

    Result assignment();
    Result conditional();
    Result binary(int minimum);
    Result unary();

    // expression_postfix.cpp
    Result sizeOf();
    Result postfix();
    Result callOf(std::unique_ptr<Node> function, std::size_t begin);
    Result primary();
    Result literal(const Token& token);

    // expression_types.cpp
    [[nodiscard]] bool startsType(std::size_t ahead) const;
    [[nodiscard]] bool looksLikeType(std::size_t ahead) const;
    support::Result<const Type*> bracketedType();
    support::Result<std::vector<std::uint64_t>> dimensions();

    const std::vector<Token>& tokens_;
    const DebugInfo& info_;
    Grammar grammar_;
    std::size_t next_;
    unsigned depth_ = 0;
    unsigned nodes_ = 0;
    bool assigns_ = false;
};

} // namespace rbpf::dwarf
