// SPDX-License-Identifier: GPL-3.0-or-later
#include <thread>

#include <catch2/catch.hpp>

#include "tests/unit/sdk/compile/script.hpp"

using namespace rbpf;
using test::compileText;

TEST_CASE("A syntax error has its place and a fix") {
    const compile::Output output = compileText("int entry(void) {\n    return 1\n}\n");
    REQUIRE(output.diagnostics.size() == 1);
    const support::Diagnostic& error = output.diagnostics[0];
    CHECK(error.severity == support::Severity::Error);
    CHECK(error.range.file == "/script/a.c");
    CHECK(error.range.line == 2);
    CHECK(error.range.column == 13);
    REQUIRE(error.fixIts.size() == 1);
    CHECK(error.fixIts[0].text == ";");
    CHECK(error.fixIts[0].range.line == 2);
}

TEST_CASE("Notes belong to their error, ranges cover what is meant") {
    const compile::Output output = compileText("static int counter;\nint entry(void) {\n    return countr + 1;\n}\n");
    REQUIRE(output.diagnostics.size() == 1);
    const support::Diagnostic& error = output.diagnostics[0];
    CHECK(error.range.line == 3);
    CHECK(error.range.column == 12);
    CHECK(error.range.endColumn == 18);
    REQUIRE(error.fixIts.size() == 1);
    CHECK(error.fixIts[0].text == "counter");
    REQUIRE(error.notes.size() == 1);
    CHECK(error.notes[0].range.line == 1);
}

TEST_CASE("Warnings come with the object, usual script style does not warn") {
    const compile::Output output = compileText("int entry(unsigned char *v) { int unused; return v[0]; }");
    REQUIRE(output.diagnostics.size() == 1);
    CHECK(output.diagnostics[0].severity == support::Severity::Warning);
    CHECK(output.ok());
    CHECK(compileText("#include <rbpf/bindings.h>\n"
                      "int entry(uint8_t *v) { return (int)bpf_fmt_u32_dec(v, 5); }")
              .diagnostics.empty());
}

TEST_CASE("Findings in several sources are all told") {
    test::Sources sources;
    sources.files["a.c"] = "int entry(void) { return x; }";
    sources.files["b.c"] = "int other(void) { return y; }";
    CHECK(compileText(sources).diagnostics.size() == 2);
}

TEST_CASE("A source that is not there is a finding, headers that are not there an error") {
    compile::Request request;
    request.sources = {"/nowhere/script.c"};
    const support::Result<compile::Output> output = compile::compile(request);
    REQUIRE(output);
    REQUIRE(output->diagnostics.size() == 1);
    CHECK(output->diagnostics[0].message.find("/nowhere/script.c") != std::string::npos);
    request.headersDir = "/nowhere";
    const support::Result<compile::Output> none = compile::compile(request);
    REQUIRE_FALSE(none);
    CHECK(none.error().message.find("/nowhere") != std::string::npos);
}

TEST_CASE("Two threads compile at once") {
    const auto work = [](int number, std::int64_t& result) {
        const compile::Output output = compileText("int entry(void) { return " + std::to_string(number) + "; }");
        result = output.ok() ? number : -1;
    };
    std::int64_t first = 0;
    std::int64_t second = 0;
    std::thread a(work, 1, std::ref(first));
    std::thread b(work, 2, std::ref(second));
    a.join();
    b.join();
    CHECK(first == 1);
    CHECK(second == 2);
}
