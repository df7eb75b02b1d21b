// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/unit/firmware/rbpf_bindings/caller.hpp"

namespace rbpf::bindings {

TEST_CASE("a pin is named by its port and its number in the port") {
    Caller caller;
    caller.port.inputs[32 + 5] = 1;
    caller.port.outputs[7] = 0;
    REQUIRE(caller.call(0x70, {1, 5}) == RBPF_STATUS_OK);
    CHECK(caller.intResult() == 1);
    REQUIRE(caller.call(0x72, {0, 7, 9}) == RBPF_STATUS_OK);
    CHECK(caller.intResult() == 0);
    CHECK(caller.port.outputs[7] == 1);
    REQUIRE(caller.call(0x71, {0, 7}) == RBPF_STATUS_OK);
    CHECK(caller.intResult() == 1);
}

TEST_CASE("a pin that the board does not have gives a negative result, wrapping numbers included") {
    Caller caller;
    caller.port.inputs[5] = 1;
    caller.port.outputs[5] = 0;
    for (const uint32_t port : {1U, 32U, 0x08000000U, 0xFFFFFFFFU}) {
        REQUIRE(caller.call(0x70, {port, 5}) == RBPF_STATUS_OK);
        CHECK(caller.intResult() < 0);
        REQUIRE(caller.call(0x72, {port, 5, 1}) == RBPF_STATUS_OK);
        CHECK(caller.intResult() < 0);
    }
    REQUIRE(caller.call(0x70, {0, 32 + 5}) == RBPF_STATUS_OK);
    CHECK(caller.intResult() < 0);
    CHECK(caller.port.outputs[5] == 0);
}

} // namespace rbpf::bindings
