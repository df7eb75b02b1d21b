// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/image/listing.hpp"
#include "tests/unit/sdk/image/image_builder.hpp"

using namespace rbpf::testing;
using namespace rbpf::image;

namespace {

Image sample() {
    TestImage made;
    made.text = join({insn(0xb7, 1, 0, 0, 0x20000000),  // r1 = rodata
                      insn(0x15, 1, 0, 1, 0),           // if r1 == 0 goto +1
                      insn(0x85, 0, 1, 16, 1),          // call +1
                      insn(0x95), insn(0x05, 0, 0, -1), // helper: goto -1
                      insn(0x95)});
    made.rodata = ascii(std::string("hi %d\n\0", 7));
    made.data = {1, 2};
    made.bssBytes = 4;
    made.entries = {{"main", "coap/x", 0, 0}};
    return read(made.build()).value();
}

} // namespace

TEST_CASE("targets carry labels, calls the function's name, addresses what they point at") {
    const auto lines = disassemble(sample(), {{"main", 0}, {"helper", 32}});
    REQUIRE(lines.size() == 6);
    CHECK(lines[0].comment == "rodata+0x0 \"hi %d\\n\"");
    CHECK(lines[1].text == "if r1 == 0 goto +1 <L1>");
    CHECK(lines[2].text == "call +1 <helper>");
    CHECK(lines[3].label == "L1");
    CHECK(lines[3].function == "main");
    CHECK(lines[4].function == "helper");
    CHECK(lines[4].text == "goto -1 <L2>");
    CHECK(lines[4].label == "L2");
}

TEST_CASE("without symbols functions are known by entry and call") {
    const auto lines = disassemble(sample(), {});
    CHECK(lines[0].function == "main");
    CHECK(lines[2].text == "call +1 <function_4>");
}

TEST_CASE("a target outside of the text is said to be none") {
    TestImage made;
    made.text = join({insn(0x05, 0, 0, 100), insn(0x85, 0, 1, 0, -50), insn(0x95)});
    const auto lines = disassemble(read(made.build()).value(), {});
    CHECK(lines[0].text == "goto +100 <no instruction>");
    CHECK(lines[1].text == "call -50 <outside of the text>");
}

TEST_CASE("the listing mixes source lines in and dumps the data") {
    const Image image = sample();
    ListingOptions options;
    options.symbols = {{"main", 0}, {"helper", 32}};
    options.places = {{"a.c", 3}, {"a.c", 3}, {"a.c", 4}, {"a.c", 4}, {"", 0}, {"a.c", 9}};
    options.sourceText = [](const SourcePlace& place) { return place.line == 3 ? "    int x = 1;" : ""; };
    const std::string text = listing(image, options);
    CHECK_THAT(text, Catch::StartsWith("test 1.2.3\nentry main at 0, trigger coap/x\n"));
    CHECK_THAT(text,
               Catch::Contains("\n00000000 <main>:\n; a.c:3: int x = 1;\n       0:  b7 01 00 00 00 00 00 20  r1 = "
                               "536870912  ; rodata+0x0 \"hi %d\\n\"\n"));
    CHECK_THAT(text, Catch::Contains("; a.c:4\n"));
    CHECK_THAT(text, Catch::Contains("00000020 <helper>:\nL2:\n"));
    CHECK_THAT(text, Catch::Contains("20000000:  68 69 20 25 64 0a 00"));
    CHECK_THAT(text, Catch::Contains("|hi %d..|"));
    CHECK_THAT(text, Catch::Contains("30000000:  01 02"));
    CHECK_THAT(text, Catch::Contains("bss (4 bytes of zeroes at 30000002)"));
}
