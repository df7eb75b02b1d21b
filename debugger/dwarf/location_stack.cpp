// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dwarf/location_stack.hpp"

#include <algorithm>
#include <limits>

#include <llvm/BinaryFormat/Dwarf.h>

namespace rbpf::dwarf {

using namespace llvm::dwarf;

bool LocationStack::binary(unsigned code) {
    std::uint64_t right = 0;
    std::uint64_t left = 0;
    if (!pop(right) || !pop(left)) {
        return false;
    }
    const auto signedLeft = static_cast<std::int64_t>(left);
    const auto signedRight = static_cast<std::int64_t>(right);
    const bool overflows = signedLeft == std::numeric_limits<std::int64_t>::min() && signedRight == -1;
    switch (code) {
    case DW_OP_and:
        return push(left & right);
    case DW_OP_or:
        return push(left | right);
    case DW_OP_xor:
        return push(left ^ right);
    case DW_OP_plus:
        return push(left + right);
    case DW_OP_minus:
        return push(left - right);
    case DW_OP_mul:
        return push(left * right);
    case DW_OP_div:
        return right != 0 && push(overflows ? left : static_cast<std::uint64_t>(signedLeft / signedRight));
    case DW_OP_mod:
        return right != 0 && push(left % right);
    case DW_OP_shl:
        return push(right > 63 ? 0 : left << right);
    case DW_OP_shr:
        return push(right > 63 ? 0 : left >> right);
    case DW_OP_shra:
        return push(static_cast<std::uint64_t>(signedLeft >> std::min<std::uint64_t>(right, 63)));
    case DW_OP_eq:
        return push(left == right ? 1 : 0);
    case DW_OP_ne:
        return push(left != right ? 1 : 0);
    case DW_OP_lt:
        return push(signedLeft < signedRight ? 1 : 0);
    case DW_OP_le:
        return push(signedLeft <= signedRight ? 1 : 0);
    case DW_OP_gt:
        return push(signedLeft > signedRight ? 1 : 0);
    case DW_OP_ge:
        return push(signedLeft >= signedRight ? 1 : 0);
    default:
        return false;
    }
}

bool LocationStack::unary(unsigned code) {
    std::uint64_t value = 0;
    if (!pop(value)) {
        return false;
    }
    if (code == DW_OP_not) {
        return push(~value);
    }
    const bool negate = code == DW_OP_neg || static_cast<std::int64_t>(value) < 0;
    return push(negate ? 0 - value : value);
}

bool LocationStack::shuffle(const Operation& operation) {
    const auto depth = values_.size();
    switch (operation.code) {
    case DW_OP_dup:
        return depth >= 1 && push(values_[depth - 1]);
    case DW_OP_over:
        return depth >= 2 && push(values_[depth - 2]);
    case DW_OP_pick: {
        const auto index = static_cast<std::size_t>(operation.a);
        return depth > index && push(values_[depth - 1 - index]);
    }
    case DW_OP_swap:
        if (depth < 2) {
            return false;
        }
        std::swap(values_[depth - 1], values_[depth - 2]);
        return true;
    case DW_OP_rot:
        if (depth < 3) {
            return false;
        }
        std::rotate(values_.end() - 3, values_.end() - 1, values_.end());
        return true;
    default: {
        std::uint64_t dropped = 0;
        return pop(dropped);
    }
    }
}

bool LocationStack::convert(const Operation& operation) {
    std::uint64_t value = 0;
    if (!pop(value)) {
        return false;
    }
    const unsigned unused = 64 - 8 * static_cast<unsigned>(operation.a);
    value <<= unused;
    return push(operation.b != 0 ? static_cast<std::uint64_t>(static_cast<std::int64_t>(value) >> unused)
                                 : value >> unused);
}

} // namespace rbpf::dwarf
