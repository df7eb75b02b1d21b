// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/analyse/limits.hpp"

using namespace rbpf::analyse;

TEST_CASE("limits are read from a list, and what is none is named") {
    const auto limits = parseLimits("text=400,worst=5000");
    REQUIRE(limits);
    REQUIRE(limits->size() == 2);
    CHECK((*limits)[1].name == "worst");
    CHECK((*limits)[1].most == 5000);
    CHECK(parseLimits("")->empty());
    for (const char* bad : {"text", "text=", "=4", "text=4x", "text=-4", "much=4", "text=99999999999999999999", ",", "text=4,,"}) {
        INFO(bad);
        CHECK_FALSE(parseLimits(bad));
    }
}

TEST_CASE("a limit is kept up to its last byte") {
    SizeReport report;
    report.text = 400;
    CHECK(checkLimits(report, {{"text", 400}})[0].isKept);
    const auto broken = checkLimits(report, {{"text", 399}})[0];
    CHECK_FALSE(broken.isKept);
    CHECK(broken.sentence == "text is 400 B, 1 B over its limit of 399 B");
}

TEST_CASE("the worst case is that of the costliest entry, and an unbounded one breaks every limit") {
    SizeReport report;
    WorstCase cheap;
    cheap.kind = WorstCase::Kind::Proven;
    cheap.instructions = 10;
    WorstCase dear = cheap;
    dear.instructions = 30;
    report.entries = {{"a", 10, cheap}, {"b", 30, dear}};
    CHECK(checkLimits(report, {{"worst", 30}})[0].isKept);
    CHECK(checkLimits(report, {{"worst", 29}})[0].sentence ==
          "the worst case of b is 30 instructions, 1 instructions over its limit of 29 instructions");
    WorstCase endless;
    endless.because = "the loop at a.c:3 never ends";
    report.entries.push_back({"c", std::nullopt, endless});
    const auto broken = checkLimits(report, {{"worst", UINT64_MAX}})[0];
    CHECK_FALSE(broken.isKept);
    CHECK_FALSE(broken.value);
    CHECK(broken.sentence.find("a.c:3") != std::string::npos);
}
