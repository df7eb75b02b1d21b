// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/unit/sdk/compile/script.hpp"

using namespace rbpf;
using test::build;
using test::resultOf;
using test::run;

namespace {

std::vector<std::uint8_t> counting(std::size_t size) {
    std::vector<std::uint8_t> bytes(size);
    for (std::size_t i = 0; i < size; ++i) {
        bytes[i] = static_cast<std::uint8_t>(i * 7 + 1);
    }
    return bytes;
}

} // namespace

TEST_CASE("A struct copy of 200 bytes is one call of the memcpy binding") {
    const test::Linked script = build("struct s { unsigned char b[200]; };\n"
                                      "int entry(struct s *v) { v[1] = v[0]; return 0; }");
    CHECK(script.instructions() < 10);
    const test::Ran ran = run(script.output.image, counting(400));
    REQUIRE(ran.halt == RBPF_HALT_EXITED);
    CHECK(ran.bindings == std::vector<std::uint32_t>{2});
    const std::vector<std::uint8_t> expected = counting(200);
    CHECK(std::equal(expected.begin(), expected.end(), ran.context.begin() + 200));
}

TEST_CASE("Copies of every small size of bytes with alignment 1 are right and small") {
    for (std::size_t size = 1; size <= 40; ++size) {
        const test::Linked script = build("struct s { unsigned char b[" + std::to_string(size) + "]; };\n" +
                                          "int entry(struct s *v) { v[1] = v[0]; return 0; }");
        INFO(size << " bytes");
        CHECK(script.instructions() <= 9);
        std::vector<std::uint8_t> context = counting(2 * size + 1);
        const test::Ran ran = run(script.output.image, context);
        REQUIRE(ran.halt == RBPF_HALT_EXITED);
        std::copy_n(context.begin(), size, context.begin() + static_cast<std::ptrdiff_t>(size));
        CHECK(ran.context == context);
    }
}

TEST_CASE("memmove of overlapping bytes is right at every small size") {
    for (std::size_t size = 1; size <= 24; ++size) {
        const std::string n = std::to_string(size);
        const test::Linked script = build("#include <string.h>\nint entry(char *v) { memmove(v + 3, v, " + n +
                                          "); memmove(v + 30, v + 32, " + n + "); return 0; }");
        INFO(size << " bytes");
        std::vector<std::uint8_t> context = counting(64);
        const test::Ran ran = run(script.output.image, context);
        REQUIRE(ran.halt == RBPF_HALT_EXITED);
        std::copy_backward(context.begin(), context.begin() + static_cast<std::ptrdiff_t>(size),
                           context.begin() + 3 + static_cast<std::ptrdiff_t>(size));
        std::copy_n(context.begin() + 32, size, context.begin() + 30);
        CHECK(ran.context == context);
    }
}

TEST_CASE("memset of every small size with constant and unknown bytes is right") {
    for (std::size_t size = 1; size <= 40; ++size) {
        const std::string n = std::to_string(size);
        const test::Linked script =
            build("#include <string.h>\nint entry(unsigned char *v) { memset(v + 1, v[0], " + n +
                  "); memset(v + 50, 0, " + n + "); memset(v + 100, 0xa5, " + n + "); return 0; }");
        INFO(size << " bytes");
        std::vector<std::uint8_t> context = counting(150);
        const test::Ran ran = run(script.output.image, context);
        REQUIRE(ran.halt == RBPF_HALT_EXITED);
        std::fill_n(context.begin() + 1, size, context[0]);
        std::fill_n(context.begin() + 50, size, 0);
        std::fill_n(context.begin() + 100, size, 0xa5);
        CHECK(ran.context == context);
    }
}

TEST_CASE("Clearing a small struct is stores, clearing a large one a call") {
    CHECK(build("#include <string.h>\nint entry(char *v) { memset(v, 0, 16); return 0; }").instructions() <= 4);
    CHECK(build("#include <string.h>\nint entry(char *v) { memset(v, 0, 400); return 0; }").instructions() <= 16);
}

TEST_CASE("Lengths known only when the script runs work") {
    const std::string text = "#include <string.h>\n"
                             "int entry(unsigned char *v) { memcpy(v + 8, v + 1, v[0]); memset(v + 20, 9, v[0]); "
                             "return v[10] * 256 + v[22]; }";
    std::vector<std::uint8_t> context = counting(32);
    context[0] = 3;
    CHECK(resultOf(text, context) == context[3] * 256 + 9);
}

TEST_CASE("A constant array on the stack is stores without a copy in rodata") {
    const test::Linked script = build("static int (*const use)(const void *) = (void *)3;\n"
                                      "int entry(void) { const int t[4] = {1, 2, 3, 4}; use(t); return t[0]; }");
    CHECK(script.instructions() <= 10);
    CHECK(script.output.image.size() < 56 + 8 + 40 + 8 * script.instructions());
}

TEST_CASE("Unaligned fields are read and written in one instruction") {
    const test::Linked script =
        build("struct __attribute__((packed)) p { char a; unsigned long b; unsigned c; short d; };\n"
              "long entry(struct p *v) { v->d = 0x1234; return v->b + v->c; }");
    CHECK(script.instructions() <= 6);
    std::vector<std::uint8_t> context(15, 0);
    context[1] = 5;
    context[9] = 6;
    const test::Ran ran = run(script.output.image, context);
    CHECK(ran.result == 11);
    CHECK(ran.context[13] == 0x34);
    CHECK(ran.context[14] == 0x12);
}

TEST_CASE("Neighbouring bytes are stored together") {
    CHECK(build("int entry(char *v) { v[0] = 1; v[1] = 2; v[2] = 3; v[3] = 4; return 0; }").instructions() <= 3);
}

TEST_CASE("Volatile accesses are neither joined nor dropped") {
    CHECK(build("int entry(volatile char *v) { v[0] = 1; v[0] = 1; v[1] = 2; return 0; }").instructions() == 5);
}

TEST_CASE("A trap faults and an overflowing multiplication is told") {
    const std::string text = "int entry(unsigned long *v) { long r; if (__builtin_smull_overflow((long)v[0], "
                             "(long)v[1], &r)) __builtin_trap();\n"
                             "    unsigned long u; return __builtin_umull_overflow(v[0], v[1], &u) ? 100 : (int)r; }";
    const test::Linked script = build(text);
    const auto with = [&](std::int64_t a, std::int64_t b) {
        std::vector<std::uint8_t> context(16);
        for (unsigned i = 0; i < 8; ++i) {
            context[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(a) >> (8 * i));
            context[8 + i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(b) >> (8 * i));
        }
        return run(script.output.image, context);
    };
    CHECK(with(6, 7).result == 42);
    CHECK(with(0, 7).result == 0);
    CHECK(with(-1, 7).result == 100); // as unsigned numbers they overflow
    CHECK(with(INT64_MAX, 2).fault.status == RBPF_STATUS_WRITE_FAULT);
    CHECK(with(-1, INT64_MIN).fault.status == RBPF_STATUS_WRITE_FAULT);
    CHECK(with(INT64_MIN, -1).fault.status == RBPF_STATUS_WRITE_FAULT);
}

TEST_CASE("Atomics of every width work") {
    CHECK(resultOf("#include <stdatomic.h>\n#include <stdint.h>\n"
                   "static _Atomic uint8_t a; static _Atomic uint16_t b; static _Atomic uint32_t c; static _Atomic "
                   "uint64_t d;\n"
                   "int entry(unsigned char *v) {\n"
                   "    a += v[0]; b |= 0x100; c -= v[0]; d ^= 3; atomic_fetch_add(&d, 4);\n"
                   "    uint32_t expected = (uint32_t)-5; atomic_compare_exchange_strong(&c, &expected, 9);\n"
                   "    return a + b + (int)c + (int)atomic_load(&d); }",
                   {5}) == 5 + 0x100 + 9 + 7);
}
