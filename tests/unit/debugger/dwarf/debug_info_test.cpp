// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/unit/debugger/dwarf/program.hpp"

namespace rbpf::dwarf::test {

namespace {

const std::string kCalls = R"(
typedef struct { short val[3]; unsigned char unit; signed char scale; } phydat_t;
int total;
static inline __attribute__((always_inline)) int twice(int x) {
    int y = x * 2;
    return y + total;
}
static __attribute__((noinline)) int helper(int a, int b) {
    volatile int slots[4];
    slots[0] = a;
    slots[1] = b;
    return slots[0] + slots[1];
}

int entry(unsigned char *context) {
    int sum = 0;
    for (int i = 0; i < 3; i++) {
        sum += twice(context[i]);
    }
    sum += twice(sum);
    return helper(sum, 7);
}
)";

} // namespace

TEST_CASE("functions are told in address order with ranges, lines and frame sizes") {
    for (const auto optimise : {compile::Optimise::Debug, compile::Optimise::Size}) {
        const Program program(kCalls, optimise);
        const auto functions = program.info.functions();
        REQUIRE(functions.size() == 2);
        const auto helper = std::ranges::find(functions, "helper", &Function::name);
        const auto entry = std::ranges::find(functions, "entry", &Function::name);
        REQUIRE(helper != functions.end());
        REQUIRE(entry != functions.end());
        CHECK(functions[0].range.high <= functions[1].range.low);
        CHECK(helper->declared.line == program.line("int helper"));
        CHECK(helper->declared.file == "main.c");
        CHECK(helper->frameBytes >= 8);
        CHECK(program.info.functionAt(helper->range.low)->name == "helper");
        CHECK_FALSE(program.info.functionAt(functions[1].range.high).has_value());
    }
}

TEST_CASE("an inlined call is a frame of its own, and its caller stands at the line of the call") {
    for (const auto optimise : {compile::Optimise::Debug, compile::Optimise::Size}) {
        const Program program(kCalls, optimise);
        const auto copies = program.info.placesOf("twice");
        REQUIRE_FALSE(copies.empty());
        for (const auto& copy : copies) {
            CHECK(copy.inlined);
            const auto frames = program.info.framesAt(copy.address);
            REQUIRE(frames.size() == 2);
            CHECK(frames[0].function == "twice");
            CHECK(frames[0].inlined);
            CHECK(frames[0].range.contains(copy.address));
            CHECK(frames[1].function == "entry");
            CHECK_FALSE(frames[1].inlined);
            const bool known = frames[1].position.line == program.line("sum += twice(context") ||
                               frames[1].position.line == program.line("sum += twice(sum)");
            CHECK(known);
        }
    }
}

TEST_CASE("a line in an inlined function has one place for each copy") {
    const Program program(kCalls);
    const auto match = program.info.placesOfLine("main.c", program.line("return y + total"));
    REQUIRE(match.has_value());
    CHECK_FALSE(match->moved);
    CHECK(match->places.size() == 2);
    for (const auto& place : match->places) {
        CHECK(place.inlined);
        CHECK(place.function == "twice");
        CHECK(program.info.positionOf(place.address)->line == match->line);
    }
}

TEST_CASE("a line without code gives the next line that has some, and says that it moved") {
    const Program program(kCalls);
    const auto blank = program.line("int entry") - 1;
    CHECK(program.info.placesOfLine("/home/me/script/main.c", blank).has_value()); // an editor's absolute path
    const auto found = program.info.placesOfLine("main.c", blank);
    REQUIRE(found.has_value());
    CHECK(found->moved);
    CHECK(found->line >= program.line("int entry"));
    CHECK_FALSE(program.info.placesOfLine("main.c", 1000).has_value());
    CHECK_FALSE(program.info.placesOfLine("other.c", 1).has_value());
}

TEST_CASE("the lines with code are those a breakpoint need not move from") {
    const Program program(kCalls);
    const auto lines = program.info.linesWithCode("main.c");
    CHECK(std::ranges::is_sorted(lines));
    CHECK(std::ranges::find(lines, program.line("return helper")) != lines.end());
    CHECK(std::ranges::find(lines, program.line("int total")) == lines.end());
    for (const auto line : lines) {
        CHECK_FALSE(program.info.placesOfLine("main.c", line)->moved);
    }
}

TEST_CASE("a breakpoint on a function stops behind its prologue, where the parameters can be read") {
    const Program program(kCalls);
    const auto places = program.info.placesOf("helper");
    REQUIRE(places.size() == 1);
    Run run(program);
    REQUIRE(run.to(places[0].address));
    CHECK(run.show("b") == "7");
}

TEST_CASE("the ranges of a step hold the line's own code, and with calls what is inlined into it") {
    const Program program(kCalls);
    const auto line = program.line("sum += twice(sum)");
    const auto start = program.address("sum += twice(sum)");
    const auto ranges = program.info.stepRanges(start);
    REQUIRE_FALSE(ranges.own.empty());
    REQUIRE_FALSE(ranges.withCalls.empty());
    for (const auto& range : ranges.own) {
        for (auto at = range.low; at < range.high; at += 8) {
            const auto frames = program.info.framesAt(at);
            CHECK(frames.size() == 1);
        }
    }
    bool inlinedSeen = false;
    for (const auto& range : ranges.withCalls) {
        for (auto at = range.low; at < range.high; at += 8) {
            const auto frames = program.info.framesAt(at);
            inlinedSeen = inlinedSeen || frames.size() == 2;
            if (frames.size() == 2) {
                CHECK(frames[1].position.line == line);
            }
        }
    }
    CHECK(inlinedSeen);
}

TEST_CASE("stepping over each line by its ranges visits the lines of a loop in their order") {
    const Program program(kCalls);
    Run run(program);
    REQUIRE(run.to(program.address("int sum = 0")));
    std::vector<unsigned> lines;
    while (program.info.functionAt(run.pc())->name == "entry") {
        const auto here = program.info.framesAt(run.pc()).back().position.line;
        if (lines.empty() || lines.back() != here) {
            lines.push_back(here);
        }
        const auto ranges = program.info.stepRanges(run.pc(), program.info.framesAt(run.pc()).size() - 1).withCalls;
        bool inside = true;
        while (inside && program.info.functionAt(run.pc())->name == "entry") {
            REQUIRE(run.step());
            inside = std::ranges::any_of(ranges, [&](const auto& range) { return range.contains(run.pc()); });
        }
    }
    const auto inLoop = program.line("sum += twice(context");
    CHECK(std::ranges::count(lines, inLoop) == 3);
    CHECK(lines.back() == program.line("return helper"));
}

TEST_CASE("an object without debug information answers everything with nothing") {
    const DebugInfo none;
    FakeState state;
    CHECK(none.empty());
    CHECK(none.functions().empty());
    CHECK(none.framesAt(0).empty());
    CHECK_FALSE(none.positionOf(0).has_value());
    CHECK(none.variablesAt(0).empty());
    CHECK(none.globals().empty());
    CHECK(none.stepRanges(0).own.empty());
    state.registers[3] = 40;
    const auto value = evaluate("$r3 + 2", {none, 0, 0, state});
    REQUIRE(value.has_value());
    CHECK(numberOf(*value) == 42);
}

} // namespace rbpf::dwarf::test
