// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/debug_memory.hpp"

#include <catch2/catch.hpp>

using namespace rbpf::cli::debug;

TEST_CASE("A format is count, kind and size in any order; what is left out stays") {
    const auto whole = parseFormat("8xb");
    REQUIRE(whole);
    CHECK(whole->count == 8);
    CHECK(whole->format == 'x');
    CHECK(whole->size == 1);
    const auto kept = parseFormat("2", {4, 'd', 8});
    REQUIRE(kept);
    CHECK(kept->format == 'd');
    CHECK(kept->size == 8);
    for (const char* text : {"0x", "8q", "99999x", "x8"}) {
        INFO(text);
        CHECK_FALSE(parseFormat(text));
    }
}

TEST_CASE("Memory is shown in rows with addresses, little-endian, signed where asked for") {
    const std::vector<std::uint8_t> bytes{0xfe, 0xff, 0x41, 0x00, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
    CHECK(memoryText(0x10000000, bytes, {18, 'x', 1}) == "0x10000000: 0xfe 0xff 0x41 0x00 0x01 0x02 0x03 0x04 0x05 "
                                                         "0x06 0x07 0x08 0x09 0x0a 0x0b 0x0c\n0x10000010: 0x0d 0x0e\n");
    CHECK(memoryText(0x10, std::span(bytes).first(4), {2, 'd', 2}) == "0x00000010: -2 65\n");
    CHECK(memoryText(0x10, std::span(bytes).first(4), {2, 'u', 2}) == "0x00000010: 65534 65\n");
    CHECK(memoryText(0x10, std::span(bytes).subspan(2, 2), {2, 'c', 1}) == "0x00000010: 65 'A' 0\n");
}

TEST_CASE("The stack shows which variable lies in which word, and how deep it was used") {
    std::vector<std::uint8_t> stack(32);
    stack[17] = 7;
    CHECK(usedBytes(stack) == 15);
    CHECK(usedBytes(std::vector<std::uint8_t>(16)) == 0);
    const std::string text = stackText(0x110, 0x120, std::span(stack).subspan(16), {{0x110, 16, "m"}, {0x11c, 4, "n"}});
    CHECK(text == "   0x00000118   r10-8  0x0000000000000000  m+8, n\n"
                  "   0x00000110  r10-16  0x0000000000000700  m+0\n");
}
