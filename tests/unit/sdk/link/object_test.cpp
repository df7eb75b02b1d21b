// SPDX-License-Identifier: GPL-3.0-or-later
// Objects that sdk/compile has not made: clang's own, with relocations, and broken ones.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include <catch2/catch.hpp>

#include "sdk/image/image.hpp"
#include "tests/paths.hpp"
#include "tests/unit/sdk/compile/script.hpp"

using namespace rbpf;

namespace {

std::vector<std::uint8_t> clangObject(const std::string& text, const std::string& options = "-O2") {
    const std::filesystem::path dir = std::filesystem::path(test::binaryDir()) / "object_test";
    std::filesystem::create_directories(dir);
    std::ofstream(dir / "a.c") << text;
    const std::string command =
        "cd '" + dir.string() + "' && clang-19 -target bpfel -mcpu=v4 -g " + options + " -c a.c -o a.o";
    REQUIRE(std::system(command.c_str()) == 0);
    std::ifstream file(dir / "a.o", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

linker::Request requestOf(std::vector<std::uint8_t> object) {
    linker::Request request;
    request.object = std::move(object);
    request.name = "object";
    request.version = "1";
    request.entries = {{"entry", "", "a.c", 1}};
    return request;
}

constexpr const char* kWithRelocations =
    "static int numbers[] = {10, 20, 30}; static int *pointers[] = {&numbers[2], &numbers[0]}; static long zeroes[4];\n"
    "static const char *const words[] = {\"one\", \"three\"};\n"
    "__attribute__((noinline)) static int helper(int n) { volatile char b[16]; b[3] = (char)n; return b[3] + 1; }\n"
    "__attribute__((section(\"other\"), noinline)) int far(int n) { return n * 3 + zeroes[n & 3]; }\n"
    "__attribute__((section(\"unused\"))) int unreached(int n) { return n * 1234; }\n"
    "__attribute__((section(\"coap/x\"))) int entry(unsigned char *v) { zeroes[v[0]] += 5; numbers[0]++;\n"
    "    return *pointers[v[0]] + words[v[0]][1] + helper(v[0]) + far(v[0]); }";

} // namespace

TEST_CASE("Objects of clang with relocations, several text sections and string sections link and run") {
    for (const char* options : {"-O2", "-Oz", "-O2 -ffunction-sections -fdata-sections"}) {
        INFO(options);
        const support::Result<linker::Output> output = linker::link(requestOf(clangObject(kWithRelocations, options)));
        REQUIRE(output);
        INFO(test::errorsOf(output->diagnostics));
        REQUIRE_FALSE(output->image.empty());
        const test::Ran ran = test::run(output->image, {1});
        REQUIRE(ran.halt == RBPF_HALT_EXITED);
        CHECK(ran.result == 11 + 'h' + 2 + 3 + 5);
    }
}

TEST_CASE("Functions that no entry reaches are dropped") {
    const support::Result<linker::Output> output = linker::link(requestOf(clangObject(kWithRelocations)));
    REQUIRE(output);
    for (const linker::Function& function : output->functions) {
        CHECK(function.name != "unreached");
    }
    CHECK(output->functions.size() == 3);
}

TEST_CASE("What an object leaves undefined is named") {
    const support::Result<linker::Output> output = linker::link(requestOf(
        clangObject("int missing(int); extern int absent; int entry(int *v) { return missing(v[0]) + absent; }")));
    REQUIRE(output);
    CHECK(output->image.empty());
    const std::string errors = test::errorsOf(output->diagnostics);
    CHECK(errors.find("`missing`") != std::string::npos);
    CHECK(errors.find("`absent`") != std::string::npos);
}

TEST_CASE("Recursion in an object is told with its cycle") {
    const support::Result<linker::Output> output =
        linker::link(requestOf(clangObject("__attribute__((noinline)) static int f(int n) { return n < 2 ? n : f(n - "
                                           "1) + f(n - 2); }\nint entry(int *v) { return f(v[0]); }")));
    REQUIRE(output);
    REQUIRE(output->diagnostics.size() == 1);
    CHECK(output->diagnostics[0].message.find("f -> f") != std::string::npos);
}

TEST_CASE("Addresses of functions are told") {
    const support::Result<linker::Output> output = linker::link(requestOf(clangObject(
        "static int f(int n) { return n; } static int g(int n) { return -n; }\n"
        "static int (*volatile table[])(int) = {f, g};\nint entry(int *v) { return table[v[0] & 1](v[1]); }")));
    REQUIRE(output);
    CHECK(output->image.empty());
    CHECK(test::errorsOf(output->diagnostics).find("address of the function") != std::string::npos);
}

TEST_CASE("Truncated and bit-flipped objects are refused or linked, never worse") {
    const std::vector<std::uint8_t> object =
        test::build("#include <string.h>\nstatic const char *const words[] = {\"one\", \"three\"};\n"
                    "int entry(char *v) { return strlen(v) + words[v[0] & 1][1]; }")
            .compiled.object;
    for (std::size_t size = 0; size < object.size(); size += size < 256 ? 1 : 37) {
        (void)linker::link(requestOf({object.begin(), object.begin() + static_cast<std::ptrdiff_t>(size)}));
    }
    CHECK_FALSE(linker::link(requestOf({})));
    CHECK_FALSE(linker::link(requestOf({object.begin(), object.begin() + 100})));
    std::mt19937 random(1);
    for (int round = 0; round < 3000; ++round) {
        std::vector<std::uint8_t> broken = object;
        for (int flip = 0; flip < 1 + round % 4; ++flip) {
            broken[random() % broken.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
        }
        const support::Result<linker::Output> output = linker::link(requestOf(std::move(broken)));
        if (output) {
            (void)linker::readFunctions(output->debugElf);
        }
    }
}

TEST_CASE("ELF files of other machines are refused with a sentence") {
    std::ifstream file("/proc/self/exe", std::ios::binary);
    std::vector<std::uint8_t> program((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const support::Result<linker::Output> output = linker::link(requestOf(program));
    REQUIRE_FALSE(output);
    CHECK(output.error().message.find("another kind") != std::string::npos);
    CHECK_FALSE(linker::readFunctions(program));
}
