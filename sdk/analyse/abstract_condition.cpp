// SPDX-License-Identifier: GPL-3.0-or-later
// What a conditional jump tells of its operands (RFC 9669, section 4.3), on either way.
#include <utility>

#include "rbpf_vm/instruction.hpp"
#include "sdk/analyse/abstract_value.hpp"

namespace rbpf::analyse {

namespace {

/// a < b, or a <= b. False: never.
template <typename N>
bool order(N& aMin, N& aMax, N& bMin, N& bMax, bool orEqual) {
    if (!orEqual) {
        if (bMax == std::numeric_limits<N>::min() || aMin == std::numeric_limits<N>::max()) {
            return false;
        }
        aMax = std::min<N>(aMax, static_cast<N>(bMax - 1));
        bMin = std::max<N>(bMin, static_cast<N>(aMin + 1));
    } else {
        aMax = std::min(aMax, bMax);
        bMin = std::max(bMin, aMin);
    }
    return aMin <= aMax && bMin <= bMax;
}

template <typename U>
bool order(Range<U>& a, Range<U>& b, bool isSigned, bool orEqual) {
    return isSigned ? order(a.smin, a.smax, b.smin, b.smax, orEqual) : order(a.umin, a.umax, b.umin, b.umax, orEqual);
}

/// The number is not `other`: a bound that is it moves.
template <typename U>
bool exclude(Range<U>& range, U other) {
    using S = std::make_signed_t<U>;
    if (range.isConstant()) {
        return range.umin != other;
    }
    range.umin += range.umin == other ? 1 : 0;
    range.umax -= range.umax == other ? 1 : 0;
    range.smin += range.smin == static_cast<S>(other) ? 1 : 0;
    range.smax -= range.smax == static_cast<S>(other) ? 1 : 0;
    return !range.isEmpty();
}

template <typename U>
bool differ(Range<U>& a, Range<U>& b) {
    return (!b.isConstant() || exclude(a, b.umin)) && (!a.isConstant() || exclude(b, a.umin));
}

bool shareBits(Value& left, Value& right) {
    if (((left.bits ^ right.bits) & ~left.unknown & ~right.unknown) != 0) {
        return false;
    }
    left.bits = right.bits = left.bits | right.bits;
    left.unknown = right.unknown = left.unknown & right.unknown;
    return true;
}

/// left & right is 0, or is not.
bool testBits(bool isSet, bool isHalf, Value& left, const Value& right) {
    if (!right.isConstant()) {
        return true;
    }
    const std::uint64_t mask = isHalf ? static_cast<std::uint32_t>(right.number()) : right.number();
    if (!isSet) {
        if ((left.bits & mask) != 0) {
            return false;
        }
        left.unknown &= ~mask;
        return true;
    }
    const std::uint64_t possible = (left.bits | left.unknown) & mask;
    if (possible == 0) {
        return false;
    }
    if ((possible & (possible - 1)) == 0) {
        left.bits |= possible;
        left.unknown &= ~possible;
    }
    return true;
}

template <typename U>
bool compare(std::uint32_t op, Range<U>& a, Range<U>& b) {
    switch (op) {
    case vm::kJlt:
        return order(a, b, false, false);
    case vm::kJle:
        return order(a, b, false, true);
    case vm::kJgt:
        return order(b, a, false, false);
    case vm::kJge:
        return order(b, a, false, true);
    case vm::kJslt:
        return order(a, b, true, false);
    case vm::kJsle:
        return order(a, b, true, true);
    case vm::kJsgt:
        return order(b, a, true, false);
    case vm::kJsge:
        return order(b, a, true, true);
    case vm::kJne:
        return differ(a, b);
    case vm::kJeq:
        a.meet(b);
        b = a;
        return !a.isEmpty();
    default:
        return true;
    }
}

std::uint32_t opposite(std::uint32_t op) {
    switch (op) {
    case vm::kJeq:
        return vm::kJne;
    case vm::kJne:
        return vm::kJeq;
    case vm::kJlt:
        return vm::kJge;
    case vm::kJge:
        return vm::kJlt;
    case vm::kJgt:
        return vm::kJle;
    case vm::kJle:
        return vm::kJgt;
    case vm::kJslt:
        return vm::kJsge;
    case vm::kJsge:
        return vm::kJslt;
    case vm::kJsgt:
        return vm::kJsle;
    default:
        return vm::kJsgt; // of kJsle
    }
}

} // namespace

bool refine(const image::Instruction& in, bool isTaken, Value& left, Value& right) {
    const bool isHalf = in.instructionClass() == image::kClassJmp32;
    std::uint32_t op = in.opcode >> 4;
    if (op == vm::kJset) {
        if (!testBits(isTaken, isHalf, left, right)) {
            return false;
        }
    } else {
        op = isTaken ? op : opposite(op);
        const bool mayBe = isHalf ? compare(op, left.low, right.low) : compare(op, left.wide, right.wide);
        if (!mayBe || (op == vm::kJeq && !isHalf && !shareBits(left, right))) {
            return false;
        }
    }
    left.agree();
    right.agree();
    return !left.isEmpty() && !right.isEmpty();
}

} // namespace rbpf::analyse
