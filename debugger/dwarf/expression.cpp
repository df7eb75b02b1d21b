// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dwarf/expression.hpp"

#include "debugger/dwarf/expression_evaluate.hpp"
#include "debugger/dwarf/expression_tree.hpp"

namespace rbpf::dwarf {

Expression::Expression(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
Expression::~Expression() = default;
Expression::Expression(Expression&&) noexcept = default;
Expression& Expression::operator=(Expression&&) noexcept = default;

support::Result<Expression> Expression::parse(std::string_view text, const DebugInfo& info) {
    auto parsed = parseExpression(text, info);
    if (!parsed) {
        return tl::unexpected(parsed.error());
    }
    return Expression(std::make_unique<Tree>(Tree{std::move(parsed->root), parsed->assigns}));
}

bool Expression::hasSideEffects() const {
    return tree_->assigns;
}

support::Result<Value> Expression::evaluate(const ExpressionScope& scope) const {
    return Evaluator(scope, false).walk(*tree_->root);
}

support::Result<const Type*> Expression::type(const ExpressionScope& scope) const {
    const auto value = Evaluator(scope, true).walk(*tree_->root);
    if (!value) {
        return tl::unexpected(value.error());
    }
    return value->type;
}

support::Result<Value> evaluate(std::string_view text, const ExpressionScope& scope) {
    const auto expression = Expression::parse(text, scope.info);
    if (!expression) {
        return tl::unexpected(expression.error());
    }
    return expression->evaluate(scope);
}

support::Result<bool> isTrue(const Value& value) {
    if (!value.available()) {
        return support::fail(support::ErrorKind::Usage, "the condition cannot be told: " + value.reason);
    }
    if (const auto number = numberOf(value)) {
        return *number != 0;
    }
    if (plain(value.type)->kind == TypeKind::Array && value.address()) {
        return true; // an address, and never null
    }
    return support::fail(support::ErrorKind::Usage,
                         "the condition is of type " + typeName(value.type) + ", which is neither true nor false");
}

} // namespace rbpf::dwarf
