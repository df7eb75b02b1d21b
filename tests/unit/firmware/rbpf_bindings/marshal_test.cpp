// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/unit/firmware/rbpf_bindings/caller.hpp"

namespace rbpf::bindings {

TEST_CASE("memcpy copies between regions and gives the destination back") {
    Caller caller;
    const uint32_t text = caller.string("hello");
    REQUIRE(caller.call(0x02, {Caller::kStack + 3, text, 5}) == RBPF_STATUS_OK);
    CHECK(caller.stackText(8).substr(3) == "hello");
    CHECK(caller.result() == Caller::kStack + 3);
}

TEST_CASE("memcpy of overlapping bytes keeps them") {
    Caller caller;
    memcpy(caller.stack.data(), "abcdef", 6);
    REQUIRE(caller.call(0x02, {Caller::kStack + 2, Caller::kStack, 6}) == RBPF_STATUS_OK);
    CHECK(caller.stackText(8) == "ababcdef");
}

TEST_CASE("memcpy of nothing accepts any pointers") {
    Caller caller;
    CHECK(caller.call(0x02, {0, 0, 0}) == RBPF_STATUS_OK);
}

TEST_CASE("a bad pointer faults with its address before anything is written") {
    Caller caller;
    const uint32_t text = caller.string("hello");
    const auto before = caller.stack;
    SECTION("null source") {
        CHECK(caller.call(0x02, {Caller::kStack, 0, 4}) == RBPF_STATUS_READ_FAULT);
        CHECK(caller.detail() == 0);
    }
    SECTION("source ends outside") {
        CHECK(caller.call(0x02, {Caller::kStack, text + 4, 4}) == RBPF_STATUS_READ_FAULT);
        CHECK(caller.detail() == text + 4);
    }
    SECTION("destination ends outside") {
        CHECK(caller.call(0x02, {Caller::kStack + 61, text, 4}) == RBPF_STATUS_WRITE_FAULT);
        CHECK(caller.detail() == Caller::kStack + 61);
    }
    SECTION("destination is read-only") {
        CHECK(caller.call(0x02, {text, Caller::kStack, 4}) == RBPF_STATUS_WRITE_FAULT);
        CHECK(caller.detail() == text);
    }
    SECTION("no region there") {
        CHECK(caller.call(0x02, {0xF0000000, text, 1}) == RBPF_STATUS_WRITE_FAULT);
        CHECK(caller.detail() == 0xF0000000);
    }
    CHECK(caller.stack == before);
}

TEST_CASE("lengths that wrap are faults") {
    Caller caller;
    const uint32_t text = caller.string("hello");
    for (const uint64_t bytes : {0xFFFFFFFFull, 0x100000001ull, 0xFFFFFFFFFFFFFFFFull, 0x80000000ull, 0x10000001ull}) {
        CHECK(caller.call(0x02, {Caller::kStack, text, bytes}) == RBPF_STATUS_WRITE_FAULT);
        CHECK(caller.detail() == Caller::kStack);
    }
}

TEST_CASE("strings are read up to their NUL and never beyond their region") {
    Caller caller;
    SECTION("a good one") {
        const uint32_t text = caller.string("hello");
        REQUIRE(caller.call(0x52, {text + 1}) == RBPF_STATUS_OK);
        CHECK(caller.result() == 4);
    }
    SECTION("no NUL: the fault names the first byte behind the region") {
        const uint32_t text = caller.string("hello", false);
        CHECK(caller.call(0x52, {text}) == RBPF_STATUS_READ_FAULT);
        CHECK(caller.detail() == text + 5);
    }
    SECTION("null") {
        CHECK(caller.call(0x52, {0}) == RBPF_STATUS_READ_FAULT);
    }
    SECTION("the byte behind the region") {
        const uint32_t text = caller.string("a");
        CHECK(caller.call(0x52, {text + 2}) == RBPF_STATUS_READ_FAULT);
        CHECK(caller.detail() == text + 2);
    }
}

TEST_CASE("devices are handles that cannot be followed and are checked") {
    Caller caller;
    REQUIRE(caller.call(0x30, {1}) == RBPF_STATUS_OK);
    const uint64_t handle = caller.result();
    CHECK(handle == 2);
    CHECK(rbpf_container_access(&caller.container, handle, 1, RBPF_READ) == nullptr);
    REQUIRE(caller.call(0x32, {handle, Caller::kStack + 1}) == RBPF_STATUS_OK); // unaligned on purpose
    CHECK(caller.intResult() == 1);
    phydat_t reading;
    memcpy(&reading, caller.stack.data() + 1, sizeof reading);
    CHECK(reading.val[0] == 2150);
    CHECK(reading.scale == -2);

    for (const uint64_t none : {uint64_t{2}, uint64_t{0xFFFFFFFF}, uint64_t{0x80000000}}) {
        REQUIRE(caller.call(0x30, {none}) == RBPF_STATUS_OK);
        CHECK(caller.result() == 0);
    }
    for (const uint64_t bad : {uint64_t{0}, uint64_t{3}, uint64_t{0xFFFFFFFF}}) {
        REQUIRE(caller.call(0x32, {bad, Caller::kStack}) == RBPF_STATUS_OK);
        CHECK(caller.intResult() < 0);
        REQUIRE(caller.call(0x33, {bad, Caller::kStack}) == RBPF_STATUS_OK);
        CHECK(caller.intResult() < 0);
    }
    CHECK(caller.call(0x32, {handle, Caller::kStack + 60}) == RBPF_STATUS_WRITE_FAULT);
    CHECK(caller.call(0x33, {handle, Caller::kStack + 60}) == RBPF_STATUS_READ_FAULT);
}

TEST_CASE("a device is found by its class") {
    Caller caller;
    REQUIRE(caller.call(0x31, {0x82}) == RBPF_STATUS_OK);
    CHECK(caller.result() == 2);
    REQUIRE(caller.call(0x31, {0x99}) == RBPF_STATUS_OK);
    CHECK(caller.result() == 0);
}

} // namespace rbpf::bindings
