// SPDX-License-Identifier: GPL-3.0-or-later
// The part of evaluation that finds places, changes types and writes: members, indexes, casts, ?:, assignments.
#include <fmt/format.h>

#include "debugger/dwarf/expression_evaluate.hpp"
#include "debugger/dwarf/expression_lexer.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::dwarf {

namespace {

constexpr unsigned kMaxNesting = 16; ///< anonymous structs in anonymous structs

/// A member by name, also inside of anonymous structs and unions, where C looks too.
std::optional<Value> findMember(const Value& whole, std::string_view name, const State& state, unsigned depth) {
    for (const auto& member : plain(whole.type)->members) {
        if (member.name == name) {
            return memberOf(whole, member, state);
        }
    }
    for (const auto& member : plain(whole.type)->members) {
        if (member.name.empty() && depth < kMaxNesting) {
            if (auto found = findMember(memberOf(whole, member, state), name, state, depth + 1)) {
                return found;
            }
        }
    }
    return std::nullopt;
}

bool isStruct(const Value& value) {
    const auto kind = plain(value.type)->kind;
    return kind == TypeKind::Struct || kind == TypeKind::Union;
}

} // namespace

support::Result<Value> Evaluator::member(const Node& node) {
    auto whole = walk(*node.first);
    if (!whole) {
        return whole;
    }
    const bool arrow = node.kind == Node::Kind::Arrow;
    if (arrow) {
        whole = decay(std::move(*whole), *node.first);
        if (!whole) {
            return whole;
        }
    }
    const bool pointer = plain(whole->type)->kind == TypeKind::Pointer;
    if (arrow != pointer) {
        const auto kind = plain(pointer ? plain(whole->type)->target : whole->type)->kind;
        if (kind == TypeKind::Struct || kind == TypeKind::Union) {
            return failAt(node.at, pointer ? "this is a pointer: write -> instead of ."
                                           : "this is not a pointer: write . instead of ->");
        }
    }
    if (pointer) {
        whole = dereference(*whole, *node.first);
        if (!whole) {
            return whole;
        }
    }
    if (!isStruct(*whole)) {
        return failAt(node.at, fmt::format("{} has no members", typeName(whole->type)));
    }
    if (auto found = findMember(*whole, node.text, scope_.state, 0)) {
        return std::move(*found);
    }
    std::vector<std::string_view> names;
    for (const auto& member : plain(whole->type)->members) {
        names.push_back(member.name);
    }
    const auto close = support::closest(node.text, names);
    return failAt(node.at, fmt::format("{} has no member {}{}", typeName(whole->type), node.text,
                                       close ? fmt::format(": did you mean {}?", *close) : ""));
}

support::Result<Value> Evaluator::index(const Node& node) {
    const auto left = walk(*node.first);
    if (!left) {
        return left;
    }
    const auto right = walk(*node.second);
    if (!right) {
        return right;
    }
    // An array in registers has elements but no address.
    if (plain(left->type)->kind == TypeKind::Array && !left->address()) {
        const auto position = number(*right, *node.second);
        if (!position) {
            return tl::unexpected(position.error());
        }
        const auto count = plain(left->type)->count.value_or(0);
        if (position->bits >= count) {
            return failAt(node.at, fmt::format("the index is outside of the array's {} elements", count));
        }
        return elementOf(*left, position->bits, scope_.state);
    }
    const auto sum = combine(Operator::Add, *left, *right, node);
    if (!sum) {
        return sum;
    }
    if (plain(sum->type)->kind != TypeKind::Pointer) {
        return failAt(node.at, "only arrays and pointers can be indexed");
    }
    return dereference(*sum, node);
}

support::Result<Value> Evaluator::cast(const Node& node) {
    auto operand = walk(*node.first);
    if (!operand) {
        return operand;
    }
    operand = decay(std::move(*operand), *node.first);
    if (!operand) {
        return operand;
    }
    const Type* target = plain(node.type);
    if (target->kind == TypeKind::Void) {
        return resultValue(node.type, 0);
    }
    if ((!isInteger(target) && target->kind != TypeKind::Pointer) || target->size > 8) {
        return failAt(node.at, fmt::format("a cast to {} is not possible", typeName(node.type)));
    }
    const auto value = number(*operand, *node.first);
    if (!value) {
        return tl::unexpected(value.error());
    }
    return result(convertNumber(*value, node.type));
}

support::Result<Value> Evaluator::sizeOf(const Node& node) {
    const Type* type = node.type;
    if (node.kind == Node::Kind::Sizeof) {
        const auto operand = Evaluator(scope_, true).walk(*node.first);
        if (!operand) {
            return operand;
        }
        if (operand->bitSize != 0) {
            return failAt(node.at, "a bit-field has no size in bytes");
        }
        type = operand->type;
    }
    const auto kind = plain(type)->kind;
    if (kind == TypeKind::Void || kind == TypeKind::Function || kind == TypeKind::Unknown ||
        plain(type)->declaredOnly) {
        return failAt(node.at, fmt::format("{} has no size", typeName(type)));
    }
    return resultValue(builtin(Builtin::UnsignedLong), type->size);
}

support::Result<Value> Evaluator::conditional(const Node& node) {
    const auto condition = walk(*node.first);
    if (!condition) {
        return condition;
    }
    const auto holds = truth(*condition, *node.first);
    if (!holds) {
        return tl::unexpected(holds.error());
    }
    const Node& chosen = *holds ? *node.second : *node.third;
    const Node& other = *holds ? *node.third : *node.second;
    auto value = walk(chosen);
    if (!value) {
        return value;
    }
    // The branch that is not taken decides on the type too, as in C, but must not be evaluated.
    const auto type = Evaluator(scope_, true).walk(other);
    if (!type) {
        return type;
    }
    if (!isInteger(value->type) || !isInteger(type->type)) {
        return decay(std::move(*value), chosen);
    }
    const auto bits = number(*value, chosen);
    if (!bits) {
        return tl::unexpected(bits.error());
    }
    const auto own = promote(*bits, value->bitSize);
    const auto rest = promote({0, type->type}, type->bitSize);
    return result(convertNumber(own, commonType(own.type, rest.type)));
}

support::Result<Value> Evaluator::assign(const Node& node) {
    auto target = walk(*node.first);
    if (!target) {
        return target;
    }
    auto source = walk(*node.second);
    if (!source) {
        return source;
    }
    if (target->parts.empty() && !typesOnly_) {
        return failAt(node.at, target->available() ? std::string("this is a result, not a place that can be written to")
                                                   : fmt::format("it cannot be set: {}", target->reason));
    }
    if (node.op != Operator::None) {
        source = combine(node.op, *target, *source, node);
        if (!source) {
            return source;
        }
    }
    if (typesOnly_) {
        return target;
    }
    std::vector<std::uint8_t> bytes;
    if (isStruct(*target)) {
        if (plain(source->type) != plain(target->type) || !source->available() ||
            source->bytes.size() != target->type->size) {
            return failAt(node.at, fmt::format("only another {} can be assigned", typeName(target->type)));
        }
        bytes = source->bytes;
    } else {
        source = decay(std::move(*source), *node.second);
        if (!source) {
            return source;
        }
        const auto kind = plain(target->type)->kind;
        if ((!isInteger(target->type) && kind != TypeKind::Pointer) || target->type->size > 8) {
            return failAt(node.at, kind == TypeKind::Float
                                       ? std::string("floating-point values cannot be set: BPF has none")
                                       : fmt::format("{} cannot be assigned to as a whole", typeName(target->type)));
        }
        const auto value = number(*source, *node.second);
        if (!value) {
            return tl::unexpected(value.error());
        }
        bytes = resultValue(target->type, convertNumber(*value, target->type).bits).bytes;
    }
    const auto written = store(*target, bytes, scope_.state);
    return written ? std::move(target) : failAt(node.at, written.error().message);
}

} // namespace rbpf::dwarf
