// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/analyse/profile.hpp"
#include "tests/unit/sdk/image/image_builder.hpp"

using namespace rbpf::testing;
using namespace rbpf;
using Ways = analyse::BranchProfile::Ways;

namespace {

/// 0: r1 = 64 bits; 2: r0 += 1; 3: if r0 < 3 goto 2; 4: if r0 == 9 goto 6; 5: goto 7; 6: exit; 7: exit
image::Image loop() {
    TestImage made;
    made.text = join({insn(0x18, 1), insn(0x00), insn(0x07, 0, 0, 0, 1), insn(0xa5, 0, 0, -2, 3), insn(0x15, 0, 0, 1, 9),
                      insn(0x05, 0, 0, 1), insn(0x95), insn(0x95)});
    made.entries = {{"main", "", 0, 0}};
    return image::read(made.build()).value();
}

analyse::ExecutionCounter run(const image::Image& image, std::initializer_list<std::uint32_t> slots) {
    analyse::ExecutionCounter counter(image);
    counter.beginRun();
    for (const std::uint32_t slot : slots) {
        counter.step(slot);
    }
    return counter;
}

} // namespace

TEST_CASE("counts of instructions add up to functions, lines and everything") {
    const auto image = loop();
    const auto counter = run(image, {0, 2, 3, 2, 3, 2, 3, 4, 5, 7});
    const auto report = analyse::measure(image, {{"main", "a.c", 1, 0, 64, 0}});
    const auto profile = analyse::profile(
        counter, report, {{0, 16, "a.c", 1}, {16, 8, "a.c", 2}, {24, 8, "a.c", 2}, {48, 8, "a.c", 5}, {56, 8, "a.c", 6}}, 0);
    CHECK(profile.executed == 10);
    CHECK(profile.counts == std::vector<std::uint64_t>{1, 0, 3, 3, 1, 1, 0, 1});
    REQUIRE(profile.functions.size() == 1);
    CHECK(profile.functions[0].calls == 1);
    CHECK(profile.functions[0].executed == 10);
    CHECK(profile.functions[0].seen == 6);
    CHECK(profile.functions[0].instructions == 7);
    REQUIRE(profile.lines.size() == 4);
    CHECK(profile.lines[1].count == 3);
    CHECK(profile.lines[1].executed == 6);
    CHECK(profile.lines[1].share == Approx(0.6));
    CHECK(profile.lines[2].executed == 0);
}

TEST_CASE("branches tell which ways they went") {
    const auto image = loop();
    const auto report = analyse::measure(image, {});
    const auto profile = analyse::profile(run(image, {0, 2, 3, 2, 3, 4, 5, 7}), report, {}, 0);
    REQUIRE(profile.branches.size() == 2); // goto is none
    CHECK(profile.branches[0].ways == Ways::Both);
    CHECK(profile.branches[0].taken == 1);
    CHECK(profile.branches[0].notTaken == 1);
    CHECK(profile.branches[1].ways == Ways::NotTaken);
    const auto none = analyse::profile(run(image, {0, 2}), report, {}, 0);
    CHECK(none.branches[0].ways == Ways::Never);
    const std::string text = analyse::profileText(profile);
    CHECK(text.find("1 of 2 branches went both ways") != std::string::npos);
    CHECK(text.find("instruction 4: never taken (1 times)") != std::string::npos);
}

TEST_CASE("a new run does not continue the branch of the last one") {
    const auto image = loop();
    auto counter = run(image, {0, 2, 3});
    counter.beginRun();
    counter.step(0);
    CHECK(counter.runs() == 2);
    CHECK(counter.taken(3) + counter.left(3) == 0);
}

TEST_CASE("the hot path takes the busier way and ends where it has been") {
    const auto image = loop();
    const auto report = analyse::measure(image, {});
    CHECK(analyse::profile(run(image, {0, 2, 3, 4, 5, 7}), report, {}, 0).hotPath ==
          std::vector<std::uint32_t>{0, 2, 3, 4, 5, 7});
    CHECK(analyse::profile(run(image, {0, 2, 3, 2, 3, 2, 3, 4, 5, 7}), report, {}, 0).hotPath ==
          std::vector<std::uint32_t>{0, 2, 3});
}

TEST_CASE("slots that are none are not counted") {
    const auto image = loop();
    const auto counter = run(image, {1, 99, 0});
    CHECK(counter.total() == 1);
}
