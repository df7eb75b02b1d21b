// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <catch2/catch.hpp>

#include "sdk/support/text.hpp"

using namespace rbpf::support;

TEST_CASE("hexadecimal goes both ways and refuses what is not hexadecimal") {
    const std::vector<std::uint8_t> bytes{0x00, 0xff, 0x1a};
    CHECK(toHex(bytes) == "00ff1a");
    CHECK(fromHex("00 FF\n1a") == bytes);
    CHECK(fromHex("")->empty());
    CHECK_FALSE(fromHex("0"));
    CHECK_FALSE(fromHex("0 0"));
    CHECK_FALSE(fromHex("0x11"));
}

TEST_CASE("a misspelt word finds its neighbour and a foreign word finds none") {
    const std::array<std::string_view, 3> words{"sources", "stack", "name"};
    CHECK(closest("sorces", words) == "sources");
    CHECK(closest("satck", words) == "stack");
    CHECK(closest("Name", words) == "name");
    CHECK_FALSE(closest("colour", words));
    CHECK_FALSE(closest("x", words));
}
