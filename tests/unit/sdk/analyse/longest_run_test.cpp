// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/analyse/lines.hpp"
#include "sdk/analyse/longest_run.hpp"
#include "tests/unit/sdk/image/image_builder.hpp"

using namespace rbpf::testing;
using namespace rbpf;

namespace {

constexpr std::uint8_t kMov = 0xb7, kJumpIfZero = 0x15, kGoto = 0x05, kCall = 0x85, kExit = 0x95;

std::optional<std::uint64_t> longest(std::vector<std::uint8_t> text) {
    TestImage made;
    made.text = std::move(text);
    return analyse::longestRun(image::read(made.build()).value(), 0);
}

} // namespace

TEST_CASE("the longer side of a branch counts") {
    CHECK(longest(join({insn(kJumpIfZero, 1, 0, 2), insn(kMov, 0), insn(kMov, 0), insn(kExit)})) == 4u);
    CHECK(longest(join({insn(kGoto, 0, 0, 1), insn(kMov, 0), insn(kExit)})) == 2u);
}

TEST_CASE("a local call takes what its function takes, each time") {
    CHECK(longest(join({insn(kCall, 0, 1, 0, 2), insn(kCall, 0, 1, 0, 1), insn(kExit), insn(kMov, 0), insn(kExit)})) ==
          3u + 2u + 2u);
}

TEST_CASE("a loop or a recursion has no longest run") {
    CHECK(!longest(join({insn(kMov, 0), insn(kJumpIfZero, 1, 0, -2), insn(kExit)})));
    CHECK(!longest(join({insn(kGoto, 0, 0, -1), insn(kExit)})));
    CHECK(!longest(join({insn(kCall, 0, 1, 0, -1), insn(kExit)})));
}

TEST_CASE("ways that meet again are no loop") {
    // Twenty branches in a row: a million ways, each slot followed once.
    std::vector<std::vector<std::uint8_t>> parts;
    for (int number = 0; number < 20; ++number) {
        parts.push_back(insn(kJumpIfZero, 1, 0, 1));
        parts.push_back(insn(kMov, 0));
    }
    parts.push_back(insn(kExit));
    std::vector<std::uint8_t> text;
    for (const auto& part : parts) {
        text.insert(text.end(), part.begin(), part.end());
    }
    CHECK(longest(text) == 41u);
}

TEST_CASE("code that runs out of the text has no longest run") {
    CHECK(!longest(join({insn(kMov, 0), insn(kGoto, 0, 0, 100)})));
}

TEST_CASE("bytes go to the lines that they come from, function by function") {
    analyse::SizeReport report;
    report.functions = {{"first", "a.c", 1, 0, 24, 3, 0, 0}, {"second", "a.c", 9, 24, 8, 1, 0, 0}};
    analyse::addLines(report, {{0, 8, "a.c", 2}, {8, 16, "b.h", 2}, {24, 8, "a.c", 2}, {32, 8, "a.c", 3}});
    REQUIRE(report.functions[0].lines.size() == 2);
    CHECK(report.functions[0].lines[0].file == "a.c");
    CHECK(report.functions[0].lines[1].bytes == 16);
    CHECK(report.functions[0].lines[1].instructions == 1);
    REQUIRE(report.functions[1].lines.size() == 1);
    CHECK(report.functions[1].lines[0].bytes == 8);
    analyse::addLines(report, {{0, 8, "", 0}});
    CHECK(report.functions[0].lines.empty());
}
