// SPDX-License-Identifier: GPL-3.0-or-later
// C expressions over the variables, registers and memory of a stopped script. What C says holds: conversions, widths,
// signedness; integer overflow wraps. Function calls are refused. Every error is a sentence with its column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "debugger/dwarf/debug_info.hpp"
#include "debugger/dwarf/state.hpp"
#include "debugger/dwarf/value.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::dwarf {

/// Where an expression is looked at.
struct ExpressionScope {
    const DebugInfo& info;
    std::uint32_t pc = 0;  ///< of the frame: for a caller its call instruction
    std::size_t frame = 0; ///< of info.framesAt(pc)
    State& state;          ///< registers of the same frame; written to only by assignments
};

/// Parsed once, evaluated often (conditions of breakpoints). Needs its DebugInfo alive.
class Expression {
public:
    ~Expression();
    Expression(Expression&&) noexcept;
    Expression& operator=(Expression&&) noexcept;

    /// Type names in casts and sizeof are looked up here, variables when it is evaluated.
    [[nodiscard]] static support::Result<Expression> parse(std::string_view text, const DebugInfo& info);

    /// It contains an assignment: a breakpoint's condition should not.
    [[nodiscard]] bool hasSideEffects() const;

    /// A variable or part of one that is not available is a Value that says so; anything computed from it is an error.
    /// Results that name a place (variables, *p, a[i]) keep it. Assignments give the variable's new value.
    [[nodiscard]] support::Result<Value> evaluate(const ExpressionScope& scope) const;
    /// Its type without looking at registers or memory.
    [[nodiscard]] support::Result<const Type*> type(const ExpressionScope& scope) const;

private:
    struct Tree;
    explicit Expression(std::unique_ptr<Tree> tree);
    std::unique_ptr<Tree> tree_;
};

/// Parse and evaluate.
[[nodiscard]] support::Result<Value> evaluate(std::string_view text, const ExpressionScope& scope);
/// True if the value counts as true in C; an error if it has no truth (structs, optimised out).
[[nodiscard]] support::Result<bool> isTrue(const Value& value);

enum class CompletionKind : std::uint8_t {
    Variable,
    Member,
    Function,
    Constant,
    Type,
    Register
};
struct Completion {
    std::string text;
    std::string detail; ///< its type, or ""
    CompletionKind kind = CompletionKind::Variable;
};
struct Completions {
    std::size_t from = 0; ///< the candidates replace [from, cursor) of the text
    std::vector<Completion> candidates;
};
/// What may stand at the cursor (a byte offset): names that start with what is typed, members behind . and ->.
[[nodiscard]] Completions complete(std::string_view text, std::size_t cursor, const ExpressionScope& scope);

} // namespace rbpf::dwarf
