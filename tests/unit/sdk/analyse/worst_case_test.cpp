// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/analyse/lines.hpp"
#include "sdk/analyse/worst_case.hpp"
#include "tests/unit/sdk/image/image_builder.hpp"

using namespace rbpf::testing;
using namespace rbpf;

namespace {

constexpr std::uint8_t kMov = 0xb7, kJumpIfZero = 0x15, kGoto = 0x05, kCall = 0x85, kExit = 0x95;

analyse::WorstCase worstOf(std::vector<std::uint8_t> text) {
    TestImage made;
    made.text = std::move(text);
    return analyse::worstCase(image::read(made.build()).value(), 0);
}

std::optional<std::uint64_t> longest(std::vector<std::uint8_t> text) {
    const analyse::WorstCase worst = worstOf(std::move(text));
    return worst.kind == analyse::WorstCase::Kind::Proven ? std::optional(worst.instructions) : std::nullopt;
}

} // namespace

TEST_CASE("the longer side of a branch counts") {
    CHECK(longest(join({insn(kJumpIfZero, 1, 0, 2), insn(kMov, 0), insn(kMov, 0), insn(kExit)})) == 4u);
    CHECK(longest(join({insn(kJumpIfZero, 3, 0, 2), insn(kMov, 0), insn(kMov, 0), insn(kExit)})) == 2u); // r3 starts as 0
    CHECK(longest(join({insn(kGoto, 0, 0, 1), insn(kMov, 0), insn(kExit)})) == 2u);
}

TEST_CASE("a local call takes what its function takes, each time") {
    CHECK(longest(join({insn(kCall, 0, 1, 0, 2), insn(kCall, 0, 1, 0, 1), insn(kExit), insn(kMov, 0), insn(kExit)})) ==
          3u + 2u + 2u);
}

TEST_CASE("a loop without an end and a recursion are named") {
    const auto forever = worstOf(join({insn(kGoto, 0, 0, -1), insn(kExit)}));
    CHECK(forever.kind == analyse::WorstCase::Kind::Unbounded);
    REQUIRE(forever.loops.size() == 1);
    CHECK(!forever.loops[0].turns);
    CHECK_THAT(forever.because, Catch::Contains("the loop at instruction 0: no way leads out of it"));
    CHECK(forever.formula == "0 + 1 × turns of the loop at instruction 0");

    const auto recursion = worstOf(join({insn(kCall, 0, 1, 0, -1), insn(kExit)}));
    CHECK(recursion.kind == analyse::WorstCase::Kind::Unbounded);
    CHECK_THAT(recursion.because, Catch::Contains("calls itself"));
}

TEST_CASE("a loop that is entered in its middle is named") {
    // 0: if r1 == 0 goto 2; 1: r0 = 0; 2: r0 += 1; 3: if r1 != 0 goto 1; 4: exit. Both 1 and 2 are ways in.
    const auto worst = worstOf(join({insn(kJumpIfZero, 1, 0, 1), insn(kMov, 0), insn(0x07, 0, 0, 0, 1),
                                     insn(0x55, 1, 0, -3), insn(kExit)}));
    CHECK(worst.kind == analyse::WorstCase::Kind::Unbounded);
    CHECK_THAT(worst.because, Catch::Contains("irreducible"));
}

TEST_CASE("a loop that waits for a binding is named with it") {
    // do r0 = bpf_now_ms(); while (r0 != 5)
    const auto worst = worstOf(join({insn(kCall, 0, 0, 0, 0x20), insn(0x55, 0, 0, -2, 5), insn(kExit)}));
    CHECK(worst.kind == analyse::WorstCase::Kind::Unbounded);
    CHECK_THAT(worst.because, Catch::Contains("its end depends on r0, which comes from bpf_now_ms at instruction 0"));
    CHECK(worst.formula == "3 + 2 × turns of the loop at instruction 0");
}

TEST_CASE("a counted loop is proven to the instruction") {
    // r0 = 0; do r0 += 1; while (r0 != 10)
    const auto worst = worstOf(join({insn(kMov, 0), insn(0x07, 0, 0, 0, 1), insn(0x55, 0, 0, -2, 10), insn(kExit)}));
    CHECK(worst.kind == analyse::WorstCase::Kind::Proven);
    CHECK(worst.instructions == 1 + 2 * 10 + 1);
    REQUIRE(worst.loops.size() == 1);
    CHECK(worst.loops[0].turns == 10u);
    CHECK(worst.loops[0].perTurn == 2);
}

TEST_CASE("ways that meet again are no loop") {
    // Twenty branches in a row: a million ways, each slot followed once.
    std::vector<std::vector<std::uint8_t>> parts;
    for (int number = 0; number < 20; ++number) {
        parts.push_back(insn(0x79, 3, 1, number * 8)); // of the context
        parts.push_back(insn(kJumpIfZero, 3, 0, 1));
        parts.push_back(insn(kMov, 0));
    }
    parts.push_back(insn(kExit));
    std::vector<std::uint8_t> text;
    for (const auto& part : parts) {
        text.insert(text.end(), part.begin(), part.end());
    }
    CHECK(longest(text) == 61u);
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
