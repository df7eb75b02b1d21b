// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include <algorithm>

#include "sdk/image/image.hpp"
#include "tests/unit/sdk/compile/script.hpp"

using namespace rbpf;
using test::build;

namespace {

linker::Request requestOf(const test::Linked& script) {
    linker::Request request;
    request.object = script.compiled.object;
    request.name = "script";
    request.version = "0.1.0";
    for (const compile::EntryFunction& entry : script.compiled.entries) {
        request.entries.push_back({entry.function, entry.trigger, entry.file, entry.line});
    }
    return request;
}

constexpr const char* kCalls =
    "static int (*const use)(void *) = (void *)0x20; static int (*const log)(const char *) = (void *)1;\n"
    "__attribute__((noinline)) static int inner(int n) { char b[40]; b[0] = (char)n; use(b); return b[0] + 1; }\n"
    "__attribute__((noinline)) static int outer(int n) { char b[100]; b[0] = (char)n; use(b); return inner(b[0]) * "
    "inner(n + 1); }\n"
    "__attribute__((section(\"coap/x\"), used)) int entry(unsigned char *v) { char b[8]; b[0] = (char)v[0]; use(b); "
    "log(\"hi\"); return outer(b[0]) + inner(7); }\n";

} // namespace

TEST_CASE("The image says what it was asked to") {
    linker::Request request = requestOf(build(kCalls));
    request.stackBytes = 256;
    request.budget = 5000;
    const support::Result<linker::Output> output = linker::link(request);
    REQUIRE(output);
    const support::Result<image::Image> image = image::read(output->image);
    REQUIRE(image);
    CHECK(image->name == "script");
    CHECK(image->version == "0.1.0");
    CHECK(image->stackBytes == 256);
    CHECK(image->budget == 5000);
    CHECK(image->bindings == std::vector<std::uint16_t>{1, 0x20});
    REQUIRE(image->entries.size() == 1);
    CHECK(image->entries[0].name == "entry");
    CHECK(image->entries[0].trigger == "coap/x");
    CHECK(image->rodataBytes == 3);
}

TEST_CASE("A variable that is not where the code expects it stops the link") {
    const char* source = "static const int table[4] = {1, 2, 3, 4}; static int count = 5; static int seen;\n"
                         "int entry(unsigned char *v) { seen += count++; return table[v[0] & 3] + seen; }\n";
    linker::Request request = requestOf(build(source));
    for (const std::string good : {"table\t536870912", "count\t805306368", "seen\t805306372"}) {
        linker::Request moved = request;
        const auto at = std::search(moved.object.begin(), moved.object.end(), good.begin(), good.end());
        REQUIRE(at != moved.object.end());
        *(at + static_cast<std::ptrdiff_t>(good.size()) - 1) ^= 1; // the last digit
        const support::Result<linker::Output> output = linker::link(moved);
        REQUIRE(output);
        CHECK(output->image.empty());
        REQUIRE(output->diagnostics.size() == 1);
        const std::string name = good.substr(0, good.find('\t'));
        CHECK(output->diagnostics[0].message.find("internal error: the code expects `" + name + "` at") == 0);
    }
}

TEST_CASE("Local calls run on frames of their own") {
    CHECK(test::resultOf(kCalls, {3}) == 4 * 5 + 8);
}

TEST_CASE("Stack use is the deepest path over the calls") {
    const test::Linked script = build(kCalls);
    CHECK(script.output.functions.size() == 3);
    std::uint32_t sum = 0;
    for (const linker::Function& function : script.output.functions) {
        CHECK(function.frameBytes % 8 == 0);
        CHECK(function.frameBytes > 0);
        CHECK(function.file == "/script/a.c");
        CHECK(function.line >= 2);
        sum += function.frameBytes;
    }
    CHECK(script.output.stackBytes == sum); // entry -> outer -> inner is all of them
}

TEST_CASE("A path with too much stack is told with its functions") {
    linker::Request request = requestOf(build(kCalls));
    request.stackBytes = 128;
    const support::Result<linker::Output> output = linker::link(request);
    REQUIRE(output);
    CHECK(output->image.empty());
    REQUIRE(output->diagnostics.size() == 1);
    CHECK(output->diagnostics[0].message.find("entry (") != std::string::npos);
    CHECK(output->diagnostics[0].message.find("-> outer (104) -> inner (40)") != std::string::npos);
    CHECK(output->diagnostics[0].range.line == 3);
    CHECK(output->diagnostics[0].hint.find("\"stack\"") != std::string::npos);
}

TEST_CASE("Calls nested deeper than a device allows are told") {
    std::string text = "__attribute__((noinline)) static int f0(int *v) { return v[0]++; }\n";
    for (int i = 1; i < 9; ++i) {
        text += "__attribute__((noinline)) static int f" + std::to_string(i) + "(int *v) { return f" +
                std::to_string(i - 1) + "(v) + v[" + std::to_string(i) + "]++; }\n";
    }
    text += "int entry(int *v) { return f8(v) * f8(v + 1) + f7(v) * f6(v + 3) * f5(v) * f4(v) * f3(v) * f2(v) * f1(v) "
            "* f0(v); }";
    const compile::Output compiled = test::compileText(text);
    REQUIRE(compiled.ok());
    linker::Request request;
    request.object = compiled.object;
    request.name = "deep";
    request.entries = {{"entry", "", "", 0}};
    const support::Result<linker::Output> output = linker::link(request);
    REQUIRE(output);
    REQUIRE(output->diagnostics.size() == 1);
    CHECK(output->diagnostics[0].message.find("10 deep, 8 are possible: entry (") != std::string::npos);
}

TEST_CASE("An entry that is not in the object is named") {
    linker::Request request = requestOf(build(kCalls));
    request.entries[0].function = "missing";
    const support::Result<linker::Output> output = linker::link(request);
    REQUIRE(output);
    CHECK(output->image.empty());
    REQUIRE_FALSE(output->diagnostics.empty());
    CHECK(output->diagnostics[0].message.find("`missing`") != std::string::npos);
}

TEST_CASE("The functions of a debug ELF are those of the link") {
    const test::Linked script = build(kCalls);
    const support::Result<std::vector<linker::Function>> read = linker::readFunctions(script.output.debugElf);
    REQUIRE(read);
    REQUIRE(read->size() == script.output.functions.size());
    for (std::size_t i = 0; i < read->size(); ++i) {
        CHECK((*read)[i].name == script.output.functions[i].name);
        CHECK((*read)[i].offset == script.output.functions[i].offset);
        CHECK((*read)[i].bytes == script.output.functions[i].bytes);
        CHECK((*read)[i].frameBytes == script.output.functions[i].frameBytes);
        CHECK((*read)[i].line == script.output.functions[i].line);
    }
}

TEST_CASE("Other code is another build, the same code the same") {
    const auto id = [](const std::string& text) { return image::read(build(text).output.image)->buildId; };
    CHECK(id("int entry(void) { return 1; }") == id("int entry(void) { return 1; }"));
    CHECK(id("int entry(void) { return 1; }") != id("int entry(void) { return 2; }"));
    CHECK(id("int entry(void) { return 1; }") != id("\nint entry(void) { return 1; }"));
}

TEST_CASE("Strings that end others are not stored twice") {
    linker::Request request =
        requestOf(build("__attribute__((section(\"coap/sensor\"), used)) int sensor(void) { return 1; }"));
    request.name = "coap/sensor";
    request.version = "r";
    const support::Result<linker::Output> output = linker::link(request);
    REQUIRE(output);
    CHECK(output->image.size() == 56 + 8 + 16 + 16); // header, entry, "coap/sensor\0" padded, two instructions
}
