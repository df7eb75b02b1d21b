// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <numeric>

#include "sdk/analyse/size.hpp"
#include "sdk/analyse/stack.hpp"
#include "tests/unit/sdk/image/image_builder.hpp"

using namespace rbpf::testing;
using namespace rbpf;

namespace {

/// main (frame 24) calls middle (frame 16), which calls leaf (frame 40); unused (frame 400) is never called.
image::Image calls() {
    TestImage made;
    made.text = join({insn(0x85, 0, 1, 24, 1), insn(0x95),                           // main
                      insn(0x85, 0, 1, 16, 1), insn(0x95),                           // middle
                      insn(0x7b, 10, 1, -40), insn(0x95),                            // leaf
                      insn(0x7b, 10, 1, -400), insn(0x18), insn(0x00), insn(0x95)}); // unused
    made.rodata = ascii("xyz");
    made.data = {1};
    made.entries = {{"main", "", 0, 24}};
    return image::read(made.build()).value();
}

const std::vector<linker::Function> kFunctions{{"main", "a.c", 1, 0, 16, 24},
                                               {"middle", "a.c", 5, 16, 16, 16},
                                               {"leaf", "a.c", 9, 32, 16, 40},
                                               {"unused", "a.c", 13, 48, 32, 400}};

} // namespace

TEST_CASE("the deepest stack follows the calls from the entries only") {
    CHECK(analyse::measure(calls(), kFunctions).stack == 24 + 16 + 40);
}

TEST_CASE("without a debug ELF the code itself tells the frames") {
    const auto report = analyse::measure(calls(), {});
    CHECK(report.stack == 24 + 16 + 400); // what nobody calls counts to the function before it
    REQUIRE(report.functions.size() == 3);
    CHECK(report.functions[0].name == "main");
    CHECK(report.functions[2].frameBytes == 400);
}

TEST_CASE("an address taken of the stack counts as its use") {
    TestImage made;
    made.text = join({insn(0xbf, 1, 10), insn(0x07, 1, 0, 0, -32), insn(0x95)});
    CHECK(analyse::measure(image::read(made.build()).value(), {}).stack == 32);
}

TEST_CASE("recursion does not hang the analysis") {
    TestImage made;
    made.text = join({insn(0x85, 0, 1, 8, -1), insn(0x95)});
    CHECK(analyse::measure(image::read(made.build()).value(), {}).stack == 8);
}

TEST_CASE("functions add up to the text and parts to the file") {
    for (const auto& functions : {kFunctions, std::vector<linker::Function>{}, std::vector{kFunctions[1]}}) {
        const auto report = analyse::measure(calls(), functions);
        std::uint32_t bytes = 0;
        std::uint32_t instructions = 0;
        for (const auto& function : report.functions) {
            bytes += function.bytes;
            instructions += function.instructions;
        }
        CHECK(bytes == report.text);
        CHECK(instructions == report.instructions);
        CHECK(report.instructions == 9);
        CHECK(std::accumulate(report.parts.begin(), report.parts.end(), 0u,
                              [](auto sum, const auto& part) { return sum + part.size; }) == report.image);
    }
}
