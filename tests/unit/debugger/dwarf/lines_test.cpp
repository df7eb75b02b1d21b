// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <random>

#include <catch2/catch.hpp>

#include "debugger/dwarf/lines.hpp"
#include "tests/unit/sdk/compile/script.hpp"

using namespace rbpf;

namespace {

constexpr const char* kScript = "static int (*const tick)(long) = (void *)0x20;\n"
                                "static inline int twice(int a) {\n"
                                "    return tick(a) * 2;\n"
                                "}\n"
                                "__attribute__((noinline)) static int other(int a) {\n"
                                "    return tick(0x123456789abcdefL) + a;\n"
                                "}\n"
                                "int entry(int *v) {\n"
                                "    int r = twice(v[0]);\n"
                                "    r += other(v[1]);\n"
                                "    return r + other(r);\n"
                                "}\n";

} // namespace

TEST_CASE("Every instruction has its source line, inlined functions their own") {
    const test::Linked script = test::build(kScript);
    const support::Result<std::vector<dwarf::SourceLine>> lines = dwarf::readLines(script.output.debugElf);
    REQUIRE(lines);
    REQUIRE(lines->size() == script.instructions());
    const auto has = [&](unsigned line, const std::string& function) {
        return std::any_of(lines->begin(), lines->end(), [&](const dwarf::SourceLine& at) {
            return at.line == line && at.function == function && at.file == "/script/a.c";
        });
    };
    CHECK(has(3, "twice"));
    CHECK(has(6, "other"));
    CHECK(has(10, "entry"));
    for (const dwarf::SourceLine& line : *lines) {
        CHECK(line.line != 0);
    }
}

TEST_CASE("The second slot of a wide instruction has the line of the first") {
    const test::Linked script = test::build(kScript);
    const std::vector<dwarf::SourceLine> lines = *dwarf::readLines(script.output.debugElf);
    const std::uint32_t header = script.output.image[6] + 256U * script.output.image[7];
    bool seen = false;
    for (std::size_t slot = 0; slot < lines.size(); ++slot) {
        if (script.output.image[header + 8 * slot] == 0x18) {
            CHECK(lines[slot].line == lines[slot + 1].line);
            seen = true;
        }
    }
    CHECK(seen);
}

TEST_CASE("Bytes that are no debug ELF are an error, broken ones no crash") {
    CHECK_FALSE(dwarf::readLines({}));
    CHECK_FALSE(dwarf::readLines({1, 2, 3}));
    const std::vector<std::uint8_t> elf = test::build(kScript).output.debugElf;
    std::mt19937 random(1);
    for (int round = 0; round < 400; ++round) {
        std::vector<std::uint8_t> broken = elf;
        for (int flip = 0; flip < 3; ++flip) {
            broken[random() % broken.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
        }
        if (round % 5 == 0) {
            broken.resize(random() % broken.size());
        }
        (void)dwarf::readLines(broken);
    }
}
