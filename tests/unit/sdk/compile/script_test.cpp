// SPDX-License-Identifier: GPL-3.0-or-later
#include <fstream>

#include <catch2/catch.hpp>

#include "tests/paths.hpp"
#include "tests/unit/sdk/compile/script.hpp"

using namespace rbpf;
using compile::Optimise;

namespace {

constexpr const char* kMixed =
    "__attribute__((noinline)) static long work(long a, long b) { long s = 0;\n"
    "    for (long i = 0; i < a; ++i) { s += i % b == 1 ? i * b : -i; } return s; }\n"
    "long entry(unsigned char *v) { long r[4]; for (int i = 0; i < 4; ++i) r[i] = work(v[0] + i, v[1]);\n"
    "    return r[0] + 3 * r[1] - r[2] * r[3]; }";

std::int64_t work(std::int64_t a, std::int64_t b) {
    std::int64_t s = 0;
    for (std::int64_t i = 0; i < a; ++i) {
        s += i % b == 1 ? i * b : -i;
    }
    return s;
}

} // namespace

TEST_CASE("The result is the same however a script is optimised") {
    const std::int64_t expected = work(20, 7) + 3 * work(21, 7) - work(22, 7) * work(23, 7);
    for (const Optimise optimise : {Optimise::Size, Optimise::Speed, Optimise::Debug}) {
        test::Sources sources;
        sources.files["a.c"] = kMixed;
        sources.optimise = optimise;
        CHECK(test::resultOf(sources, {20, 7}) == expected);
    }
}

TEST_CASE("A script compiles to the same bytes every time") {
    const test::Linked first = test::build(kMixed);
    const test::Linked second = test::build(kMixed);
    CHECK(first.output.image == second.output.image);
    CHECK(first.output.debugElf == second.output.debugElf);
}

TEST_CASE("A project that has moved compiles to the same bytes") {
    const auto build = [](const std::string& dir) {
        compile::Request request;
        request.projectDir = dir;
        request.sources = {dir + "/src/a.c"};
        request.unsaved[dir + "/src/a.c"] = kMixed;
        return compile::compile(request)->object;
    };
    const std::vector<std::uint8_t> here = build("/here");
    CHECK_FALSE(here.empty());
    CHECK(here == build("/somewhere/else"));
}

TEST_CASE("Listing 1 of the paper is smaller than rBPF's 296 bytes of text") {
    std::ifstream file(test::sourceDir() + "/templates/coap-sensor/src/coap_sensor.c");
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    REQUIRE_FALSE(text.empty());
    CHECK(test::build(text).instructions() * 8 < 296);
}

TEST_CASE("Bindings chosen by a condition stay plain calls") {
    const test::Linked script =
        test::build("static int (*const on)(int) = (void *)0x20;\nstatic int (*off)(int) = (void *)0x21;\n"
                    "int entry(unsigned char *v) { return v[0] ? on(v[1]) : off(v[1]); }");
    CHECK(test::run(script.output.image, {1, 5}).bindings == std::vector<std::uint32_t>{0x20});
    CHECK(test::run(script.output.image, {0, 5}).bindings == std::vector<std::uint32_t>{0x21});
}

TEST_CASE("Signed division, shifts and widths are as in C") {
    CHECK(
        test::resultOf(
            "#include <stdint.h>\nlong entry(int8_t *v) { int8_t a = v[0]; int16_t b = (int16_t)(a * 300); uint8_t u = "
            "(uint8_t)a;\n"
            "    return (a / 3) * 1000000 + (a % 4) * 10000 + (b >> 4) + (u >> 1) + (int64_t)(uint32_t)a / 1000000; }",
            {static_cast<std::uint8_t>(-7)}) ==
        (-7 / 3) * 1000000 + (-7 % 4) * 10000 + (-2100 >> 4) + (249 >> 1) + std::int64_t{4294967289} / 1000000);
}
