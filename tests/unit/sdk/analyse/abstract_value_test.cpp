// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include <random>

#include "sdk/analyse/abstract_value.hpp"

using namespace rbpf;
using namespace rbpf::analyse;

namespace {

class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}
    std::uint64_t below(std::uint64_t end) { return engine_() % end; }
    /// Numbers at the edges more often than others.
    std::uint64_t number() {
        static constexpr std::uint64_t kEdges[] = {0, 1, 2, 31, 32, 63, 64, 127, 128, 255, 0x7fff, 0xffff, 0x7fffffff,
                                                   0x80000000, 0xffffffff, 0x100000000, INT64_MAX, 1ull << 63, ~0ull};
        switch (below(4)) {
        case 0:
            return engine_();
        case 1:
            return engine_() >> below(64);
        case 2:
            return kEdges[below(std::size(kEdges))] + below(3) - 1;
        default:
            return below(40) - 8;
        }
    }
    /// Something that is known of the number.
    Value about(std::uint64_t number) {
        Value value = Value::constant(number);
        for (std::uint64_t more = below(4); more-- > 0;) {
            switch (below(3)) {
            case 0:
                value.join(Value::constant(number + below(20)));
                break;
            case 1:
                value.join(Value::constant(this->number()));
                break;
            default:
                value.unknown |= std::uint64_t{1} << below(64);
                value.bits &= ~value.unknown;
                value.wide.umin = std::min(value.wide.umin, value.bits);
                value.wide = Wide{};
                value.low = Low{};
                value.agree();
                break;
            }
        }
        return value;
    }

private:
    std::mt19937_64 engine_;
};

image::Instruction instruction(std::uint8_t opcode, std::int16_t offset = 0, std::int32_t imm = 0) {
    image::Instruction in;
    in.opcode = opcode;
    in.offset = offset;
    in.imm = imm;
    return in;
}

image::Instruction someArithmetic(Dice& dice) {
    const auto op = static_cast<std::uint8_t>(dice.below(14));
    const bool isWide = dice.below(2) == 0;
    std::int16_t offset = 0;
    if (op == 3 || op == 9) {
        offset = static_cast<std::int16_t>(dice.below(2));
    } else if (op == 11) {
        static constexpr std::int16_t kWidths[] = {0, 8, 16, 32};
        offset = kWidths[dice.below(isWide ? 4 : 3)];
    }
    static constexpr std::int32_t kSwaps[] = {16, 32, 64};
    const bool isToBig = op == 13 && !isWide && dice.below(2) == 0;
    const auto source = static_cast<std::uint8_t>(op == 8 || (op == 13 && !isToBig) ? 0 : 8);
    return instruction(static_cast<std::uint8_t>(op << 4 | source | (isWide ? 7 : 4)), offset,
                       op == 13 ? kSwaps[dice.below(3)] : 0);
}

template <typename U>
bool holds(std::uint8_t op, U a, U b) {
    using S = std::make_signed_t<U>;
    const auto x = static_cast<S>(a);
    const auto y = static_cast<S>(b);
    const bool answers[] = {true, a == b, a > b, a >= b, (a & b) != 0, a != b, x > y, x >= y, false, false, a < b, a <= b, x < y, x <= y};
    return answers[op];
}

} // namespace

TEST_CASE("whatever the operands may be, what arithmetic makes of them is within its bounds") {
    Dice dice(20261121);
    for (int round = 0; round < 300000; ++round) {
        const std::uint64_t a = dice.number();
        const std::uint64_t b = dice.number();
        const image::Instruction in = someArithmetic(dice);
        const Value left = dice.about(a);
        const Value right = dice.about(b);
        REQUIRE(left.contains(Value::constant(a)));
        const Value exact = arithmetic(in, Value::constant(a), Value::constant(b));
        REQUIRE(exact.isConstant());
        const Value result = arithmetic(in, left, right);
        if (result.isEmpty() || !result.contains(exact)) {
            FAIL("opcode " << int(in.opcode) << " offset " << in.offset << " imm " << in.imm << " of " << a << " and " << b);
        }
    }
}

TEST_CASE("what a jump tells never excludes the numbers that made it go so") {
    Dice dice(6);
    for (int round = 0; round < 300000; ++round) {
        std::uint64_t a = dice.number();
        const std::uint64_t b = dice.below(4) == 0 ? a : dice.number();
        static constexpr std::uint8_t kOps[] = {1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13};
        const std::uint8_t op = kOps[dice.below(std::size(kOps))];
        const bool isHalf = dice.below(2) == 0;
        const image::Instruction in = instruction(static_cast<std::uint8_t>(op << 4 | 8 | (isHalf ? 6 : 5)));
        const bool isTaken = isHalf ? holds(op, static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b)) : holds(op, a, b);
        Value left = dice.about(a);
        Value right = dice.about(b);
        const bool mayBe = refine(in, isTaken, left, right);
        if (!mayBe || !left.contains(Value::constant(a)) || !right.contains(Value::constant(b))) {
            FAIL("opcode " << int(in.opcode) << " of " << a << " and " << b);
        }
        Value x = Value::constant(a);
        Value y = Value::constant(b);
        REQUIRE(refine(in, isTaken, x, y));
        REQUIRE(!refine(in, !isTaken, x, y));
    }
}

TEST_CASE("a comparison narrows both halves and both views") {
    Value left;
    Value ten = Value::constant(10);
    REQUIRE(refine(instruction(0xa5, 0, 10), true, left, ten)); // unsigned below 10
    CHECK(left.wide.smax == 9);
    CHECK(left.low.umax == 9);
    Value minusOne = Value::constant(~std::uint64_t{0});
    REQUIRE(refine(instruction(0x65), true, left, minusOne)); // signed above -1: nothing new
    CHECK(left.wide.umax == 9);
    CHECK(!refine(instruction(0xc5), true, left, minusOne)); // signed below -1
}

TEST_CASE("a known ending moves bounds to numbers that have it") {
    const Value mask = Value::constant(~std::uint64_t{3});
    Value number = arithmetic(instruction(0x5f), Value::ofRange(Wide::unsignedOf(0, 34)), mask);
    CHECK(number.wide.umax == 32);
    Value zero = Value::constant(0);
    REQUIRE(refine(instruction(0x55), true, number, zero)); // not 0
    CHECK(number.wide.umin == 4);
}
