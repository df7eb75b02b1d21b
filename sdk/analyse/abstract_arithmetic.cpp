// SPDX-License-Identifier: GPL-3.0-or-later
// Arithmetic of RFC 9669, section 4.1, on numbers of which only bounds and bits are known.
#include <bit>

#include "rbpf_vm/instruction.hpp"
#include "sdk/analyse/abstract_value.hpp"

namespace rbpf::analyse {

namespace {

constexpr std::uint64_t kLowMask = 0xffffffff;

/// Bits that are known, as Value has them.
struct Bits {
    std::uint64_t bits;
    std::uint64_t unknown;
};
constexpr Bits kNoBits{0, ~std::uint64_t{0}};

template <typename U>
U divide(std::uint32_t op, bool isSigned, U a, U b) {
    using S = std::make_signed_t<U>;
    if (b == 0) {
        return op == vm::kDiv ? 0 : a;
    }
    if (!isSigned) {
        return op == vm::kDiv ? a / b : a % b;
    }
    if (b == static_cast<U>(-1)) {
        return op == vm::kDiv ? U{0} - a : U{0};
    }
    return static_cast<U>(op == vm::kDiv ? static_cast<S>(a) / static_cast<S>(b)
                                         : static_cast<S>(a) % static_cast<S>(b));
}

template <typename U>
U exact(std::uint32_t op, bool isSigned, U a, U b) {
    using S = std::make_signed_t<U>;
    constexpr U kShift = sizeof(U) * 8 - 1;
    switch (op) {
    case vm::kAdd:
        return a + b;
    case vm::kSub:
        return a - b;
    case vm::kMul:
        return a * b;
    case vm::kOr:
        return a | b;
    case vm::kAnd:
        return a & b;
    case vm::kXor:
        return a ^ b;
    case vm::kLsh:
        return a << (b & kShift);
    case vm::kRsh:
        return a >> (b & kShift);
    case vm::kArsh:
        return static_cast<U>(static_cast<S>(a) >> (b & kShift));
    case vm::kNeg:
        return U{0} - a;
    case vm::kDiv:
    case vm::kMod:
        return divide(op, isSigned, a, b);
    default:
        return b;
    }
}

template <typename U>
Range<U> sum(const Range<U>& a, const Range<U>& b) {
    Range<U> result;
    U least = 0, most = 0;
    if (__builtin_add_overflow(a.umin, b.umin, &least) == __builtin_add_overflow(a.umax, b.umax, &most)) {
        result.umin = least;
        result.umax = most;
    }
    std::make_signed_t<U> low = 0, high = 0;
    if (!__builtin_add_overflow(a.smin, b.smin, &low) && !__builtin_add_overflow(a.smax, b.smax, &high)) {
        result.smin = low;
        result.smax = high;
    }
    result.agree();
    return result;
}

template <typename U>
Range<U> difference(const Range<U>& a, const Range<U>& b) {
    Range<U> result;
    U least = 0, most = 0;
    if (__builtin_sub_overflow(a.umin, b.umax, &least) == __builtin_sub_overflow(a.umax, b.umin, &most)) {
        result.umin = least;
        result.umax = most;
    }
    std::make_signed_t<U> low = 0, high = 0;
    if (!__builtin_sub_overflow(a.smin, b.smax, &low) && !__builtin_sub_overflow(a.smax, b.smin, &high)) {
        result.smin = low;
        result.smax = high;
    }
    result.agree();
    return result;
}

template <typename U>
Range<U> product(const Range<U>& a, const Range<U>& b) {
    using S = std::make_signed_t<U>;
    Range<U> result;
    U most = 0;
    if (!__builtin_mul_overflow(a.umax, b.umax, &most)) {
        result.umin = a.umin * b.umin;
        result.umax = most;
    }
    S corner[4] = {};
    if (!__builtin_mul_overflow(a.smin, b.smin, &corner[0]) && !__builtin_mul_overflow(a.smin, b.smax, &corner[1]) &&
        !__builtin_mul_overflow(a.smax, b.smin, &corner[2]) && !__builtin_mul_overflow(a.smax, b.smax, &corner[3])) {
        result.smin = *std::min_element(corner, corner + 4);
        result.smax = *std::max_element(corner, corner + 4);
    }
    result.agree();
    return result;
}

template <typename U>
Range<U> quotient(bool isSigned, const Range<U>& a, const Range<U>& b) {
    using S = std::make_signed_t<U>;
    if (!isSigned || (a.smin >= 0 && b.smin >= 0)) { // by 0 gives 0
        return Range<U>::unsignedOf(b.umin == 0 ? 0 : a.umin / b.umax, b.umin == 0 ? a.umax : a.umax / b.umin);
    }
    if (b.isConstant() && b.smin > 0) {
        return Range<U>::signedOf(static_cast<S>(a.smin / b.smin), static_cast<S>(a.smax / b.smin));
    }
    return {};
}

template <typename U>
Range<U> remainder(bool isSigned, const Range<U>& a, const Range<U>& b) {
    using S = std::make_signed_t<U>;
    if (!isSigned || (a.smin >= 0 && b.smin >= 0)) { // by 0 leaves the number
        if (b.umin > a.umax) {
            return a;
        }
        return Range<U>::unsignedOf(0, b.umin == 0 ? a.umax : std::min<U>(a.umax, b.umax - 1));
    }
    S least = std::min<S>(a.smin, 0);
    S most = std::max<S>(a.smax, 0);
    if (b.isConstant() && b.smin > 0) {
        least = std::max<S>(least, static_cast<S>(1 - b.smin));
        most = std::min<S>(most, static_cast<S>(b.smin - 1));
    }
    return Range<U>::signedOf(least, most);
}

/// All ones up to the highest bit of the number.
template <typename U>
U filled(U number) {
    return number == 0 ? 0 : static_cast<U>(~U{0}) >> std::countl_zero(number);
}

template <typename U>
Range<U> shifted(std::uint32_t op, const Range<U>& a, const Range<U>& amount) {
    using S = std::make_signed_t<U>;
    constexpr U kMost = sizeof(U) * 8 - 1;
    const bool isPlain = amount.umax <= kMost; // else the VM masks it
    const U least = isPlain ? amount.umin : 0;
    const U most = isPlain ? amount.umax : kMost;
    if (op == vm::kRsh) {
        return Range<U>::unsignedOf(a.umin >> most, a.umax >> least);
    }
    if (op == vm::kArsh) {
        return Range<U>::signedOf(static_cast<S>(a.smin >> (a.smin < 0 ? least : most)),
                                  static_cast<S>(a.smax >> (a.smax < 0 ? most : least)));
    }
    if (a.umax <= static_cast<U>(~U{0}) >> most) {
        return Range<U>::unsignedOf(a.umin << least, a.umax << most);
    }
    return {};
}

template <typename U>
Range<U> bounds(std::uint32_t op, bool isSigned, const Range<U>& a, const Range<U>& b) {
    switch (op) {
    case vm::kAdd:
        return sum(a, b);
    case vm::kSub:
        return difference(a, b);
    case vm::kMul:
        return product(a, b);
    case vm::kDiv:
        return quotient(isSigned, a, b);
    case vm::kMod:
        return remainder(isSigned, a, b);
    case vm::kAnd:
        return Range<U>::unsignedOf(0, std::min(a.umax, b.umax));
    case vm::kOr:
        return Range<U>::unsignedOf(std::max(a.umin, b.umin), filled<U>(a.umax | b.umax));
    case vm::kXor:
        return Range<U>::unsignedOf(0, filled<U>(a.umax | b.umax));
    case vm::kLsh:
    case vm::kRsh:
    case vm::kArsh:
        return shifted(op, a, b);
    case vm::kNeg:
        return difference(Range<U>::unsignedOf(0, 0), a);
    default:
        return {};
    }
}

/// Of a sum, carries that may come make a bit unknown.
Bits sumBits(Bits a, Bits b) {
    const std::uint64_t least = a.bits + b.bits;
    const std::uint64_t most = least + a.unknown + b.unknown;
    const std::uint64_t unknown = (least ^ most) | a.unknown | b.unknown;
    return {least & ~unknown, unknown};
}

Bits knownBits(std::uint32_t op, Bits a, Bits b, std::uint64_t shiftMask) {
    switch (op) {
    case vm::kAdd:
        return sumBits(a, b);
    case vm::kSub: { // a + ~b + 1
        const Bits inverted{~b.bits & ~b.unknown, b.unknown};
        return sumBits(sumBits(a, inverted), {1, 0});
    }
    case vm::kAnd: {
        const std::uint64_t zero = (~a.bits & ~a.unknown) | (~b.bits & ~b.unknown);
        const std::uint64_t one = a.bits & b.bits;
        return {one, ~(zero | one)};
    }
    case vm::kOr: {
        const std::uint64_t zero = ~a.bits & ~a.unknown & ~b.bits & ~b.unknown;
        const std::uint64_t one = a.bits | b.bits;
        return {one, ~(zero | one)};
    }
    case vm::kXor:
        return {(a.bits ^ b.bits) & ~(a.unknown | b.unknown), a.unknown | b.unknown};
    case vm::kLsh:
    case vm::kRsh:
        if (b.unknown == 0) {
            const std::uint64_t by = b.bits & shiftMask;
            return op == vm::kLsh ? Bits{a.bits << by, a.unknown << by} : Bits{a.bits >> by, a.unknown >> by};
        }
        return kNoBits;
    default:
        return kNoBits;
    }
}

Value swapped(const image::Instruction& in, const Value& left) {
    const auto bytes = static_cast<std::uint32_t>(in.imm) / 8;
    if ((in.instructionClass() == image::kClassAlu) && (in.opcode & vm::kSourceRegister) == 0) {
        return truncated(left, bytes); // to little-endian
    }
    if (left.isConstant()) {
        return Value::constant(__builtin_bswap64(left.number()) >> (64 - std::clamp(in.imm, 1, 64)));
    }
    return truncated(Value{}, bytes);
}

Value moved(const image::Instruction& in, const Value& right, bool isWide) {
    if (in.offset != 0) {
        const Value extended = signExtended(right, static_cast<std::uint32_t>(in.offset));
        return isWide ? extended : truncated(extended, 4);
    }
    return isWide ? right : truncated(right, 4);
}

} // namespace

Value truncated(const Value& value, std::uint32_t bytes) {
    if (bytes >= 8) {
        return value;
    }
    const std::uint64_t mask = (std::uint64_t{1} << (bytes * 8)) - 1;
    if (value.wide.umax <= mask) {
        return value;
    }
    Value result = bytes == 4 ? Value::ofLow(value.low) : Value::ofRange(Wide::unsignedOf(0, mask));
    result.bits |= value.bits & mask;
    result.unknown &= value.unknown & mask;
    if (bytes < 4 && value.low.umax <= mask) {
        result.low.meet(value.low);
    }
    result.agree();
    result.origin = value.origin;
    return result;
}

Value signExtended(const Value& value, std::uint32_t bits) {
    if (bits >= 64) {
        return value;
    }
    const std::int64_t most = (std::int64_t{1} << (bits - 1)) - 1;
    const std::int64_t least = -most - 1;
    if (value.wide.smin >= least && value.wide.smax <= most) {
        return value;
    }
    Value result = Value::ofRange(Wide::signedOf(least, most));
    if (value.low.smin >= least && value.low.smax <= most) {
        result = Value::ofRange(Wide::signedOf(value.low.smin, value.low.smax));
    } else if (value.isConstant()) {
        const auto unused = 64 - bits;
        result = Value::constant(static_cast<std::uint64_t>(static_cast<std::int64_t>(value.number() << unused) >> unused));
    }
    result.origin = value.origin;
    return result;
}

Value arithmetic(const image::Instruction& in, const Value& left, const Value& right) {
    const std::uint32_t op = in.opcode >> 4;
    const bool isWide = in.instructionClass() == image::kClassAlu64;
    const bool isSigned = (op == vm::kDiv || op == vm::kMod) && in.offset == 1;
    if (op == vm::kMov) {
        return moved(in, right, isWide);
    }
    if (op == vm::kEnd) {
        return swapped(in, left);
    }
    const bool isUnary = op == vm::kNeg;
    Value result;
    const std::uint64_t mask = isWide ? ~std::uint64_t{0} : kLowMask;
    if (left.isConstant() && (isUnary || right.isConstant())) {
        result = Value::constant(
            isWide ? exact<std::uint64_t>(op, isSigned, left.number(), right.number())
                   : exact<std::uint32_t>(op, isSigned, static_cast<std::uint32_t>(left.number()),
                                          static_cast<std::uint32_t>(right.number())));
    } else {
        const Bits bits = knownBits(op, {left.bits & mask, left.unknown & mask}, {right.bits & mask, right.unknown & mask},
                                    isWide ? 63 : 31);
        const bool isOfLowHalves = op != vm::kDiv && op != vm::kMod && op != vm::kRsh && op != vm::kArsh &&
                                   (op != vm::kLsh || right.wide.umax < 32);
        if (isWide) {
            result.wide = bounds(op, isSigned, left.wide, right.wide);
            if (isOfLowHalves) {
                result.low = bounds(op, isSigned, left.low, right.low);
            }
        } else {
            result = Value::ofLow(bounds(op, isSigned, left.low, right.low));
        }
        result.unknown = bits.unknown & mask;
        result.bits = bits.bits & mask;
        if (result.isConstant()) {
            result = Value::constant(result.number());
        }
        result.agree();
    }
    result.origin = left.origin.kind != Origin::Kind::None || isUnary ? left.origin : right.origin;
    return result;
}

} // namespace rbpf::analyse
