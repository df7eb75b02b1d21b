// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "rbpf_wire/rsp.hpp"

using namespace rbpf::wire;

namespace {

Bytes bytes(const std::string& text) {
    return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string text(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data), bytes.size};
}

} // namespace

TEST_CASE("A number ends before the first character that is no digit") {
    const std::string payload = "10AbcdEF,0;";
    RspReader reader(bytes(payload));
    uint32_t first = 0, second = 1;
    REQUIRE(reader.pair(first, second));
    CHECK(first == 0x10abcdef);
    CHECK(second == 0);
    CHECK(text(reader.rest()) == ";");
}

TEST_CASE("A number that does not fit is refused and not consumed") {
    const std::string payload = GENERATE(as<std::string>{}, "10000000000000000", "", "g", "-1");
    RspReader reader(bytes(payload));
    uint64_t value = 7;
    CHECK_FALSE(reader.number(value));
    CHECK(value == 7);
    CHECK(text(reader.rest()) == payload);
}

TEST_CASE("A number beyond 32 bits is no 32-bit number") {
    const std::string payload = "100000000";
    RspReader reader(bytes(payload));
    uint32_t narrow = 0;
    uint64_t wide = 0;
    CHECK_FALSE(reader.number(narrow));
    REQUIRE(reader.number(wide));
    CHECK(wide == 0x100000000u);
}

TEST_CASE("A pair without its second number consumes nothing") {
    const std::string payload = "12,";
    RspReader reader(bytes(payload));
    uint32_t first = 0, second = 0;
    CHECK_FALSE(reader.pair(first, second));
    CHECK(text(reader.rest()) == "12,");
}

TEST_CASE("Bytes in hexadecimal must all be there") {
    const std::string payload = "00fF7";
    RspReader reader(bytes(payload));
    uint8_t out[3] = {};
    CHECK_FALSE(reader.hexBytes(out, 3));
    REQUIRE(reader.hexBytes(out, 2));
    CHECK(out[1] == 0xff);
    CHECK_FALSE(reader.atEnd());
}

TEST_CASE("Every byte survives binary escaping") {
    std::vector<uint8_t> all(256), escaped(600), back(256);
    for (unsigned i = 0; i < 256; ++i) {
        all[i] = static_cast<uint8_t>(i);
    }
    RspWriter writer(escaped.data(), escaped.size());
    writer.binary(all.data(), all.size());
    CHECK(writer.bytes().size == 260);
    RspReader reader(writer.bytes());
    REQUIRE(reader.binary(back.data(), back.size()));
    CHECK(back == all);
    CHECK(reader.atEnd());
}

TEST_CASE("An escape at the end stands for nothing") {
    const std::string payload = "a}";
    RspReader reader(bytes(payload));
    uint8_t out[2];
    CHECK_FALSE(reader.binary(out, 2));
    CHECK(reader.rest().size == 2);
}

TEST_CASE("Until a character: it is consumed, and at the end of the payload not needed") {
    const std::string payload = "name:1,2;last";
    RspReader reader(bytes(payload));
    CHECK(text(reader.until(':')) == "name");
    CHECK(text(reader.until(';')) == "1,2");
    CHECK(text(reader.until(';')) == "last");
    CHECK(reader.until(';').size == 0);
    CHECK(RspReader({}).until(':').size == 0);
}

TEST_CASE("A prefix is taken whole or not at all") {
    const std::string payload = "qXfer";
    RspReader reader(bytes(payload));
    CHECK_FALSE(reader.take("qXfer:"));
    CHECK(reader.take("qX"));
    CHECK_FALSE(reader.take('q'));
    CHECK(reader.take('f'));
}

TEST_CASE("A writer leaves out what does not fit and all that follows") {
    uint8_t buffer[6] = {'?', '?', '?', '?', '?', '?'};
    RspWriter writer(buffer, 5);
    writer.text("ab").number(0x1234);
    CHECK(writer.overflowed());
    CHECK(writer.room() == 0);
    writer.put('c');
    CHECK(text(writer.bytes()) == "ab");
    CHECK(buffer[2] == '?');
}

TEST_CASE("Numbers are written without leading zeros, bytes with them") {
    uint8_t buffer[64];
    RspWriter writer(buffer, sizeof buffer);
    const uint8_t two[] = {0x0a, 0xf0};
    writer.number(0).put(',').number(UINT64_MAX).put(',').number(0x10).put(':').hexBytes(two, 2);
    CHECK(text(writer.bytes()) == "0,ffffffffffffffff,10:0af0");
}
