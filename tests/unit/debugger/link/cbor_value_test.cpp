// SPDX-License-Identifier: GPL-3.0-or-later
// Trees of CBOR from boards that may be broken or hostile.
#include <catch2/catch.hpp>

#include "debugger/link/cbor_value.hpp"

using namespace rbpf::link;
using Buffer = std::vector<std::uint8_t>;

TEST_CASE("a map is found by its text keys") {
    const Buffer bytes = {0xA2, 0x61, 'a', 0x01, 0x61, 'b', 0x82, 0x20, 0x62, 'h', 'i'};
    const auto map = decodeCbor(bytes);
    REQUIRE(map);
    REQUIRE(map->find("a") != nullptr);
    CHECK(map->find("a")->u32() == 1u);
    REQUIRE(map->find("b") != nullptr);
    CHECK(map->find("b")->items.at(0).i64() == -1);
    CHECK(map->find("b")->items.at(1).text() == "hi");
    CHECK(map->find("c") == nullptr);
    CHECK(map->find("a")->find("x") == nullptr);
    CHECK(!map->find("b")->u32());
    CHECK(!map->find("a")->text());
}

TEST_CASE("numbers that do not fit are not numbers") {
    CHECK(!decodeCbor(Buffer{0x1B, 0, 0, 0, 1, 0, 0, 0, 0})->u32());
    CHECK(decodeCbor(Buffer{0x3B, 0x7F, 255, 255, 255, 255, 255, 255, 255})->i64() == INT64_MIN);
    CHECK(!decodeCbor(Buffer{0x1B, 0x80, 0, 0, 0, 0, 0, 0, 0})->i64());
    CHECK(!decodeCbor(Buffer{0x3B, 0x80, 0, 0, 0, 0, 0, 0, 0})->i64());
}

TEST_CASE("nesting without end is refused before it exhausts the stack") {
    CHECK(!decodeCbor(Buffer(1 << 20, 0x81)));
    Buffer shallow(8, 0x81);
    shallow.push_back(0);
    CHECK(decodeCbor(shallow));
}

TEST_CASE("giant counts, trailing bytes and nothing at all are refused") {
    CHECK(!decodeCbor(Buffer{0x9B, 255, 255, 255, 255, 255, 255, 255, 255}));
    CHECK(!decodeCbor(Buffer{0x5A, 255, 255, 255, 255, 1}));
    CHECK(!decodeCbor(Buffer{0x01, 0x01}));
    CHECK(!decodeCbor(Buffer{}));
}

TEST_CASE("text from a board is made safe to show") {
    const Buffer bytes = {0x68, 'a', 0x1B, '[', '2', 'J', 0xC3, 0xA9, 0xFF};
    CHECK(decodeCbor(bytes)->text() == "a\xEF\xBF\xBD[2J\xC3\xA9\xEF\xBF\xBD");
    for (const Buffer& bad : {Buffer{0x62, 0xC0, 0x80}, Buffer{0x63, 0xED, 0xA0, 0x80}, Buffer{0x61, 0xE2}}) {
        CHECK(decodeCbor(bad)->text()->starts_with("\xEF\xBF\xBD"));
    }
}
