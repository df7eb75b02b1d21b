// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/unit/sdk/compile/script.hpp"

using namespace rbpf;
using test::compileText;
using test::errorsOf;

#define SEC_MACRO "#define SEC(name) __attribute__((section(name), used))\n"

TEST_CASE("Functions with SEC are entries with their triggers, in the order of the source") {
    const compile::Output output = compileText(SEC_MACRO "int other(int a) { return a; }\n"
                                                         "SEC(\"coap/sensor\") int answer(void *c) { return 1; }\n"
                                                         "SEC(\"timer/1000\") static int tick(void) { return 2; }\n"
                                                         "SEC(\"packet\") int filter(void *c) { return 3; }\n"
                                                         "SEC(\"event/button\") int press(void *c) { return 4; }\n");
    INFO(errorsOf(output.diagnostics));
    REQUIRE(output.entries.size() == 4);
    CHECK(output.entries[0].function == "answer");
    CHECK(output.entries[0].trigger == "coap/sensor");
    CHECK(output.entries[0].line == 3);
    CHECK(output.entries[0].file == "/script/a.c");
    CHECK(output.entries[1].trigger == "timer/1000");
    CHECK(output.entries[3].function == "press");
}

TEST_CASE("Each entry of an image runs by its name") {
    const test::Linked script = test::build(SEC_MACRO "SEC(\"coap/a\") int first(void) { return 11; }\n"
                                                      "SEC(\"timer/5\") int second(void) { return 22; }\n");
    CHECK(test::run(script.output.image, {}, "first").result == 11);
    CHECK(test::run(script.output.image, {}, "second").result == 22);
}

TEST_CASE("The only exported function is the entry, without a trigger") {
    const compile::Output output = compileText("static int twice(int a) { return 2 * a; }\n"
                                               "int entry(int *v) { return twice(v[0]); }");
    REQUIRE(output.entries.size() == 1);
    CHECK(output.entries[0].function == "entry");
    CHECK(output.entries[0].trigger.empty());
}

TEST_CASE("An exported function that only helps another is not the entry") {
    const compile::Output output =
        compileText("int twice(int a) { return 2 * a; }\nint entry(int *v) { return twice(v[0]); }");
    REQUIRE(output.entries.size() == 1);
    CHECK(output.entries[0].function == "entry");
}

TEST_CASE("Functions named by the project are entries besides those with SEC") {
    test::Sources sources;
    sources.files["a.c"] = SEC_MACRO
        "SEC(\"coap/a\") int first(void) { return 1; }\nint second(void) { return 2; }\nint third(void) { return 3; }";
    sources.entryFunctions = {{"second"}, {"first"}};
    const compile::Output output = compileText(sources);
    REQUIRE(output.entries.size() == 2);
    CHECK(output.entries[0].trigger == "coap/a");
    CHECK(output.entries[1].function == "second");
}

TEST_CASE("No entry, several possible ones and a misspelt one are explained") {
    CHECK(errorsOf(compileText("static int entry(void) { return 1; }").diagnostics).find("no entry") !=
          std::string::npos);
    const std::string several =
        errorsOf(compileText("int a(void) { return 1; }\nint b(void) { return 2; }").diagnostics);
    CHECK(several.find("2: several functions could be the entry: a, b") == 0);
    CHECK(several.find("SEC(") != std::string::npos);
    test::Sources sources;
    sources.files["a.c"] = "int entry(void) { return 1; }";
    sources.entryFunctions = {{"entyr", {"/script/rbpf.json", 4, 7, 4, 14}}};
    CHECK(errorsOf(compileText(sources).diagnostics).find("4: the entry `entyr`") == 0);
}

TEST_CASE("Triggers that do not exist are explained at the function") {
    const auto errors = [](const std::string& trigger) {
        return errorsOf(compileText(SEC_MACRO "\nSEC(\"" + trigger + "\") int entry(void) { return 1; }").diagnostics);
    };
    for (const char* trigger :
         {"coap/", "timer/", "timer/0", "timer/2147483648", "timer/1s", "event/", "xdp", "packets"}) {
        INFO(trigger);
        CHECK(errors(trigger).find("3: \"" + std::string(trigger) + "\" on the function `entry`") == 0);
        CHECK(errors(trigger).find("timer/MILLISECONDS") != std::string::npos);
    }
    for (const char* trigger : {"coap/a/b", "timer/1", "timer/2147483647", "packet", "event/x"}) {
        INFO(trigger);
        CHECK(errors(trigger).empty());
    }
}

TEST_CASE("Two sources may have static functions and variables of the same name") {
    test::Sources sources;
    sources.files["a.c"] =
        "static int state = 5; __attribute__((noinline)) static int next(void) { return state += 1; }\n"
        "int other(void);\nint entry(void) { return next() * 100 + other(); }";
    sources.files["b.c"] =
        "static int state = 7; __attribute__((noinline)) static int next(void) { return state += 2; }\n"
        "int other(void) { return next() + next(); }";
    CHECK(test::resultOf(sources) == 600 + 9 + 11);
}

TEST_CASE("Sources include headers beside them and get the project's defines") {
    test::Sources sources;
    sources.files["a.c"] = "#include \"limits_of.h\"\nint entry(void) { return LIMIT + EXTRA; }";
    sources.files["limits_of.h"] = "#define LIMIT 40\n";
    sources.defines = {"EXTRA=2"};
    CHECK(test::resultOf(sources) == 42);
    const compile::Output output = compileText(sources);
    CHECK(std::find(output.dependencies.begin(), output.dependencies.end(), "/script/limits_of.h") !=
          output.dependencies.end());
}
