// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/analyse/report.hpp"

using namespace rbpf::analyse;

namespace {
SizeReport sample() {
    SizeReport report;
    report.name = "coap-sensor";
    report.version = "0.1.0";
    report.text = 328;
    report.rodata = 12;
    report.stack = 24;
    report.stackLimit = 512;
    report.image = 380;
    report.instructions = 41;
    report.functions = {{"small", "", 0, 0, 8, 1, 0, 0.02}, {"sensor", "src/a.c", 7, 8, 320, 40, 24, 0.98}};
    report.parts = {{"header", 0, 40}, {"text", 40, 328}, {"rodata", 368, 12}};
    return report;
}
} // namespace

TEST_CASE("the line after a build says what the image costs") {
    CHECK(summary(sample()) ==
          "coap-sensor 0.1.0: 41 instructions, 328 B text, 12 B rodata, stack 24/512 B, image 380 B");
    SizeReport tiny = sample();
    tiny.instructions = 1;
    tiny.rodata = 0;
    tiny.bss = 4;
    CHECK(summary(tiny) == "coap-sensor 0.1.0: 1 instruction, 328 B text, 4 B bss, stack 24/512 B, image 380 B");
}

TEST_CASE("the table shows the largest function first and the file's parts with their sum") {
    const std::string text = table(sample());
    CHECK(text.find("sensor ") < text.find("small "));
    CHECK_THAT(text, Catch::Contains("98.0%  src/a.c:7\n"));
    CHECK_THAT(text, Catch::Contains("header"));
    CHECK_THAT(text, Catch::EndsWith("380\n"));
}
