// SPDX-License-Identifier: GPL-3.0-or-later
// What may stand at the cursor.
#include <algorithm>
#include <cctype>
#include <set>

#include "debugger/dwarf/expression.hpp"
#include "debugger/dwarf/expression_lexer.hpp"

namespace rbpf::dwarf {

namespace {

constexpr unsigned kMaxNesting = 16;

void addMembers(const Type* type, std::string_view prefix, unsigned depth, std::vector<Completion>& candidates) {
    for (const auto& member : plain(type)->members) {
        if (member.name.empty() && depth < kMaxNesting) {
            addMembers(member.type, prefix, depth + 1, candidates);
        } else if (!member.name.empty() && member.name.starts_with(prefix)) {
            candidates.push_back({member.name, typeName(member.type), CompletionKind::Member});
        }
    }
}

/// Index of the first token of the operand that ends before `end`: a name, brackets, and what hangs on it.
std::size_t operandStart(const std::vector<Token>& tokens, std::size_t end) {
    std::size_t at = end;
    while (at > 0) {
        const Token& last = tokens[at - 1];
        if (last.is(")") || last.is("]")) {
            unsigned open = 0;
            do {
                --at;
                open += tokens[at].is(")") || tokens[at].is("]") ? 1 : 0;
                open -= tokens[at].is("(") || tokens[at].is("[") ? 1 : 0;
            } while (at > 0 && open != 0);
            // `a[1]`, `f(x)`: what stands before belongs to it.
            const bool hangs =
                at > 0 && (tokens[at - 1].kind == Token::Kind::Name || tokens[at - 1].kind == Token::Kind::Register ||
                           tokens[at - 1].is("]") || tokens[at - 1].is(")"));
            if (hangs) {
                continue;
            }
        } else if (last.kind == Token::Kind::Name || last.kind == Token::Kind::Register) {
            --at;
        } else {
            return at;
        }
        if (at == 0 || !(tokens[at - 1].is(".") || tokens[at - 1].is("->"))) {
            return at;
        }
        --at;
    }
    return at;
}

void addNames(std::string_view prefix, const ExpressionScope& scope, std::vector<Completion>& candidates) {
    std::set<std::string> seen;
    const auto add = [&](const std::string& name, std::string detail, CompletionKind kind) {
        if (name.starts_with(prefix) && seen.insert(name).second) {
            candidates.push_back({name, std::move(detail), kind});
        }
    };
    for (const auto& variable : scope.info.variablesAt(scope.pc, scope.frame)) {
        add(variable.name, typeName(variable.type), CompletionKind::Variable);
    }
    for (const auto& variable : scope.info.globals()) {
        add(variable.name, typeName(variable.type), CompletionKind::Variable);
    }
    for (const auto& function : scope.info.functions()) {
        const Type* type = scope.info.functionType(function.name);
        add(function.name, type != nullptr ? typeName(type) : "", CompletionKind::Function);
    }
    for (const auto& name : scope.info.enumeratorNames()) {
        const auto constant = scope.info.findEnumerator(name);
        add(name, constant ? typeName(constant->type) : "", CompletionKind::Constant);
    }
    for (const auto& name : scope.info.typeNames()) {
        add(name, "", CompletionKind::Type);
    }
}

} // namespace

Completions complete(std::string_view text, std::size_t cursor, const ExpressionScope& scope) {
    Completions result;
    text = text.substr(0, std::min(cursor, text.size()));
    std::size_t from = text.size();
    while (from > 0 && (std::isalnum(static_cast<unsigned char>(text[from - 1])) != 0 || text[from - 1] == '_')) {
        --from;
    }
    result.from = from;
    const auto prefix = text.substr(from);
    if (from > 0 && text[from - 1] == '$') {
        for (unsigned i = 0; i <= 11; ++i) {
            const auto name = i == 11 ? std::string("pc") : "r" + std::to_string(i);
            if (name.starts_with(prefix)) {
                result.candidates.push_back({name, "", CompletionKind::Register});
            }
        }
        return result;
    }
    const auto tokens = tokenise(text.substr(0, from));
    if (!tokens || (!prefix.empty() && std::isdigit(static_cast<unsigned char>(prefix[0])) != 0)) {
        return result;
    }
    const auto count = tokens->size() - 1; // without the end
    const bool member = count > 0 && ((*tokens)[count - 1].is(".") || (*tokens)[count - 1].is("->"));
    if (!member) {
        addNames(prefix, scope, result.candidates);
        return result;
    }
    const auto first = operandStart(*tokens, count - 1);
    if (first + 1 >= count) {
        return result;
    }
    const auto begin = (*tokens)[first].at;
    const auto operand = text.substr(begin, (*tokens)[count - 2].end - begin);
    const auto expression = Expression::parse(operand, scope.info);
    const auto type = expression ? expression->type(scope) : tl::unexpected(expression.error());
    if (!type) {
        return result;
    }
    const Type* whole = plain(*type);
    if ((*tokens)[count - 1].is("->")) {
        if (whole->target == nullptr || (whole->kind != TypeKind::Pointer && whole->kind != TypeKind::Array)) {
            return result;
        }
        whole = plain(whole->target);
    }
    addMembers(whole, prefix, 0, result.candidates);
    return result;
}

} // namespace rbpf::dwarf
