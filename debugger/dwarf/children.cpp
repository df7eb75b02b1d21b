// SPDX-License-Identifier: GPL-3.0-or-later
// Values as a tree.
#include <cctype>
#include <string_view>

#include "debugger/dwarf/render.hpp"

namespace rbpf::dwarf {

namespace {

bool hasMembers(const Type* type) {
    return type->kind == TypeKind::Struct || type->kind == TypeKind::Union;
}

/// What a pointer can show; null: nothing.
const Type* pointee(const Type* type) {
    const Type* target = plain(type->target);
    return target->size != 0 && !target->declaredOnly ? target : nullptr;
}

/// An operator that binds less tightly than what is put behind it needs brackets.
std::string bracketed(const std::string& expression) {
    bool simple = true;
    for (std::size_t i = 0; i < expression.size(); ++i) {
        const auto c = static_cast<unsigned char>(expression[i]);
        const bool arrow =
            (c == '-' && expression.compare(i, 2, "->") == 0) || (c == '>' && i > 0 && expression[i - 1] == '-');
        simple = simple && (std::isalnum(c) != 0 || arrow ||
                            std::string_view("_$.[]").find(expression[i]) != std::string_view::npos);
    }
    return simple ? expression : "(" + expression + ")";
}

std::vector<Child> membersOf(const Value& whole, const std::string& prefix, const std::string& own, const State& state,
                             std::size_t first, std::size_t count) {
    std::vector<Child> result;
    const auto& members = plain(whole.type)->members;
    for (std::size_t i = first; i < members.size() && i - first < count; ++i) {
        const auto& member = members[i];
        // The members of an anonymous struct are reached through the struct around it.
        result.push_back(
            {member.name, member.name.empty() ? own : prefix + member.name, memberOf(whole, member, state)});
    }
    return result;
}

} // namespace

std::size_t childCount(const Value& value) {
    const Type* type = plain(value.type);
    if (!value.available()) {
        return 0;
    }
    if (type->kind == TypeKind::Array) {
        return type->count.value_or(0);
    }
    if (type->kind == TypeKind::Pointer) {
        const Type* target = pointee(type);
        if (target == nullptr || static_cast<std::uint32_t>(numberOf(value).value_or(0)) == 0) {
            return 0;
        }
        return hasMembers(target) ? target->members.size() : 1;
    }
    return hasMembers(type) ? type->members.size() : 0;
}

std::vector<Child> children(const Value& value, const std::string& expression, const State& state, std::size_t first,
                            std::size_t count) {
    const auto total = childCount(value);
    if (first >= total) {
        return {};
    }
    const Type* type = plain(value.type);
    const auto parent = bracketed(expression);
    if (hasMembers(type)) {
        return membersOf(value, parent + ".", expression, state, first, count);
    }
    if (type->kind == TypeKind::Pointer) {
        const auto target = valueAt(type->target, static_cast<std::uint32_t>(*numberOf(value)), state);
        if (hasMembers(plain(type->target))) {
            return membersOf(target, parent + "->", "*" + parent, state, first, count);
        }
        return {{"*", "*" + parent, target}};
    }
    std::vector<Child> result;
    for (std::size_t i = first; i < total && i - first < count; ++i) {
        const auto name = "[" + std::to_string(i) + "]";
        result.push_back({name, parent + name, elementOf(value, i, state)});
    }
    return result;
}

} // namespace rbpf::dwarf
