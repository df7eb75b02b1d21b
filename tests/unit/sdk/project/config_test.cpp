// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/project/config.hpp"

using namespace rbpf::project;

namespace {
/// "line:column: message | hint" of the only diagnostic.
std::string told(const std::string& text) {
    const ParsedConfig parsed = parseConfig(text, "rbpf.json");
    CHECK_FALSE(parsed.config);
    REQUIRE(parsed.diagnostics.size() == 1);
    const auto& d = parsed.diagnostics[0];
    CHECK(d.range.file == "rbpf.json");
    return std::to_string(d.range.line) + ":" + std::to_string(d.range.column) + ": " + d.message +
           (d.hint.empty() ? "" : " | " + d.hint);
}
} // namespace

TEST_CASE("all but the name may be left out") {
    const auto parsed = parseConfig(R"({"name": "a"})", "rbpf.json");
    REQUIRE(parsed.config);
    CHECK(parsed.config->name == "a");
    CHECK(parsed.config->version == "0.1.0");
    CHECK(parsed.config->sources[0].text == "src/*.c");
    CHECK(parsed.config->stackBytes == 512);
    CHECK(parsed.config->board == "native");
}

TEST_CASE("every key is read") {
    const auto parsed =
        parseConfig(R"({"name": "a", "version": "2.0", "sources": ["x.c"], "include": ["i"], "defines": ["A", "B=1"],
        "entries": [{"function": "f", "trigger": "coap/x"}, {"function": "g"}], "stack": 1024, "budget": 4294967295,
        "optimise": "debug", "board": "microbit"})",
                    "rbpf.json");
    REQUIRE(parsed.config);
    const Config& config = *parsed.config;
    CHECK(config.version == "2.0");
    CHECK(config.include[0].text == "i");
    CHECK(config.defines[1] == "B=1");
    CHECK(config.entries[0].trigger == "coap/x");
    CHECK_FALSE(config.entries[1].trigger);
    CHECK(config.entries[1].place.line == 2);
    CHECK(config.stackBytes == 1024);
    CHECK(config.budget == UINT32_MAX);
    CHECK(config.optimise == rbpf::compile::Optimise::Debug);
    CHECK(config.board == "microbit");
}

TEST_CASE("a wrong type is told where the value stands") {
    CHECK(told("{\n  \"name\": 7\n}") == "2:11: expected a text, found 7");
    CHECK(told(R"({"name":"a","stack":"many"})") ==
          "1:21: expected a number from 8 to 65528, a multiple of 8, found \"many\"");
    CHECK(told(R"({"name":"a","sources":"src/*.c"})") ==
          "1:23: expected a list of texts, each a pattern such as \"src/*.c\", found \"src/*.c\"");
    CHECK(told(R"({"name":"a","sources":["x.c", {}]})") ==
          "1:31: expected a pattern such as \"src/*.c\", found an object");
    CHECK(told(R"({"name":"a","entries":["f"]})") ==
          "1:24: expected {\"function\": NAME, \"trigger\": TRIGGER}, found \"f\"");
    CHECK(told("[]") ==
          "1:1: expected an object, found an empty list | an rbpf.json starts with { \"name\": \"my-script\" }");
}

TEST_CASE("an unknown key is told where it stands, with what was probably meant") {
    CHECK(told("{\"name\": \"a\",\n \"sorces\": []}") == "2:2: expected one of the keys name, version, sources, "
                                                         "include, defines, entries, stack, budget, optimise, board, $schema, bounds, "
                                                         "found \"sorces\" | did you mean \"sources\"?");
    CHECK(told(R"({"name":"a","entries":[{"function":"f","triger":"packet"}]})") ==
          "1:40: expected one of the keys function, trigger, found \"triger\" | did you mean \"trigger\"?");
}

TEST_CASE("values out of range are told") {
    CHECK(told(R"({"name":"a","stack":12})") == "1:21: expected a number from 8 to 65528, a multiple of 8, found 12");
    CHECK(told(R"({"name":"a","bounds":{"src/a.c":3}})") ==
          "1:23: expected a loop's file and line such as \"src/main.c:14\", found \"src/a.c\"");
    CHECK(told(R"({"name":"a","bounds":{"a.c:7":-1}})") ==
          "1:31: expected the loop's most turns, a number from 0 to 4294967295, found -1");
    CHECK(told(R"({"name":"a","bounds":7})") ==
          "1:22: expected an object such as {\"src/main.c:14\": 64}, found 7");
    CHECK(told(R"({"name":"a","budget":-1})") == "1:22: expected a number from 0 to 4294967295, found -1");
    CHECK(told(R"({"name":"a","budget":18446744073709551615})") ==
          "1:22: expected a number from 0 to 4294967295, found 18446744073709551615");
    CHECK(told(R"({"name":"a","budget":1.5})") == "1:22: expected a number from 0 to 4294967295, found 1.5");
    CHECK(told(R"({"name":"../a"})") == "1:9: expected 1 to 63 letters, digits, '-', '_' or '.', found \"../a\"");
    CHECK(told(R"({"name":"a","optimise":"sped"})") ==
          "1:24: expected \"size\", \"speed\" or \"debug\", found \"sped\" | did you mean \"speed\"?");
    CHECK(told(R"({"name":"a","defines":["1A"]})") == "1:24: expected \"NAME\" or \"NAME=VALUE\", found \"1A\"");
    CHECK(told(R"({"name":"a","sources":[]})") ==
          "1:23: expected at least one pattern such as \"src/*.c\", found an empty list");
    CHECK_THAT(told(R"({"name":"a","entries":[{"function":"f","trigger":"timer/0"}]})"),
               Catch::StartsWith("1:50: expected a period of 1 to"));
    CHECK(told(R"({"version":"1"})") == "1:1: expected the key \"name\", found none | add \"name\": \"my-script\"");
}

TEST_CASE("a key or a function given twice is told") {
    CHECK(told("{\"name\":\"a\",\n\"name\":\"b\"}") == "2:1: expected every key once, found \"name\" again");
    CHECK(told(R"({"name":"a","entries":[{"function":"f"},{"function":"f"}]})") ==
          "1:53: expected every function once, found \"f\"");
}

TEST_CASE("broken syntax is told at its place") {
    CHECK_THAT(told("{\n  \"name\": \"a\",\n}"), Catch::StartsWith("3:1: expected string literal, found '}'"));
    CHECK_THAT(told("{\"name\": tru}"), Catch::StartsWith("1:13: expected"));
    CHECK_THAT(told(""), Catch::StartsWith("1:1: expected"));
    CHECK_THAT(told("{\"name\": \"\xff\"}"), Catch::StartsWith("1:11: expected"));
    CHECK_THAT(told("{\"name\": \"a\" // comment\n}"), Catch::StartsWith("1:14: expected"));
}

TEST_CASE("a number that no machine holds is a mistake at its place") {
    const auto parsed = parseConfig("{\"name\": \"a\",\n \"stack\": [1e99999]}", "rbpf.json");
    CHECK_FALSE(parsed.config);
    REQUIRE(parsed.diagnostics.size() == 1);
    CHECK(parsed.diagnostics[0].range.line == 2);
    CHECK(parsed.diagnostics[0].range.column == 12);
    CHECK(parsed.diagnostics[0].message == "expected a number within range, found 1e99999");
}

TEST_CASE("all mistakes are told at once, and hostile text does no harm") {
    CHECK(parseConfig(R"({"nam":"a","stack":1,"optimise":[]})", "").diagnostics.size() == 4);
    CHECK_FALSE(parseConfig(std::string(200000, '['), "").config);
    CHECK_FALSE(parseConfig(std::string(2 << 20, ' '), "").config);
    CHECK_FALSE(parseConfig(std::string("{\"name\":\"a\\u0000b\"}"), "").config);
}
