// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <vector>

#include "ide/cli/payload_text.hpp"

using namespace rbpf::cli;
using Bytes = std::vector<std::uint8_t>;

TEST_CASE("text is shown as it is, and what is none cannot harm the screen") {
    CHECK(payloadText(0, Bytes{'2', '1', '.', '5'}) == "21.5");
    CHECK(escaped(Bytes{0xC2, 0xB0, 'C', '\n'}) == "\xC2\xB0" "C\n");
    CHECK(escaped(Bytes{0x1B, '[', '2', 'J', 0xFF, 0}) == "\\x1b[2J\\xff\\x00");
    CHECK(escaped(Bytes{}).empty());
}

TEST_CASE("CBOR is shown as JSON, and bytes that are none as hexadecimal digits") {
    CHECK(payloadText(60, Bytes{0xA2, 0x61, 'a', 0x01, 0x02, 0x82, 0x20, 0x42, 0xBE, 0xEF}) ==
          "{\n  \"a\": 1,\n  \"2\": [\n    -1,\n    \"h'beef'\"\n  ]\n}");
    CHECK(payloadText(60, Bytes{0xF5}) == "true");
    CHECK(payloadText(60, Bytes{0x82, 0x01}) == "8201");
    std::string deep; // deeper than anybody should follow
    for (int i = 0; i < 100; ++i) {
        deep += "81";
    }
    CHECK(payloadText(60, Bytes(100, 0x81)) == deep);
    CHECK(payloadText(42, Bytes{1, 0xAB}) == "01ab");
}

TEST_CASE("content formats have names") {
    CHECK(formatName({}) == "no format");
    CHECK(formatName(60) == "CBOR");
    CHECK(formatName(11542) == "format 11542");
}
