// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <catch2/catch.hpp>

#include "sdk/support/byte_reader.hpp"

using rbpf::support::ByteReader;

namespace {
const std::array<std::uint8_t, 9> kBytes{1, 2, 3, 4, 5, 6, 7, 8, 0};
}

TEST_CASE("numbers are read with their low byte first") {
    const ByteReader reader(kBytes);
    CHECK(reader.u8(0) == 0x01);
    CHECK(reader.u16(1) == 0x0302);
    CHECK(reader.u32(1) == 0x05040302u);
    CHECK(reader.u64(0) == 0x0807060504030201ull);
}

TEST_CASE("a read that would leave the bytes gives nothing") {
    const ByteReader reader(kBytes);
    CHECK(reader.u8(8) == 0);
    CHECK_FALSE(reader.u8(9));
    CHECK_FALSE(reader.u16(8));
    CHECK_FALSE(reader.u64(2));
    CHECK_FALSE(reader.u32(SIZE_MAX));
    CHECK_FALSE(reader.bytes(4, SIZE_MAX));
    CHECK_FALSE(reader.bytes(SIZE_MAX, 2));
    CHECK(reader.bytes(9, 0));
    CHECK_FALSE(reader.bytes(10, 0));
}

TEST_CASE("a text must end inside its limit") {
    const std::array<std::uint8_t, 4> bytes{'a', 'b', 0, 'c'};
    const ByteReader reader(bytes);
    CHECK(reader.text(0, 4) == "ab");
    CHECK_FALSE(reader.text(0, 2));
    CHECK_FALSE(reader.text(3, 100));
    CHECK_FALSE(reader.text(SIZE_MAX, 4));
}
