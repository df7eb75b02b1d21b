// SPDX-License-Identifier: GPL-3.0-or-later
// Loops as people write them, through the real compiler and linker: what is proven is what the VM counts at most.
#include <catch2/catch.hpp>

#include <cstring>

#include "sdk/analyse/worst_case.hpp"
#include "tests/unit/sdk/compile/script.hpp"

using namespace rbpf;

namespace {

constexpr const char* kHead = "#include <stdint.h>\n"
                              "typedef struct { uint32_t n, m; uint8_t bytes[24]; } context_t;\n"
                              "#define KEEP(x) __asm__ volatile(\"\" : \"+r\"(x))\n";

/// Contexts that take every n and m up to 40, extremes, and bytes that look like anything.
std::vector<std::vector<std::uint8_t>> contexts() {
    std::vector<std::vector<std::uint8_t>> all;
    const std::uint32_t extremes[] = {0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffff8, 0xfffffffe, 0xffffffff, 0x55555555};
    const auto add = [&](std::uint32_t n, std::uint32_t m, std::uint8_t byte) {
        std::vector<std::uint8_t> context(32, byte);
        std::memcpy(context.data(), &n, 4);
        std::memcpy(context.data() + 4, &m, 4);
        all.push_back(std::move(context));
    };
    for (std::uint32_t n = 0; n <= 40; ++n) {
        for (std::uint32_t m = 0; m <= 40; m += n % 4 == 0 ? 1 : 5) {
            add(n, m, static_cast<std::uint8_t>(n));
        }
        for (const std::uint32_t extreme : extremes) {
            add(n, extreme, 0);
            add(extreme, n, 0xff);
        }
    }
    for (const std::uint32_t a : extremes) {
        for (const std::uint32_t b : extremes) {
            add(a, b, 1);
        }
    }
    add(1, 1, 0x7f);
    add(1, 1, 0x80);
    return all;
}

struct Shape {
    const char* name;
    const char* code; ///< behind kHead
};

const Shape kShapes[] = {
    {"counted up", "int f(context_t *c) { int s = 0; for (int i = 0; i < 20; i++) { KEEP(s); s += c->bytes[i]; } return s; }"},
    {"counted down", "int f(context_t *c) { int s = 0; for (int i = 19; i >= 0; i--) { KEEP(s); s += c->bytes[i]; } return s; }"},
    {"in steps of three", "int f(context_t *c) { int s = 0; for (int i = 0; i < 22; i += 3) { KEEP(s); s += c->bytes[i]; } return s; }"},
    {"nested", "int f(context_t *c) { int s = 0; for (int i = 0; i < 5; i++) for (int j = 0; j < 4; j++) { KEEP(s); s += c->bytes[i * 4 + j]; } return s; }"},
    {"triangular", "int f(context_t *c) { int s = 0; for (int i = 0; i < 7; i++) for (int j = 0; j < i; j++) { KEEP(s); s += c->bytes[i + j]; } return s; }"},
    {"left early by break", "int f(context_t *c) { int i; for (i = 0; i < 20; i++) { if (c->bytes[i] == 7) break; } return i; }"},
    {"with continue", "int f(context_t *c) { int s = 0; for (int i = 0; i < 20; i++) { KEEP(s); if (c->bytes[i] & 1) continue; s += 3; KEEP(s); } return s; }"},
    {"do and while", "int f(context_t *c) { int s = 0, i = 0; do { s += c->bytes[i]; KEEP(s); } while (++i < 13); return s; }"},
    {"shifted right", "int f(context_t *c) { int s = 0; for (uint32_t n = c->n; n != 0; n >>= 1) { s++; KEEP(s); } return s; }"},
    {"shifted by two", "int f(context_t *c) { int s = 0; for (uint32_t n = c->n; n > 0; n >>= 2) { s += n & 3; KEEP(s); } return s; }"},
    {"a scan for the lowest bit", "int f(context_t *c) { int s = 0; uint32_t n = c->n | 0x80000000; while (!(n & 1)) { n >>= 1; s++; KEEP(s); } return s; }"},
    {"a walk over a table", "static const uint8_t t[] = {3, 1, 4, 1, 5, 9, 2, 6, 5}; int f(context_t *c) { int s = c->n; for (const uint8_t *p = t; p != t + sizeof t; p++) { KEEP(p); s += *p; } return s; }"},
    {"a walk over a text", "static const char t[] = \"a sentence\"; int f(context_t *c) { int s = c->n; const char *p = t; KEEP(p); while (*p) { s += *p++; KEEP(p); } return s; }"},
    {"a walk over an array on the stack", "int f(context_t *c) { uint32_t a[6]; for (int i = 0; i < 6; i++) { a[i] = c->n + i; KEEP(i); } __asm__ volatile(\"\" ::: \"memory\"); int s = 0; uint32_t *p = a; for (; p != a + 6; p++) { KEEP(p); s += *p; } return s; }"},
    {"two counters", "int f(context_t *c) { int s = c->n; for (int i = 0, j = 20; i < j; i++, j--) { KEEP(s); s += i * j; } return s; }"},
    {"an input that is clamped", "int f(context_t *c) { uint32_t n = c->n; if (n > 24) n = 24; int s = 0; for (uint32_t i = 0; i < n; i++) { KEEP(s); s += c->bytes[i]; } return s; }"},
    {"an input that is refused", "int f(context_t *c) { uint32_t n = c->n; if (n >= 20) return -1; int s = 0; while (n--) { s += c->bytes[n]; KEEP(s); } return s; }"},
    {"an input of a byte", "int f(context_t *c) { int s = 0; for (uint8_t i = 0; i < (c->bytes[3] & 15); i++) { s++; KEEP(s); } return s; }"},
    {"a function with a loop in a loop", "__attribute__((noinline)) static int g(const uint8_t *p, int n) { int s = 0; for (int i = 0; i < n; i++) { s += p[i]; KEEP(s); } return s; } int f(context_t *c) { int s = 0; for (int i = 1; i < 6; i++) { s += g(c->bytes, i); KEEP(s); } return s; }"},
    {"a switch in a loop", "int f(context_t *c) { int s = 0; for (int i = 0; i < 9; i++) { switch (c->bytes[i]) { case 0: s += 1; KEEP(s); break; case 5: s *= 7; KEEP(s); s ^= 3; KEEP(s); break; default: s--; KEEP(s); } } return s; }"},
    {"an unsigned counter that wraps", "int f(context_t *c) { int s = c->n; for (uint8_t i = 250; i != 5; i++) { KEEP(s); s += i; } return s; }"},
    {"a 64-bit counter", "int f(context_t *c) { int s = 0; for (uint64_t i = 0x100000000; i < 0x10000000b; i++) { KEEP(i); s += c->bytes[i & 7]; } return s; }"},
    {"signed comparison", "int f(context_t *c) { int s = 0; for (int i = -9; i < 6; i += 2) { KEEP(i); s += c->bytes[0]; } return s; }"},
    {"decimal digits", "int f(context_t *c) { int s = 0; uint32_t n = c->n; do { s++; KEEP(s); n /= 10; } while (n); return s; }"},
    {"a signed input between bounds", "int f(context_t *c) { int n = (int)c->n; if (n < -8 || n > 8) return 0; int s = 0; for (int i = n; i < 10; i++) { s += i; KEEP(s); } return s; }"},
    {"an input of one to three", "int f(context_t *c) { uint32_t n = c->n; if (n == 0 || n > 3) return -1; int s = 0; for (uint32_t i = 0; i < n; i++) { s += c->bytes[i]; KEEP(s); } return s; }"},
    {"a scale that is divided or multiplied by", "int f(context_t *c) { int s = c->m; for (int i = (int8_t)c->bytes[0]; i > -1; i--) { s *= 10; KEEP(s); } return s; }"},
    {"two loops, one behind the other", "int f(context_t *c) { int s = 0; for (int i = 0; i < 6; i++) { s += c->bytes[i]; KEEP(s); } for (int i = 0; i < 9; i++) { s ^= c->bytes[i]; KEEP(s); } return s; }"},
};

image::Image imageOf(const std::string& code, std::uint32_t& entry) {
    test::Sources sources;
    sources.files["a.c"] = kHead + code;
    const auto image = image::read(test::build(sources).output.image).value();
    entry = image.entries.at(0).insnIndex;
    return image;
}

} // namespace

TEST_CASE("what is proven of a loop is what the VM counts at most") {
    const auto inputs = contexts();
    REQUIRE(std::size(kShapes) >= 20);
    for (const Shape& shape : kShapes) {
        std::uint32_t entry = 0;
        const image::Image image = imageOf(shape.code, entry);
        const analyse::WorstCase worst = analyse::worstCase(image, entry);
        INFO(shape.name << ": " << worst.because);
        CHECK(worst.kind == analyse::WorstCase::Kind::Proven);
        CHECK(!worst.loops.empty());
        std::uint64_t most = 0;
        for (const auto& context : inputs) {
            const test::Ran ran = test::run(image.bytes, context);
            REQUIRE(ran.halt == RBPF_HALT_EXITED);
            most = std::max(most, ran.instructions);
        }
        CHECK(worst.instructions == most);
    }
}

TEST_CASE("a loop whose end cannot be proven is named, with what it waits for") {
    struct Open {
        const char* name;
        const char* code;
        const char* because;
    };
    const Open kOpen[] = {
        // This one ends; proving it takes relations between numbers, which are not followed.
        {"triangular below an input", "int f(context_t *c) { uint32_t n = c->n & 7; int s = 0; for (uint32_t i = 0; i < n; i++) for (uint32_t j = i; j < n; j++) { s++; KEEP(s); } return s; }", "its end depends on r"},
        {"gcd", "uint32_t f(context_t *c) { uint32_t a = c->n, b = c->m; while (b) { uint32_t t = a % b; a = b; b = t; } return a; }", "its end depends on r"},
        {"collatz", "int f(context_t *c) { uint32_t n = c->n; int s = 0; while (n > 1) { n = n & 1 ? 3 * n + 1 : n / 2; s++; } return s; }", "its end depends on r"},
        {"waiting", "static uint32_t (*now)(void) = (void *)0x20; int f(context_t *c) { uint32_t t = now(); while (now() - t < 100) {} return 0; }", "comes from bpf_now_ms at instruction"},
        {"a chase", "struct node { struct node *next; }; int f(struct node *c) { int s = 0; while (c) { c = c->next; s++; KEEP(s); } return s; }", "read from"},
        {"as often as the context says", "int f(context_t *c) { int s = 0; for (uint32_t i = 0; i < c->n; i++) { s++; KEEP(s); } return s; }", "read from the context at instruction"},
    };
    for (const Open& open : kOpen) {
        std::uint32_t entry = 0;
        const image::Image image = imageOf(open.code, entry);
        const analyse::WorstCase worst = analyse::worstCase(image, entry);
        INFO(open.name << ": " << worst.because);
        CHECK(worst.kind == analyse::WorstCase::Kind::Unbounded);
        CHECK_THAT(worst.because, Catch::Contains(open.because));
        CHECK_THAT(worst.formula, Catch::Contains("× turns of the loop at instruction"));
    }
}

TEST_CASE("a limit by the user is proven, refuted or taken as said") {
    // The places stand for the source: every instruction is a line of its own.
    const auto limited = [](const std::string& code, std::uint64_t turns) {
        std::uint32_t entry = 0;
        const image::Image image = imageOf(code, entry);
        analyse::CostOptions options;
        for (std::uint32_t slot = 0; slot < image.textBytes / 8; ++slot) {
            options.places.push_back({"/script/a.c", slot + 1});
        }
        const analyse::WorstCase without = analyse::worstCase(image, entry, options);
        REQUIRE(without.loops.size() == 1);
        options.limits.push_back({"a.c", without.loops[0].line, turns});
        return std::pair(analyse::worstCase(image, entry, options), image);
    };
    const std::string counted = "int f(context_t *c) { int s = 0; for (int i = 0; i < 20; i++) { KEEP(s); s += c->bytes[i]; } return s; }";
    const std::string open = "int f(context_t *c) { int s = 0; for (uint32_t i = 0; i < c->n; i++) { s++; KEEP(s); } return s; }";

    CHECK(limited(counted, 20).first.kind == analyse::WorstCase::Kind::Proven);
    CHECK(limited(counted, 20).first.refuted.empty());
    const analyse::WorstCase refuted = limited(counted, 19).first;
    CHECK(refuted.kind == analyse::WorstCase::Kind::Proven);
    REQUIRE(refuted.refuted.size() == 1);
    CHECK_THAT(refuted.refuted[0].sentence, Catch::Contains("is said to take at most 19 turns, but takes 20"));

    for (const std::uint32_t turns : {0u, 1u, 30u, 1000000u}) {
        const auto [assumed, image] = limited(open, turns);
        CHECK(assumed.kind == analyse::WorstCase::Kind::Assumed);
        REQUIRE(assumed.loops.size() == 1);
        CHECK(assumed.loops[0].isAssumed);
        CHECK(assumed.loops[0].turns == turns);
        CHECK_THAT(assumed.because, Catch::Contains("as it is said to"));
        if (turns <= 1000) {
            std::vector<std::uint8_t> context(32);
            std::memcpy(context.data(), &turns, 4);
            CHECK(test::run(image.bytes, context).instructions == assumed.instructions);
        }
    }
}
