// SPDX-License-Identifier: GPL-3.0-or-later
// Code that the compiler makes seldom, written by hand.
#include <catch2/catch.hpp>

#include "sdk/analyse/hints.hpp"
#include "sdk/analyse/mix.hpp"
#include "sdk/analyse/run_time.hpp"
#include "tests/unit/sdk/image/image_builder.hpp"

using namespace rbpf::testing;
using namespace rbpf;

namespace {

constexpr std::uint8_t kLoadWord = 0x61, kLoadDouble = 0x79, kDivide64 = 0x3f, kMoveExtended = 0xbf, kShiftLeft = 0x67,
                       kShiftRightSigned = 0xc7, kJumpIfZero = 0x15, kGoto = 0x05, kExit = 0x95;

/// Each instruction on a line of its own, from line 1.
std::vector<support::Diagnostic> hintsOf(const std::vector<std::vector<std::uint8_t>>& instructions) {
    TestImage made;
    std::vector<analyse::PlacedCode> code;
    for (const auto& one : instructions) {
        code.push_back({static_cast<std::uint32_t>(made.text.size()), 8, "a.c", static_cast<unsigned>(code.size()) + 1});
        made.text.insert(made.text.end(), one.begin(), one.end());
    }
    const auto image = image::read(made.build()).value();
    return analyse::hints(image, analyse::measure(image, {}), code);
}

} // namespace

TEST_CASE("a 64-bit division of two numbers that were loaded as 32 bits is pointed at") {
    const auto found = hintsOf({insn(kLoadWord, 2, 1), insn(kLoadWord, 3, 1, 4), insn(kDivide64, 2, 3), insn(kExit)});
    REQUIRE(found.size() == 1);
    CHECK(found[0].range.line == 3);
    CHECK(found[0].message.find("two numbers of 32 bits") != std::string::npos);
}

TEST_CASE("a 64-bit division that needs its width is left alone") {
    CHECK(hintsOf({insn(kLoadDouble, 2, 1), insn(kLoadWord, 3, 1, 8), insn(kDivide64, 2, 3), insn(kExit)}).empty());
    // Signed: the upper half may be all ones.
    CHECK(hintsOf({insn(kLoadWord, 2, 1), insn(kLoadWord, 3, 1, 4), insn(kDivide64, 2, 3, 1), insn(kExit)}).empty());
    // Another way leads between the loads and the division.
    CHECK(hintsOf({insn(kJumpIfZero, 1, 0, 2), insn(kLoadWord, 2, 1), insn(kLoadWord, 3, 1, 4), insn(kDivide64, 2, 3), insn(kExit)}).empty());
}

TEST_CASE("sign extension is pointed at inside loops only") {
    CHECK(hintsOf({insn(kMoveExtended, 2, 3, 32), insn(kExit)}).empty());
    const auto moved = hintsOf({insn(kMoveExtended, 2, 3, 32), insn(kJumpIfZero, 2, 0, 1), insn(kGoto, 0, 0, -3), insn(kExit)});
    REQUIRE(moved.size() == 1);
    CHECK(moved[0].range.line == 1);
    const auto shifted = hintsOf({insn(kShiftLeft, 2, 0, 0, 32), insn(kShiftRightSigned, 2, 0, 0, 32), insn(kJumpIfZero, 2, 0, 1),
                                  insn(kGoto, 0, 0, -4), insn(kExit)});
    REQUIRE(shifted.size() == 1);
    CHECK(shifted[0].range.line == 2);
}

TEST_CASE("a binding that no table knows is named by its number") {
    TestImage made;
    made.text = join({insn(0x85, 0, 0, 0, 0x7ffe), insn(kExit)});
    const auto mix = analyse::mixOf(image::read(made.build()).value(), {});
    REQUIRE(mix.bindings.size() == 1);
    CHECK(mix.bindings[0].name == "binding 0x7ffe");
    CHECK(mix.bindings[0].calls.at(0).line == 0);
}

TEST_CASE("time on a board is a range around an estimate, and grows with the instructions") {
    for (const analyse::BoardSpeed& speed : analyse::boardSpeeds()) {
        const analyse::RunTime one = analyse::runTime(speed, 1000);
        CHECK(one.least < one.milliseconds);
        CHECK(one.milliseconds < one.most);
        CHECK(analyse::runTime(speed, 2000).milliseconds == Approx(2 * one.milliseconds));
    }
}
