// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dwarf/expression_evaluate.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "debugger/dwarf/expression_lexer.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::dwarf {

namespace {

/// Memory and registers full of zeroes: for asking about types alone.
class ZeroState : public State {
public:
    std::optional<std::uint64_t> readRegister(unsigned) const override { return 0; }
    std::optional<std::vector<std::uint8_t>> readMemory(std::uint32_t, std::uint32_t size) const override {
        return std::vector<std::uint8_t>(size);
    }
    std::optional<std::uint64_t> entryRegister(unsigned) const override { return 0; }
};

State& zeroState() {
    static ZeroState state;
    return state;
}

const char* whatItIs(const Value& value) {
    return value.availability == Availability::OptimisedOut ? "optimised out" : "not readable";
}

std::string shown(const Node& node) {
    return node.kind == Node::Kind::Name || node.kind == Node::Kind::Member || node.kind == Node::Kind::Arrow
               ? node.text
           : node.kind == Node::Kind::Register ? "$" + node.text
                                               : "this value";
}

bool isPointer(const Value& value) {
    return plain(value.type)->kind == TypeKind::Pointer;
}

} // namespace

Value Evaluator::at(const Type* type, std::uint64_t address) {
    // VM addresses are 32 bits wide; the high half of a pointer is ignored, as in the VM.
    return valueAt(type, static_cast<std::uint32_t>(address), typesOnly_ ? zeroState() : scope_.state);
}

support::Result<Value> Evaluator::walk(const Node& node) {
    switch (node.kind) {
    case Node::Kind::Literal:
        return resultValue(node.type, node.number);
    case Node::Kind::Name:
        return name(node);
    case Node::Kind::Register:
        return readRegister(node);
    case Node::Kind::Unary:
        return unary(node);
    case Node::Kind::Binary:
        return node.op == Operator::LogicalAnd || node.op == Operator::LogicalOr ? logical(node) : binary(node);
    case Node::Kind::Conditional:
        return conditional(node);
    case Node::Kind::Member:
    case Node::Kind::Arrow:
        return member(node);
    case Node::Kind::Index:
        return index(node);
    case Node::Kind::Cast:
        return cast(node);
    case Node::Kind::SizeofType:
    case Node::Kind::Sizeof:
        return sizeOf(node);
    default:
        return assign(node);
    }
}

support::Result<Value> Evaluator::name(const Node& node) {
    const auto& info = scope_.info;
    if (const auto variable = info.findVariable(node.text, scope_.pc, scope_.frame)) {
        return typesOnly_ ? at(variable->type, 0) : info.read(*variable, scope_.pc, scope_.state);
    }
    if (const auto constant = info.findEnumerator(node.text)) {
        return resultValue(constant->type, static_cast<std::uint64_t>(constant->value));
    }
    if (const Type* type = info.functionType(node.text)) {
        for (const auto& function : info.functions()) {
            if (function.name == node.text) {
                return at(type, function.range.low);
            }
        }
    }
    if (node.text == "true" || node.text == "false" || node.text == "NULL") {
        return resultValue(node.text == "NULL" ? info.pointerTo(builtin(Builtin::Void)) : builtin(Builtin::Int),
                           node.text == "true" ? 1 : 0);
    }
    std::vector<std::string> names;
    for (const auto& variable : info.variablesAt(scope_.pc, scope_.frame)) {
        names.push_back(variable.name);
    }
    for (const auto& variable : info.globals()) {
        names.push_back(variable.name);
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    const auto close = support::closest(node.text, views);
    return failAt(node.at, fmt::format("there is no variable {} in scope here{}", node.text,
                                       close ? fmt::format(": did you mean {}?", *close) : ""));
}

support::Result<Value> Evaluator::readRegister(const Node& node) {
    unsigned number = 0;
    const auto& text = node.text;
    const char* end = text.data() + text.size();
    if (text == "pc") {
        number = 11;
    } else if (text.size() < 2 || text[0] != 'r' || (text[1] == '0' && text.size() > 2) ||
               std::from_chars(text.data() + 1, end, number).ptr != end || number > 10) {
        return failAt(node.at, fmt::format("there is no register ${}: they are $r0 … $r10 and $pc", text));
    }
    Value value;
    value.type = builtin(number == 11 ? Builtin::UnsignedInt : Builtin::UnsignedLong);
    Part part;
    part.where = Part::Where::Register;
    part.size = value.type->size;
    part.registerNumber = number;
    value.parts.push_back(part);
    load(value, typesOnly_ ? zeroState() : scope_.state);
    return value;
}

support::Result<Value> Evaluator::decay(Value value, const Node& node) {
    const Type* type = plain(value.type);
    if (type->kind != TypeKind::Array && type->kind != TypeKind::Function) {
        return value;
    }
    const auto address = value.address();
    if (!address) {
        return failAt(node.at, fmt::format("{} has no address: it is {}", shown(node),
                                           value.available() ? "kept in registers" : whatItIs(value)));
    }
    const Type* target = type->kind == TypeKind::Array ? type->target : value.type;
    return resultValue(scope_.info.pointerTo(target), *address);
}

support::Result<Number> Evaluator::number(const Value& value, const Node& node) {
    if (!value.available()) {
        return failAt(node.at, fmt::format("{} is {}: {}", shown(node), whatItIs(value), value.reason));
    }
    const auto bits = numberOf(value);
    if (!bits) {
        const bool isFloat = plain(value.type)->kind == TypeKind::Float;
        return failAt(node.at, isFloat ? std::string("floating-point values cannot be computed with: BPF has none")
                                       : fmt::format("{} is of type {}: it cannot be computed with", shown(node),
                                                     typeName(value.type)));
    }
    return Number{*bits, value.type};
}

support::Result<bool> Evaluator::truth(const Value& value, const Node& node) {
    const auto decayed = decay(value, node);
    if (!decayed) {
        return tl::unexpected(decayed.error());
    }
    const auto bits = number(*decayed, node);
    if (!bits) {
        return tl::unexpected(bits.error());
    }
    return bits->bits != 0;
}

support::Result<Value> Evaluator::dereference(const Value& pointer, const Node& node) {
    const auto address = number(pointer, node);
    if (!address) {
        return tl::unexpected(address.error());
    }
    const Type* target = plain(pointer.type)->target;
    const auto kind = plain(target)->kind;
    if (kind == TypeKind::Void || kind == TypeKind::Unknown || plain(target)->declaredOnly) {
        return failAt(node.at,
                      fmt::format("what {} points at has no known type: cast it first", typeName(pointer.type)));
    }
    auto value = at(target, address->bits);
    if (kind == TypeKind::Function) {
        value.availability = Availability::Available;
    }
    return value;
}

support::Result<Value> Evaluator::unary(const Node& node) {
    auto operand = walk(*node.first);
    if (!operand) {
        return operand;
    }
    if (node.op == Operator::AddressOf) {
        const auto address = operand->address();
        if (!address) {
            return failAt(node.at, operand->bitSize != 0 ? "a bit-field has no address"
                                   : operand->parts.empty()
                                       ? "only a variable or other place in memory has an address"
                                       : fmt::format("{} has no address: it is kept in registers", shown(*node.first)));
        }
        return resultValue(scope_.info.pointerTo(operand->type), *address);
    }
    const auto bitSize = operand->bitSize;
    operand = decay(std::move(*operand), *node.first);
    if (!operand) {
        return operand;
    }
    if (node.op == Operator::Dereference) {
        if (!isPointer(*operand)) {
            return failAt(node.at, fmt::format("{} is of type {}, not a pointer: nothing to follow", shown(*node.first),
                                               typeName(operand->type)));
        }
        return dereference(*operand, node);
    }
    const auto value = number(*operand, *node.first);
    if (!value) {
        return tl::unexpected(value.error());
    }
    if (isPointer(*operand) && node.op != Operator::Not) {
        return failAt(node.at, "this operator does not work on pointers");
    }
    return result(applyUnary(node.op, node.op == Operator::Not ? *value : promote(*value, bitSize)));
}

support::Result<Value> Evaluator::pointerMath(Operator op, const Value& left, const Value& right, const Node& node) {
    const auto a = number(left, *node.first);
    if (!a) {
        return tl::unexpected(a.error());
    }
    const auto b = number(right, *node.second);
    if (!b) {
        return tl::unexpected(b.error());
    }
    if (op >= Operator::Less && op <= Operator::NotEqual) {
        const Number low{a->bits & 0xffffffff, builtin(Builtin::UnsignedLong)};
        return result(*applyBinary(op, low, {b->bits & 0xffffffff, low.type}));
    }
    const bool both = isPointer(left) && isPointer(right);
    const Value& pointer = isPointer(left) ? left : right;
    const auto step = std::max<std::uint64_t>(plain(pointer.type)->target->size, 1); // void: bytes, as GCC has it
    if (both && op == Operator::Subtract) {
        const auto bytes = static_cast<std::int64_t>(static_cast<std::int32_t>(a->bits - b->bits));
        return resultValue(builtin(Builtin::Long), static_cast<std::uint64_t>(bytes / static_cast<std::int64_t>(step)));
    }
    if (both || (op != Operator::Add && op != Operator::Subtract) || (op == Operator::Subtract && isPointer(right))) {
        return failAt(node.at, "this operator does not work on pointers");
    }
    const auto distance = (isPointer(left) ? b->bits : a->bits) * step;
    const auto base = isPointer(left) ? a->bits : b->bits;
    return resultValue(pointer.type, op == Operator::Add ? base + distance : base - distance);
}

support::Result<Value> Evaluator::combine(Operator op, const Value& left, const Value& right, const Node& node) {
    const auto one = decay(left, *node.first);
    if (!one) {
        return one;
    }
    const auto other = decay(right, *node.second);
    if (!other) {
        return other;
    }
    if (isPointer(*one) || isPointer(*other)) {
        return pointerMath(op, *one, *other, node);
    }
    const auto a = number(*one, *node.first);
    if (!a) {
        return tl::unexpected(a.error());
    }
    const auto b = number(*other, *node.second);
    if (!b) {
        return tl::unexpected(b.error());
    }
    const auto x = promote(*a, left.bitSize);
    const auto y = promote(*b, right.bitSize);
    const auto combined = applyBinary(op, x, y);
    if (!combined) {
        if (typesOnly_) {
            const bool shift = op == Operator::ShiftLeft || op == Operator::ShiftRight;
            return resultValue(shift ? x.type : commonType(x.type, y.type), 0);
        }
        return failAt(node.at, combined.error().message);
    }
    return result(*combined);
}

support::Result<Value> Evaluator::binary(const Node& node) {
    const auto left = walk(*node.first);
    if (!left) {
        return left;
    }
    const auto right = walk(*node.second);
    return right ? combine(node.op, *left, *right, node) : right;
}

support::Result<Value> Evaluator::logical(const Node& node) {
    const auto left = walk(*node.first);
    if (!left) {
        return left;
    }
    auto holds = truth(*left, *node.first);
    if (holds && (typesOnly_ || *holds == (node.op == Operator::LogicalAnd))) {
        const auto right = walk(*node.second);
        if (!right) {
            return right;
        }
        holds = truth(*right, *node.second);
    }
    return holds ? support::Result<Value>(resultValue(builtin(Builtin::Int), *holds ? 1 : 0))
                 : tl::unexpected(holds.error());
}

} // namespace rbpf::dwarf
