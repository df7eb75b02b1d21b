// SPDX-License-Identifier: GPL-3.0-or-later
// Integer arithmetic as C does it, at 32 and 64 bits, without undefined behaviour: overflow wraps, what has no answer
// is an error.
#include <limits>

#include <fmt/format.h>

#include "debugger/dwarf/expression_tree.hpp"

namespace rbpf::dwarf {

using support::ErrorKind;
using support::fail;

namespace {

bool compare(Operator op, std::uint64_t left, std::uint64_t right, bool isSigned) {
    // Flipping the top bit turns the signed order into the unsigned one.
    const auto flip = isSigned ? std::uint64_t{1} << 63 : 0;
    const auto a = left ^ flip;
    const auto b = right ^ flip;
    switch (op) {
    case Operator::Less:
        return a < b;
    case Operator::LessEqual:
        return a <= b;
    case Operator::Greater:
        return a > b;
    case Operator::GreaterEqual:
        return a >= b;
    case Operator::Equal:
        return a == b;
    default:
        return a != b;
    }
}

support::Result<Number> shift(Operator op, Number left, Number right) {
    const auto width = left.type->size * 8;
    const bool negative = right.type->isSigned && static_cast<std::int64_t>(right.bits) < 0;
    if (negative || right.bits >= width) {
        const auto count =
            negative ? std::to_string(static_cast<std::int64_t>(right.bits)) : std::to_string(right.bits);
        return fail(ErrorKind::Usage,
                    fmt::format("a shift by {} is outside of 0 … {} for {}", count, width - 1, typeName(left.type)));
    }
    if (op == Operator::ShiftLeft) {
        return convertNumber({left.bits << right.bits, left.type}, left.type);
    }
    const auto result = left.type->isSigned
                            ? static_cast<std::uint64_t>(static_cast<std::int64_t>(left.bits) >> right.bits)
                            : left.bits >> right.bits;
    return Number{result, left.type};
}

support::Result<Number> divide(Operator op, Number left, Number right) {
    if (right.bits == 0) {
        return fail(ErrorKind::Usage, "division by zero");
    }
    const bool quotient = op == Operator::Divide;
    if (!left.type->isSigned) {
        return Number{quotient ? left.bits / right.bits : left.bits % right.bits, left.type};
    }
    const auto a = static_cast<std::int64_t>(left.bits);
    const auto b = static_cast<std::int64_t>(right.bits);
    const auto lowest = left.type->size == 4 ? std::int64_t{std::numeric_limits<std::int32_t>::min()}
                                             : std::numeric_limits<std::int64_t>::min();
    if (b == -1 && a == lowest) {
        return fail(ErrorKind::Usage, fmt::format("the quotient does not fit into {}", typeName(left.type)));
    }
    return Number{static_cast<std::uint64_t>(quotient ? a / b : a % b), left.type};
}

} // namespace

Number convertNumber(Number number, const Type* type) {
    const Type* bare = plain(type);
    if (bare->kind == TypeKind::Boolean) {
        return {number.bits != 0 ? std::uint64_t{1} : 0, type};
    }
    const unsigned unused = bare->size >= 8 || bare->size == 0 ? 0 : 64 - 8 * static_cast<unsigned>(bare->size);
    const auto shifted = number.bits << unused;
    return {bare->isSigned ? static_cast<std::uint64_t>(static_cast<std::int64_t>(shifted) >> unused)
                           : shifted >> unused,
            type};
}

Number promote(Number number, unsigned bitSize) {
    const Type* bare = plain(number.type);
    if (bare->size < 4 || (bitSize != 0 && bitSize < 32)) {
        return {number.bits, builtin(Builtin::Int)}; // int holds all of their values
    }
    const auto which = bare->size == 4 ? (bare->isSigned ? Builtin::Int : Builtin::UnsignedInt)
                                       : (bare->isSigned ? Builtin::Long : Builtin::UnsignedLong);
    return {number.bits, builtin(which)};
}

const Type* commonType(const Type* left, const Type* right) {
    if (left->size != right->size) {
        return left->size > right->size ? left : right;
    }
    return left->isSigned ? right : left;
}

support::Result<Number> applyBinary(Operator op, Number left, Number right) {
    if (op == Operator::ShiftLeft || op == Operator::ShiftRight) {
        return shift(op, left, right);
    }
    const Type* type = commonType(left.type, right.type);
    left = convertNumber(left, type);
    right = convertNumber(right, type);
    switch (op) {
    case Operator::Add:
        return convertNumber({left.bits + right.bits, type}, type);
    case Operator::Subtract:
        return convertNumber({left.bits - right.bits, type}, type);
    case Operator::Multiply:
        return convertNumber({left.bits * right.bits, type}, type);
    case Operator::Divide:
    case Operator::Remainder:
        return divide(op, left, right);
    case Operator::And:
        return Number{left.bits & right.bits, type};
    case Operator::Or:
        return Number{left.bits | right.bits, type};
    case Operator::Xor:
        return Number{left.bits ^ right.bits, type};
    default:
        return Number{compare(op, left.bits, right.bits, type->isSigned) ? std::uint64_t{1} : 0, builtin(Builtin::Int)};
    }
}

Number applyUnary(Operator op, Number operand) {
    switch (op) {
    case Operator::Minus:
        return convertNumber({0 - operand.bits, operand.type}, operand.type);
    case Operator::Complement:
        return convertNumber({~operand.bits, operand.type}, operand.type);
    case Operator::Not:
        return {operand.bits == 0 ? std::uint64_t{1} : 0, builtin(Builtin::Int)};
    default:
        return operand;
    }
}

} // namespace rbpf::dwarf
