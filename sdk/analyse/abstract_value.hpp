// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of a register's or a stack slot's number: bounds of all of it and of its low half, signed and unsigned,
// known bits, where it comes from. Every operation holds for each number that the operands may be (RFC 9669, section 4).
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "sdk/image/instruction.hpp"

namespace rbpf::analyse {

/// Bounds of one number, seen as unsigned and as signed; all are inclusive.
template <typename U>
struct Range {
    using S = std::make_signed_t<U>;
    U umin = 0, umax = std::numeric_limits<U>::max();
    S smin = std::numeric_limits<S>::min(), smax = std::numeric_limits<S>::max();

    static Range unsignedOf(U least, U most) {
        Range range;
        range.umin = least;
        range.umax = most;
        range.agree();
        return range;
    }
    static Range signedOf(S least, S most) {
        Range range;
        range.smin = least;
        range.smax = most;
        range.agree();
        return range;
    }
    [[nodiscard]] bool isEmpty() const { return umin > umax || smin > smax; }
    [[nodiscard]] bool isConstant() const { return umin == umax; }
    /// Each view tells the other what it can.
    void agree() {
        if (static_cast<S>(umin) <= static_cast<S>(umax)) {
            smin = std::max(smin, static_cast<S>(umin));
            smax = std::min(smax, static_cast<S>(umax));
        }
        if (static_cast<U>(smin) <= static_cast<U>(smax)) {
            umin = std::max(umin, static_cast<U>(smin));
            umax = std::min(umax, static_cast<U>(smax));
        }
    }
    void meet(const Range& other) {
        umin = std::max(umin, other.umin);
        umax = std::min(umax, other.umax);
        smin = std::max(smin, other.smin);
        smax = std::min(smax, other.smax);
    }
    void join(const Range& other) {
        umin = std::min(umin, other.umin);
        umax = std::max(umax, other.umax);
        smin = std::min(smin, other.smin);
        smax = std::max(smax, other.smax);
    }
    [[nodiscard]] bool contains(const Range& other) const {
        return umin <= other.umin && umax >= other.umax && smin <= other.smin && smax >= other.smax;
    }
};

using Wide = Range<std::uint64_t>;
using Low = Range<std::uint32_t>;

/// Where a number that is not known comes from, for sentences; says nothing about its size.
struct Origin {
    enum class Kind : std::uint8_t {
        None,
        Argument, ///< what the function is started with
        Binding,
        Context, ///< read from the context or what the firmware grants
        Data,    ///< read from the script's variables, which outlive a run
        Memory,  ///< read where it cannot be told
    };
    Kind kind = Kind::None;
    std::uint32_t insnIndex = 0;
};

struct Value {
    Wide wide{};
    Low low{};
    std::uint64_t bits = 0;    ///< the known ones
    std::uint64_t unknown = ~std::uint64_t{0}; ///< which bits are not known; `bits` has none of them
    std::uint32_t id = 0;      ///< places with the same id (not 0) hold the same number
    std::uint32_t of = 0;      ///< not 0: this number is the one of the places with this id, plus `more`
    bool isOfLow = false;      ///< … in the low halves alone
    std::uint64_t more = 0;
    Origin origin{};

    static Value constant(std::uint64_t number);
    static Value ofRange(const Wide& range);
    static Value ofLow(const Low& range); ///< the high half is 0
    [[nodiscard]] bool isConstant() const { return wide.isConstant(); }
    [[nodiscard]] std::uint64_t number() const { return wide.umin; } ///< of a constant
    [[nodiscard]] bool isEmpty() const { return wide.isEmpty() || low.isEmpty(); }
    [[nodiscard]] bool contains(const Value& other) const;
    void join(const Value& other);
    /// Bounds, halves and bits tell each other what they can.
    void agree();
};

/// `left` op `right`, as the instruction's opcode and offset say; both are as the operands stand in 64 bits.
[[nodiscard]] Value arithmetic(const image::Instruction& in, const Value& left, const Value& right);
/// The low bytes as a number, the rest 0; or the rest copies of its sign.
[[nodiscard]] Value truncated(const Value& value, std::uint32_t bytes);
[[nodiscard]] Value signExtended(const Value& value, std::uint32_t bits);

/// What is known of both operands if the conditional jump is taken, or if it is not. False: that cannot be.
[[nodiscard]] bool refine(const image::Instruction& in, bool isTaken, Value& left, Value& right);

} // namespace rbpf::analyse
