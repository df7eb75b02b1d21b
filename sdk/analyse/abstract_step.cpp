// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/abstract_step.hpp"

#include "rbpf_vm/instruction.hpp"
#include "sdk/analyse/binding_effects.hpp"

namespace rbpf::analyse {

namespace {

constexpr std::uint8_t kAdd32Immediate = 0x04;

std::uint32_t accessBytes(const image::Instruction& in) {
    constexpr std::uint32_t kBytes[] = {4, 2, 1, 8};
    return kBytes[in.opcode >> 3 & 3];
}

Value addressOf(const Value& pointer, const image::Instruction& in) {
    image::Instruction add;
    add.opcode = kAdd32Immediate;
    return arithmetic(add, pointer, Value::constant(static_cast<std::uint64_t>(std::int64_t{in.offset})));
}

bool load(State& state, const image::Image& image, const image::Instruction& in) {
    const std::uint32_t bytes = accessBytes(in);
    Value value;
    if (!state.load(image, addressOf(state.registers[in.src], in), bytes, {Origin::Kind::None, in.index}, value)) {
        return false;
    }
    state.registers[in.dst] = in.opcode >> 5 == vm::kMemSx ? signExtended(value, bytes * 8) : value;
    return true;
}

bool store(State& state, const image::Image& image, const image::Instruction& in) {
    const std::uint32_t bytes = accessBytes(in);
    const Value address = addressOf(state.registers[in.dst], in);
    if (in.opcode >> 5 == vm::kAtomic) {
        Value unknown;
        unknown.origin = {Origin::Kind::Memory, in.index};
        if ((in.imm & vm::kFetch) != 0) {
            const bool isCompare = (in.imm & ~vm::kFetch) == (vm::kCompareExchange & ~vm::kFetch);
            state.registers[isCompare ? 0 : in.src] = truncated(unknown, bytes);
        }
        return state.store(image, address, bytes, truncated(unknown, bytes));
    }
    const Value value = in.instructionClass() == image::kClassSt
                            ? Value::constant(static_cast<std::uint64_t>(std::int64_t{in.imm}))
                            : state.copyOf(in.src);
    return state.store(image, address, bytes, truncated(value, bytes));
}

/// What something known is added to stays known by its copies: `n - 1 < 3` tells of n.
void relate(Value& sum, const Value& before, const image::Instruction& in) {
    const std::uint32_t op = in.opcode >> 4;
    if ((op != vm::kAdd && op != vm::kSub) || (in.opcode & vm::kSourceRegister) != 0) {
        return;
    }
    const auto more = static_cast<std::uint64_t>(std::int64_t{in.imm});
    sum.of = before.id != 0 ? before.id : before.of;
    sum.more = (before.id != 0 ? 0 : before.more) + (op == vm::kAdd ? more : 0 - more);
    sum.isOfLow = in.instructionClass() == image::kClassAlu || (before.id == 0 && before.isOfLow);
}

Value wideConstant(const image::Instruction& in) {
    std::uint64_t number = in.wide();
    if (in.opcode == RBPF_OP_LDDWD) {
        number += RBPF_ADDRESS(RBPF_REGION_DATA, 0);
    } else if (in.opcode == RBPF_OP_LDDWR) {
        number += RBPF_ADDRESS(RBPF_REGION_RODATA, 0);
    }
    return Value::constant(number);
}

} // namespace

Value operand(const State& state, const image::Instruction& in) {
    return (in.opcode & vm::kSourceRegister) != 0
               ? state.registers[in.src]
               : Value::constant(static_cast<std::uint64_t>(std::int64_t{in.imm}));
}

bool step(State& state, const image::Image& image, const image::Instruction& in) {
    switch (in.instructionClass()) {
    case image::kClassLd:
        state.registers[in.dst] = wideConstant(in);
        return true;
    case image::kClassLdx:
        return load(state, image, in);
    case image::kClassSt:
    case image::kClassStx:
        return store(state, image, in);
    case image::kClassAlu:
    case image::kClassAlu64: {
        const bool isCopy = in.opcode >> 4 == vm::kMov && (in.opcode & vm::kSourceRegister) != 0;
        Value result = arithmetic(in, state.registers[in.dst], isCopy ? state.copyOf(in.src) : operand(state, in));
        if (!isCopy) {
            result.id = 0;
            relate(result, state.registers[in.dst], in);
        }
        state.registers[in.dst] = result;
        return true;
    }
    default: // a call of a binding
        callBinding(state, in);
        return true;
    }
}

} // namespace rbpf::analyse
