// SPDX-License-Identifier: GPL-3.0-or-later
// Arithmetic, byte swaps, comparisons and atomics where RFC 9669 is easy to get wrong. All opcodes: tests/vectors.
#include <catch2/catch.hpp>

#include "program.hpp"

using namespace rbpf::test;

namespace {

constexpr uint64_t kMinimum64 = 0x8000000000000000;
constexpr uint64_t kMinimum32 = 0x80000000;

/// r0 after `op` on r0 = a and r1 = b.
uint64_t reg(uint8_t op, uint64_t a, uint64_t b, int16_t off = 0) {
    Machine machine(join({lddw(0, a), lddw(1, b), {{op, 0, 1, off, 0}, exitInsn()}}));
    REQUIRE(machine.verified == RBPF_STATUS_OK);
    REQUIRE(machine.runAll() == RBPF_HALT_EXITED);
    return machine.result();
}

/// r0 after `op` on r0 = a and an immediate.
uint64_t imm(uint8_t op, uint64_t a, int32_t b, int16_t off = 0) {
    Machine machine(join({lddw(0, a), {{op, 0, 0, off, b}, exitInsn()}}));
    REQUIRE(machine.verified == RBPF_STATUS_OK);
    REQUIRE(machine.runAll() == RBPF_HALT_EXITED);
    return machine.result();
}

bool jumps(uint8_t op, uint64_t a, uint64_t b) {
    Machine machine(join({lddw(2, a), lddw(3, b), {movImm(0, 1), {op, 2, 3, 1, 0}, movImm(0, 0), exitInsn()}}));
    REQUIRE(machine.runAll() == RBPF_HALT_EXITED);
    return machine.result();
}

} // namespace

TEST_CASE("division by zero gives zero, modulo by zero leaves the destination") {
    for (int16_t isSigned : {0, 1}) {
        CHECK(reg(0x3f, 7, 0, isSigned) == 0);
        CHECK(reg(0x9f, 0xffffffff00000007, 0, isSigned) == 0xffffffff00000007);
        CHECK(reg(0x3c, 7, 0xffffffff00000000, isSigned) == 0);
        CHECK(reg(0x9c, 0xffffffff80000007, 0xffffffff00000000, isSigned) == 0x80000007);
        CHECK(imm(0x37, 7, 0, isSigned) == 0);
        CHECK(imm(0x94, 0xffffffff80000007, 0, isSigned) == 0x80000007);
    }
}

TEST_CASE("the most negative number divided by -1 is itself, without remainder") {
    CHECK(reg(0x3f, kMinimum64, ~0ull, 1) == kMinimum64);
    CHECK(reg(0x9f, kMinimum64, ~0ull, 1) == 0);
    CHECK(reg(0x3c, kMinimum32, 0xffffffff, 1) == kMinimum32);
    CHECK(reg(0x9c, kMinimum32, 0xffffffff, 1) == 0);
    CHECK(imm(0x37, kMinimum64, -1, 1) == kMinimum64);
    CHECK(imm(0x94, kMinimum32, -1, 1) == 0);
}

TEST_CASE("signed division truncates towards zero and the remainder has the dividend's sign") {
    const auto minus = [](int64_t n) { return static_cast<uint64_t>(-n); };
    CHECK(reg(0x3f, minus(13), 3, 1) == minus(4));
    CHECK(reg(0x9f, minus(13), 3, 1) == minus(1));
    CHECK(reg(0x9f, 13, minus(3), 1) == 1);
    CHECK(imm(0x37, minus(13), 3, 1) == minus(4));
    CHECK(reg(0x3c, minus(13), 3, 1) == 0xfffffffc);
    CHECK(reg(0x9c, minus(13), 3, 1) == 0xffffffff);
    CHECK(reg(0x3c, 0x1fffffff3, 3, 1) == 0xfffffffc);
}

TEST_CASE("unsigned division takes the immediate sign-extended in 64 bits and as it is in 32") {
    CHECK(imm(0x37, ~0ull, -1) == 1);
    CHECK(imm(0x37, 0xffffffff, -1) == 0);
    CHECK(imm(0x34, 0x1ffffffff, -1) == 1);
    CHECK(imm(0x94, 0xfffffffe, -1) == 0xfffffffe);
}

TEST_CASE("32-bit operations clear the high half") {
    const uint64_t high = 0xffffffff00000000;
    for (uint8_t op : {0x04, 0x14, 0x24, 0x44, 0x64, 0x74, 0x84, 0xa4, 0xb4, 0xc4}) {
        CAPTURE(int{op});
        CHECK(imm(op, high | 5, op == 0x84 ? 0 : 1) >> 32 == 0);
    }
    CHECK(imm(0x54, ~0ull, -1) == 0xffffffff);
}

TEST_CASE("immediates are sign-extended to 64 bits") {
    CHECK(imm(0x07, 0, -1) == ~0ull);
    CHECK(imm(0x17, 0, INT32_MIN) == kMinimum32);
    CHECK(imm(0x47, 0, -2) == ~1ull);
    CHECK(imm(0x57, ~0ull, -2) == ~1ull);
    CHECK(imm(0xa7, 0, -1) == ~0ull);
    CHECK(imm(0xb7, 0, -7) == static_cast<uint64_t>(-7));
    CHECK(imm(0xb4, 0, -7) == 0xfffffff9);
    CHECK(imm(0x27, 3, -2) == static_cast<uint64_t>(-6));
}

TEST_CASE("shifts use the low bits of their count") {
    for (uint32_t count : {0u, 1u, 31u, 32u, 33u, 63u, 64u, 65u, 0xffffffffu}) {
        CAPTURE(count);
        const uint64_t value = 0x8123456789abcdef;
        CHECK(reg(0x6f, value, count) == value << (count & 63));
        CHECK(reg(0x7f, value, count) == value >> (count & 63));
        CHECK(reg(0xcf, value, count) == static_cast<uint64_t>(static_cast<int64_t>(value) >> (count & 63)));
        const uint32_t low = static_cast<uint32_t>(value);
        CHECK(reg(0x6c, value, count) == low << (count & 31));
        CHECK(reg(0x7c, value, count) == low >> (count & 31));
        CHECK(reg(0xcc, value, count) == static_cast<uint32_t>(static_cast<int32_t>(low) >> (count & 31)));
        CHECK(imm(0x67, value, static_cast<int32_t>(count)) == value << (count & 63));
        CHECK(imm(0xc4, value, static_cast<int32_t>(count)) ==
              static_cast<uint32_t>(static_cast<int32_t>(low) >> (count & 31)));
    }
}

TEST_CASE("negation covers both widths and the edges") {
    CHECK(imm(0x87, 1, 0) == ~0ull);
    CHECK(imm(0x87, kMinimum64, 0) == kMinimum64);
    CHECK(imm(0x87, 0x100000000, 0) == 0xffffffff00000000);
    CHECK(imm(0x84, 1, 0) == 0xffffffff);
    CHECK(imm(0x84, 0xffffffff00000000, 0) == 0);
}

TEST_CASE("64-bit sums, differences and products carry between the halves") {
    CHECK(reg(0x0f, 0xffffffff, 1) == 0x100000000);
    CHECK(reg(0x1f, 0x100000000, 1) == 0xffffffff);
    CHECK(reg(0x2f, 0x123456789abcdef0, 0xfedcba9876543210) == 0x123456789abcdef0 * 0xfedcba9876543210);
    CHECK(reg(0x2c, 0x123456789abcdef0, 0xfedcba9876543210) == 0x9abcdef0u * 0x76543210u);
}

TEST_CASE("moves extend the sign from 8, 16 and 32 bits") {
    CHECK(reg(0xbf, 0, 0x1234567880ull, 8) == 0xffffffffffffff80);
    CHECK(reg(0xbf, 0, 0x7f, 8) == 0x7f);
    CHECK(reg(0xbf, 0, 0x128000, 16) == 0xffffffffffff8000);
    CHECK(reg(0xbf, 0, 0x180000000, 32) == 0xffffffff80000000);
    CHECK(reg(0xbf, 0, 0x123456789abcdef0) == 0x123456789abcdef0);
    CHECK(reg(0xbc, ~0ull, 0x1234567880ull, 8) == 0xffffff80);
    CHECK(reg(0xbc, ~0ull, 0x12348000, 16) == 0xffff8000);
    CHECK(reg(0xbc, ~0ull, 0x9abcdef012345678) == 0x12345678);
}

TEST_CASE("byte swaps come to little end, big end and unconditionally") {
    const uint64_t value = 0x0123456789abcdef;
    CHECK(imm(0xd4, value, 16) == 0xcdef);
    CHECK(imm(0xd4, value, 32) == 0x89abcdef);
    CHECK(imm(0xd4, value, 64) == value);
    for (uint8_t op : {0xdc, 0xd7}) {
        CHECK(imm(op, value, 16) == 0xefcd);
        CHECK(imm(op, value, 32) == 0xefcdab89);
        CHECK(imm(op, value, 64) == 0xefcdab8967452301);
    }
}

TEST_CASE("loads extend the sign where they say so") {
    // r10-8 = 0x…80808080
    const auto load = [](uint8_t op) {
        Machine machine({{0x7a, 10, 0, -8, static_cast<int32_t>(0x80808080)}, {op, 0, 10, -8, 0}, exitInsn()});
        REQUIRE(machine.runAll() == RBPF_HALT_EXITED);
        return machine.result();
    };
    CHECK(load(0x71) == 0x80);
    CHECK(load(0x69) == 0x8080);
    CHECK(load(0x61) == 0x80808080);
    CHECK(load(0x79) == 0xffffffff80808080);
    CHECK(load(0x91) == 0xffffffffffffff80);
    CHECK(load(0x89) == 0xffffffffffff8080);
    CHECK(load(0x81) == 0xffffffff80808080);
}

TEST_CASE("comparisons agree with C in both widths and both signs") {
    const uint64_t numbers[] = {0,           1,           0x7fffffff, kMinimum32, 0xffffffff,
                                0x100000000, 0x17fffffff, kMinimum64, ~0ull,      0xffffffff00000000};
    for (uint64_t a : numbers)
        for (uint64_t b : numbers) {
            CAPTURE(a, b);
            const auto check = [&](uint8_t cls, auto x, auto y, auto signedX, auto signedY) {
                const auto op = [&](int code) { return static_cast<uint8_t>(code << 4 | 8 | cls); };
                CHECK(jumps(op(1), a, b) == (x == y));
                CHECK(jumps(op(2), a, b) == (x > y));
                CHECK(jumps(op(3), a, b) == (x >= y));
                CHECK(jumps(op(4), a, b) == ((x & y) != 0));
                CHECK(jumps(op(5), a, b) == (x != y));
                CHECK(jumps(op(6), a, b) == (signedX > signedY));
                CHECK(jumps(op(7), a, b) == (signedX >= signedY));
                CHECK(jumps(op(10), a, b) == (x < y));
                CHECK(jumps(op(11), a, b) == (x <= y));
                CHECK(jumps(op(12), a, b) == (signedX < signedY));
                CHECK(jumps(op(13), a, b) == (signedX <= signedY));
            };
            const uint32_t lowA = static_cast<uint32_t>(a), lowB = static_cast<uint32_t>(b);
            check(5, a, b, static_cast<int64_t>(a), static_cast<int64_t>(b));
            check(6, lowA, lowB, static_cast<int32_t>(lowA), static_cast<int32_t>(lowB));
        }
}

TEST_CASE("comparisons sign-extend their immediate in 64 bits") {
    const auto jumpsImm = [](uint8_t op, uint64_t a, int32_t b) {
        Machine machine(join({lddw(2, a), {movImm(0, 1), {op, 2, 0, 1, b}, movImm(0, 0), exitInsn()}}));
        REQUIRE(machine.runAll() == RBPF_HALT_EXITED);
        return machine.result() != 0;
    };
    CHECK(jumpsImm(0x15, ~0ull, -1));
    CHECK_FALSE(jumpsImm(0x15, 0xffffffff, -1));
    CHECK(jumpsImm(0x16, 0x1ffffffff, -1));
    CHECK(jumpsImm(0x65, 0, -1));
    CHECK_FALSE(jumpsImm(0x25, 0, -1));
    CHECK(jumpsImm(0x45, kMinimum64, INT32_MIN));
    CHECK_FALSE(jumpsImm(0x46, kMinimum64, INT32_MIN));
}

TEST_CASE("a long jump takes its distance from the immediate, both ways") {
    Machine machine({{0x06, 0, 0, 0, 2}, movImm(0, 1), exitInsn(), {0x06, 0, 0, 0, -3}});
    CHECK(machine.runAll() == RBPF_HALT_EXITED);
    CHECK(machine.result() == 1);
    CHECK(machine.container.instructions == 4);
}

namespace {

struct AtomicResult {
    uint64_t memory, source, r0;
};

/// An atomic of `op` on memory `a` with r1 = b and r0 = r0.
AtomicResult atomic(uint8_t opcode, int32_t op, uint64_t a, uint64_t b, uint64_t r0 = 0x1111111122222222) {
    Machine machine(join({lddw(2, a),
                          {{0x7b, 10, 2, -8, 0}},
                          lddw(1, b),
                          lddw(0, r0),
                          {{opcode, 10, 1, -8, op}, {0x79, 2, 10, -8, 0}, exitInsn()}}));
    REQUIRE(machine.verified == RBPF_STATUS_OK);
    REQUIRE(machine.runAll() == RBPF_HALT_EXITED);
    return {machine.container.reg[2], machine.container.reg[1], machine.container.reg[0]};
}

} // namespace

TEST_CASE("atomics combine, and fetch the old value where they say so") {
    const uint64_t a = 0xf0f0f0f0ccccccccull, b = 0x123456783333ffffull, r0 = 0x1111111122222222;
    const uint64_t upper = a & 0xffffffff00000000;
    const auto low = [](uint64_t value) { return value & 0xffffffff; };
    const struct {
        int32_t op;
        uint64_t result;
    } rows[] = {{0x00, a + b}, {0x40, a | b}, {0x50, a & b}, {0xa0, a ^ b}};
    for (const auto& row : rows) {
        CAPTURE(row.op);
        CHECK(atomic(0xdb, row.op, a, b).memory == row.result);
        CHECK(atomic(0xdb, row.op, a, b).source == b);
        CHECK(atomic(0xdb, row.op | 1, a, b).memory == row.result);
        CHECK(atomic(0xdb, row.op | 1, a, b).source == a);
        CHECK(atomic(0xc3, row.op, a, b).memory == (upper | low(row.result)));
        CHECK(atomic(0xc3, row.op, a, b).source == b);
        CHECK(atomic(0xc3, row.op | 1, a, b).memory == (upper | low(row.result)));
        CHECK(atomic(0xc3, row.op | 1, a, b).source == low(a));
        CHECK(atomic(0xdb, row.op | 1, a, b).r0 == r0);
    }
    CHECK(atomic(0xdb, 0xe1, a, b).memory == b);
    CHECK(atomic(0xdb, 0xe1, a, b).source == a);
    CHECK(atomic(0xc3, 0xe1, a, b).memory == (upper | low(b)));
    CHECK(atomic(0xc3, 0xe1, a, b).source == low(a));
}

TEST_CASE("compare-and-exchange stores on equality and always loads r0") {
    const uint64_t a = 0xf0f0f0f0cccccccc, b = 0x1234567833333333;
    CHECK(atomic(0xdb, 0xf1, a, b, a).memory == b);
    CHECK(atomic(0xdb, 0xf1, a, b, a).r0 == a);
    CHECK(atomic(0xdb, 0xf1, a, b, 1).memory == a);
    CHECK(atomic(0xdb, 0xf1, a, b, 1).r0 == a);
    CHECK(atomic(0xdb, 0xf1, a, b, a).source == b);
    // 32 bits: the high half of r0 plays no part in the comparison and is cleared.
    CHECK(atomic(0xc3, 0xf1, a, b, 0xffffffffcccccccc).memory == 0xf0f0f0f033333333);
    CHECK(atomic(0xc3, 0xf1, a, b, 0xffffffffcccccccc).r0 == 0xcccccccc);
    CHECK(atomic(0xc3, 0xf1, a, b, 1).memory == a);
    CHECK(atomic(0xc3, 0xf1, a, b, 1).r0 == 0xcccccccc);
}

TEST_CASE("an operand may be its own destination") {
    CHECK(reg(0x0f, 5, 0) == 5);
    Machine machine({movImm(0, 5), {0x0f, 0, 0, 0, 0}, {0x2f, 0, 0, 0, 0}, {0x1f, 0, 0, 0, 0}, exitInsn()});
    CHECK(machine.runAll() == RBPF_HALT_EXITED);
    CHECK(machine.result() == 0);
    CHECK(atomic(0xdb, 0x01, 3, 4).memory == 7);
}
