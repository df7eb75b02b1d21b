// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "debugger/dap/base64.hpp"
#include "debugger/dap/breakpoints.hpp"

using namespace rbpf::dap;

TEST_CASE("base64 is the inverse of itself at every length") {
    std::vector<std::uint8_t> bytes;
    for (int i = 0; i < 20; ++i) {
        CHECK(fromBase64(toBase64(bytes)) == bytes);
        bytes.push_back(static_cast<std::uint8_t>(i * 37));
    }
    CHECK(toBase64(std::vector<std::uint8_t>{'M', 'a'}) == "TWE=");
    CHECK_FALSE(fromBase64("a"));
    CHECK_FALSE(fromBase64("ab!d"));
}

TEST_CASE("hit conditions count from the first hit that stops") {
    CHECK(parseHitCondition("3").value() == 2);
    CHECK(parseHitCondition(">= 3").value() == 2);
    CHECK(parseHitCondition("> 3").value() == 3);
    for (const char* wrong : {"", "0", "x", "% 2", "== 3", "< 3", "3 x", "99999999999"}) {
        CHECK_FALSE(parseHitCondition(wrong));
    }
}
