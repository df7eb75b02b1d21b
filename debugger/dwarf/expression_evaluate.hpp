// SPDX-License-Identifier: GPL-3.0-or-later
// Walks an expression's tree. Internal.
#pragma once

#include "debugger/dwarf/expression.hpp"
#include "debugger/dwarf/expression_tree.hpp"

namespace rbpf::dwarf {

class Evaluator {
public:
    /// With `typesOnly` nothing is read or written and nothing can fail for a value's sake: only types are right.
    Evaluator(const ExpressionScope& scope, bool typesOnly) : scope_(scope), typesOnly_(typesOnly) {}
    [[nodiscard]] support::Result<Value> walk(const Node& node);

private:
    support::Result<Value> name(const Node& node);
    support::Result<Value> readRegister(const Node& node);
    support::Result<Value> unary(const Node& node);
    support::Result<Value> binary(const Node& node);
    support::Result<Value> logical(const Node& node);
    support::Result<Value> conditional(const Node& node);
    support::Result<Value> member(const Node& node);
    support::Result<Value> index(const Node& node);
    support::Result<Value> cast(const Node& node);
    support::Result<Value> sizeOf(const Node& node);
    support::Result<Value> assign(const Node& node);

    support::Result<Value> combine(Operator op, const Value& left, const Value& right, const Node& node);
    support::Result<Value> pointerMath(Operator op, const Value& left, const Value& right, const Node& node);
    support::Result<Value> dereference(const Value& pointer, const Node& node);
    /// Arrays and functions become pointers, everything else stays.
    support::Result<Value> decay(Value value, const Node& node);
    /// A number to compute with; what cannot be one is an error.
    support::Result<Number> number(const Value& value, const Node& node);
    support::Result<bool> truth(const Value& value, const Node& node);
    Value at(const Type* type, std::uint64_t address);
    static Value result(Number number) { return resultValue(number.type, number.bits); }

    const ExpressionScope& scope_;
    bool typesOnly_;
};

} // namespace rbpf::dwarf
