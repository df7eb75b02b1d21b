// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include <algorithm>

#include "sdk/analyse/reasons.hpp"
#include "sdk/analyse/report.hpp"

using namespace rbpf::analyse;

namespace {

SizeReport sample() {
    SizeReport report;
    report.stack = 24;
    report.stackLimit = 512;
    report.stackPath = {"sensor", "mix"};
    report.functions = {{"sensor", "src/a.c", 7, 0, 320, 40, 16, 0.9}, {"mix", "src/a.c", 2, 320, 40, 5, 8, 0.1}, {"strlen", "/rbpf/lib/strlen.c", 3, 360, 48, 6, 0, 0}};
    WorstCase unbounded;
    unbounded.instructions = 12;
    unbounded.formula = "12 + 7 × turns of the loop at src/a.c:9";
    unbounded.loops = {{4, "mix", "src/a.c", 9, std::nullopt, false, 7, "it has no way out"}};
    unbounded.refuted = {{{"src/a.c", 9, 4}, "the loop at src/a.c:9 is said to take at most 4 turns, but takes 5"}};
    WorstCase assumed;
    assumed.kind = WorstCase::Kind::Assumed;
    assumed.instructions = 412;
    assumed.because = "the loop at src/a.c:9 takes at most 64 turns";
    assumed.loops = {{4, "mix", "src/a.c", 9, 64, true, 6, "its end is not known"}};
    report.entries = {{"sensor", std::nullopt, unbounded}, {"mix", std::nullopt, assumed}};
    report.mix.classes = {{"jumps", 30}, {"loads", 21}};
    report.mix.bindings = {{3, "bpf_printf", {{16, "src/a.c", 8}, {24, "", 0}}}};
    report.libraries = {{"strlen", 48, 6, {{"sensor", {32, "src/a.c", 11}}}, {"mix"}}};
    report.unseen = {{{"gone", "src/b.c", 5}, false}, {{"small", "src/b.c", 9}, true}};
    return report;
}

const Reason& part(const std::vector<Reason>& of, const std::string& what) {
    const auto found = std::ranges::find(of, what, &Reason::what);
    INFO(what);
    REQUIRE(found != of.end());
    return *found;
}

} // namespace

TEST_CASE("an entry without a bound names its loops, the formula and the limit that is wrong") {
    const auto all = reasons(sample(), "microbit");
    const Reason& entry = part(part(all, "Longest run").parts, "sensor");
    CHECK(entry.value == "no bound");
    CHECK(entry.kind == Reason::Kind::Trouble);
    CHECK(entry.place->line == 7);
    const Reason& loop = part(entry.parts, "loop at src/a.c:9");
    CHECK(loop.value == "no bound");
    CHECK(loop.because == "in mix, 7 instructions a turn; it has no way out");
    CHECK(loop.place->line == 9);
    CHECK(loop.place->offset == 32);
    CHECK(part(entry.parts, "formula").because == "12 + 7 × turns of the loop at src/a.c:9");
    CHECK(part(entry.parts, "wrong limit").place->file == "src/a.c");
    CHECK(entry.parts.size() == 3); // and no time
}

TEST_CASE("an entry that rests on the user's word says so and is timed on the board, or on all where it is none of them") {
    const auto all = reasons(sample(), "microbit");
    const Reason& entry = part(part(all, "Longest run").parts, "mix");
    CHECK(entry.value == "≤ 412");
    CHECK(entry.kind == Reason::Kind::Assumed);
    CHECK(part(entry.parts, "loop at src/a.c:9").value == "64 turns (as said)");
    CHECK_THAT(part(entry.parts, "time on microbit").value, Catch::EndsWith(" ms"));
    CHECK(entry.parts.size() == 2);
    const auto anywhere = reasons(sample(), "native");
    CHECK(part(part(anywhere, "Longest run").parts, "mix").parts.size() == 1 + boardSpeeds().size());
}

TEST_CASE("code tells where it is called from, and what is not there tells why") {
    const auto all = reasons(sample());
    CHECK(part(all, "Instructions by class").value == "51");
    const Reason& binding = part(part(all, "Bindings").parts, "bpf_printf");
    CHECK(binding.value == "2 calls");
    CHECK(part(binding.parts, "src/a.c:8").place->line == 8);
    CHECK(part(binding.parts, "instruction 3").place->offset == 24);
    const Reason& library = part(part(all, "Library functions").parts, "strlen");
    CHECK(library.value == "48 B");
    CHECK(part(library.parts, "reached from sensor").place->line == 11);
    CHECK(part(library.parts, "inside mix").place->offset == 320);
    const Reason& unseen = part(all, "Not a function there");
    CHECK(part(unseen.parts, "gone").because == "no entry reaches it: it takes no space");
    CHECK(part(unseen.parts, "small").place->line == 9);
    CHECK(part(part(all, "Stack").parts, "mix").value == "8 B");
}

TEST_CASE("window and table say the same, and a report without reasons has none") {
    const std::string text = table(sample()) + origins(sample());
    for (const std::string& words : {std::string("loop at src/a.c:9 in mix: 64 turns (as said), 6 instructions each"), memoryWords({}),
                                     std::string("no entry reaches it: it takes no space (src/b.c:5)"), std::string("longest run of mix, estimated")}) {
        CHECK_THAT(text, Catch::Contains(words));
    }
    CHECK_THAT(text, !Catch::Contains("longest run of sensor, estimated"));
    CHECK(reasons(SizeReport{}).empty());
}
