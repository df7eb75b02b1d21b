// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/debug_break_spec.hpp"

#include <catch2/catch.hpp>

using namespace rbpf::cli::debug;
using Kind = rbpf::session::BreakpointSpec::Kind;

namespace {
const Here kHere{"src/main.c", 12, 0x48};
}

TEST_CASE("A breakpoint's place is a line here, a line of a file, a function, an instruction, or where one is") {
    const auto line = parseBreakpoint("17", kHere);
    REQUIRE(line);
    CHECK(line->kind == Kind::Line);
    CHECK(line->file == "src/main.c");
    CHECK(line->line == 17);

    const auto other = parseBreakpoint("util.c:3", kHere);
    REQUIRE(other);
    CHECK(other->file == "util.c");
    CHECK(other->line == 3);

    const auto function = parseBreakpoint("coap_resp", kHere);
    REQUIRE(function);
    CHECK(function->kind == Kind::Function);
    CHECK(function->function == "coap_resp");

    const auto address = parseBreakpoint("*0x50", kHere);
    REQUIRE(address);
    CHECK(address->kind == Kind::Instruction);
    CHECK(address->address == 0x50);

    const auto here = parseBreakpoint("", kHere);
    REQUIRE(here);
    CHECK(here->line == 12);
    const auto bare = parseBreakpoint("if x", {"", 0, 0x48});
    REQUIRE(bare);
    CHECK(bare->kind == Kind::Instruction);
    CHECK(bare->address == 0x48);
}

TEST_CASE("Condition, hits to ignore and log text come in any order behind the place") {
    const auto spec = parseBreakpoint(
        "src/a.c:4 if m.val[0] > 2000 && f(\"if ignore 3\") ignore 5 log \"now {m.val[0]} \\\"x\\\"\"", kHere);
    REQUIRE(spec);
    CHECK(spec->file == "src/a.c");
    CHECK(spec->line == 4);
    CHECK(spec->condition == "m.val[0] > 2000 && f(\"if ignore 3\")");
    CHECK(spec->ignore == 5);
    CHECK(spec->logMessage == "now {m.val[0]} \"x\"");

    const auto turned = parseBreakpoint("run log \"if so\" ignore 0x10 if a", kHere);
    REQUIRE(turned);
    CHECK(turned->function == "run");
    CHECK(turned->ignore == 16);
    CHECK(turned->logMessage == "if so");
    CHECK(turned->condition == "a");
}

TEST_CASE("Variables named like the keywords stay variables in a condition") {
    const auto spec = parseBreakpoint("17 if log > ignore + 1", kHere);
    REQUIRE(spec);
    CHECK(spec->condition == "log > ignore + 1");
    CHECK(spec->logMessage.empty());
}

TEST_CASE("A place that makes no sense is refused with what was expected") {
    for (const char* text : {"*nowhere", "a b", "12x", ":", "17 if", "17 log \"open", "file.c:0", "*0x100000000"}) {
        INFO(text);
        const auto spec = parseBreakpoint(text, kHere);
        REQUIRE_FALSE(spec);
        CHECK(spec.error().kind == rbpf::support::ErrorKind::Usage);
        CHECK_FALSE(spec.error().message.empty());
    }
    CHECK_FALSE(parseBreakpoint("17", {}));
}

TEST_CASE("A watchpoint takes a whole expression and the same clauses") {
    const auto spec = parseWatch("*(int *)($r10 - 8) if x == 1");
    REQUIRE(spec);
    CHECK(spec->kind == Kind::Watch);
    CHECK(spec->expression == "*(int *)($r10 - 8)");
    CHECK(spec->condition == "x == 1");
    CHECK_FALSE(parseWatch(""));
}
