// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/unit/firmware/rbpf_bindings/caller.hpp"

namespace rbpf::bindings {

TEST_CASE("a periodic script sleeps until its next period and learns when that was") {
    Caller caller;
    caller.port.timeUs = 5000;
    const uint32_t last = 4000;
    memcpy(caller.stack.data(), &last, 4);
    REQUIRE(caller.call(0x61, {Caller::kStack, 3000}) == RBPF_CALL_INTERRUPT);
    CHECK(caller.run.sleeping);
    CHECK(caller.run.wakeAtUs == 7000);
    uint32_t now = 0;
    memcpy(&now, caller.stack.data(), 4);
    CHECK(now == 7000);
}

TEST_CASE("a wake-up that has been missed is not slept for") {
    Caller caller;
    caller.port.timeUs = 50000;
    const uint32_t last = 4000;
    memcpy(caller.stack.data(), &last, 4);
    REQUIRE(caller.call(0x61, {Caller::kStack, 3000}) == RBPF_STATUS_OK);
    CHECK_FALSE(caller.run.sleeping);
    uint32_t now = 0;
    memcpy(&now, caller.stack.data(), 4);
    CHECK(now == 50000);
}

TEST_CASE("clocks that wrap are slept across") {
    Caller caller;
    caller.port.timeUs = 0xFFFFFF00;
    const uint32_t last = 0xFFFFFF00;
    memcpy(caller.stack.data(), &last, 4);
    REQUIRE(caller.call(0x61, {Caller::kStack, 0x200}) == RBPF_CALL_INTERRUPT);
    CHECK(caller.run.wakeAtUs == 0x100);
    CHECK(caller.call(0x61, {0, 1000}) == RBPF_STATUS_WRITE_FAULT);
}

TEST_CASE("the clocks give the port's time") {
    Caller caller;
    caller.port.timeUs = 7654321;
    REQUIRE(caller.call(0x20, {}) == RBPF_STATUS_OK);
    CHECK(caller.result() == 7654);
    REQUIRE(caller.call(0x60, {}) == RBPF_STATUS_OK);
    CHECK(caller.result() == 7654321);
}

} // namespace rbpf::bindings
