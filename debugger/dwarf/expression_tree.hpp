// SPDX-License-Identifier: GPL-3.0-or-later
// The syntax tree of an expression and its parser. Internal.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "debugger/dwarf/debug_info.hpp"
#include "debugger/dwarf/expression.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::dwarf {

enum class Operator : std::uint8_t {
    None,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    ShiftLeft,
    ShiftRight,
    And,
    Or,
    Xor,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
    LogicalAnd,
    LogicalOr,
    Plus,
    Minus,
    Not,
    Complement,
    Dereference,
    AddressOf
};

struct Node {
    enum class Kind : std::uint8_t {
        Literal,
        Name,
        Register,
        Unary,
        Binary,
        Conditional, ///< first ? second : third
        Member,      ///< first.text
        Arrow,       ///< first->text
        Index,       ///< first[second]
        Cast,        ///< (type)first
        SizeofType,
        Sizeof,
        Assign, ///< first op= second; Operator::None for =
        // In a program's source only.
        Call,      ///< first(second)
        Arguments, ///< the last one, and those before it
        Count      ///< ++ or --, before or behind first
    };
    Kind kind = Kind::Literal;
    Operator op = Operator::None;
    std::size_t at = 0;             ///< byte offset of what an error should point at
    std::size_t begin = 0, end = 0; ///< byte offsets of its text, half open; brackets around it are not counted
    std::string text;
    std::uint64_t number = 0;
    const Type* type = nullptr; ///< Literal, Cast, SizeofType
    std::unique_ptr<Node> first;
    std::unique_ptr<Node> second;
    std::unique_ptr<Node> third;
};

struct Expression::Tree {
    std::unique_ptr<Node> root;
    bool assigns = false;
};

struct Parsed {
    std::unique_ptr<Node> root;
    bool assigns = false;
};
[[nodiscard]] support::Result<Parsed> parseExpression(std::string_view text, const DebugInfo& info);
/// `int`, `struct`, `volatile`, …
[[nodiscard]] bool isTypeWord(std::string_view word);

/// A number and its C type; bits beyond the type's width are kept extended as its sign says.
struct Number {
    std::uint64_t bits = 0;
    const Type* type = nullptr;
};
/// The value as `type` would hold it, truncated and extended. `type` is an integer, enum or pointer.
[[nodiscard]] Number convertNumber(Number number, const Type* type);
/// C's integer promotion; `bitSize` of a bit-field.
[[nodiscard]] Number promote(Number number, unsigned bitSize = 0);
/// The type both sides of an operator are brought to. Both promoted.
[[nodiscard]] const Type* commonType(const Type* left, const Type* right);
/// Arithmetic, shifts and comparisons of promoted integers. Errors are clauses without a column.
[[nodiscard]] support::Result<Number> applyBinary(Operator op, Number left, Number right);
[[nodiscard]] Number applyUnary(Operator op, Number operand);

} // namespace rbpf::dwarf
