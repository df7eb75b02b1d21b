// SPDX-License-Identifier: GPL-3.0-or-later
#include "rbpf_bindings/fmt.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/firmware/rbpf_bindings/caller.hpp"

namespace rbpf::bindings {

namespace {
std::string dfp(int16_t value, int digits) {
    char text[kFmtBytes];
    return {text, fmtS16Dfp(text, value, digits)};
}
} // namespace

TEST_CASE("numbers with a decimal point are written as RIOT writes them") {
    CHECK(dfp(-1234, -2) == "-12.34");
    CHECK(dfp(2150, -2) == "21.50");
    CHECK(dfp(5, -3) == "0.005");
    CHECK(dfp(-5, -1) == "-0.5");
    CHECK(dfp(0, -2) == "0.00");
    CHECK(dfp(42, 0) == "42");
    CHECK(dfp(7, 2) == "700");
    CHECK(dfp(-32768, -4) == "-3.2768");
    CHECK(dfp(-32768, -7) == "-0.0032768");
    CHECK(dfp(32767, 7) == "327670000000");
    CHECK(dfp(1, -8).empty());
    CHECK(dfp(1, 8).empty());
    CHECK(dfp(1, -2147483647 - 1).empty());
}

TEST_CASE("formatting checks exactly the bytes it writes") {
    Caller caller;
    REQUIRE(caller.call(0x50, {Caller::kStack + 59, 0xFFFFFFFFFFFFFB2E, 0xFFFFFFFE}) ==
            RBPF_STATUS_WRITE_FAULT); // -12.34
    CHECK(caller.detail() == Caller::kStack + 59);
    REQUIRE(caller.call(0x50, {Caller::kStack + 58, 0xFB2E, 0xFFFFFFFE}) == RBPF_STATUS_OK);
    CHECK(caller.result() == 6);
    CHECK(caller.stackText(64).substr(58) == "-12.34");
    REQUIRE(caller.call(0x51, {Caller::kStack, 4294967295u}) == RBPF_STATUS_OK);
    CHECK(caller.stackText(10) == "4294967295");
    CHECK(caller.call(0x51, {0, 1}) == RBPF_STATUS_WRITE_FAULT);
}

} // namespace rbpf::bindings
