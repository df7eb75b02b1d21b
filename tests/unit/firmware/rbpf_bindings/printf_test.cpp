// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/unit/firmware/rbpf_bindings/caller.hpp"

namespace rbpf::bindings {

namespace {
std::string print(const std::string& format, uint64_t a = 0, uint64_t b = 0, uint64_t c = 0, uint64_t d = 0) {
    Caller caller;
    const uint32_t address = caller.string(format);
    REQUIRE(caller.call(0x01, {address, a, b, c, d}) == RBPF_STATUS_OK);
    CHECK(caller.result() == caller.printed.size());
    return caller.printed;
}
} // namespace

TEST_CASE("printf knows the conversions that its header promises") {
    CHECK(print("plain") == "plain");
    CHECK(print("%d|%i|%u", 0xFFFFFFFB, 7, 0xFFFFFFFF) == "-5|7|4294967295");
    CHECK(print("%x %X %08x", 0xBEEF, 0xBEEF, 0xBEEF) == "beef BEEF 0000beef");
    CHECK(print("%ld %lu %llx", static_cast<uint64_t>(-9), ~0ull, ~0ull) == "-9 18446744073709551615 ffffffffffffffff");
    CHECK(print("%5d|%-5d|%05d|%+d", 42, 42, static_cast<uint32_t>(-42), 42) == "   42|42   |-0042|+42");
    CHECK(print("%c%c %%", 'o', 'k') == "ok %");
    CHECK(print("%p", 0x10000010) == "0x10000010");
    CHECK(print("%.3d %zu", 7, 8) == "007 8");
    CHECK(print("%ld", 0x8000000000000000ull) == "-9223372036854775808");
}

TEST_CASE("printf prints strings of the script's own memory") {
    Caller caller;
    memcpy(caller.stack.data(), "world", 6);
    const uint32_t format = caller.string("hello %s|%8s|%-8s|%.2s");
    REQUIRE(caller.call(0x01, {format, Caller::kStack, Caller::kStack, Caller::kStack, Caller::kStack}) ==
            RBPF_STATUS_OK);
    CHECK(caller.printed == "hello world|   world|world   |wo");
}

TEST_CASE("hostile formats are harmless") {
    SECTION("%n writes nothing and stands as it is") {
        Caller caller;
        const auto before = caller.stack;
        const uint32_t format = caller.string("a%nb%d");
        REQUIRE(caller.call(0x01, {format, Caller::kStack, 5}) == RBPF_STATUS_OK);
        CHECK(caller.printed == "a%nb5");
        CHECK(caller.stack == before);
    }
    SECTION("unknown conversions and a lonely percent sign stand as they are") {
        CHECK(print("%f %q %") == "%f %q %");
        CHECK(print("%l") == "%l");
        CHECK(print("%-0+") == "%-0+");
        CHECK(print("%.") == "%.");
        CHECK(print("%*") == "%*");
    }
    SECTION("more conversions than arguments print zeroes") {
        CHECK(print("%d%d%d%d%d%d", 1, 2, 3, 4) == "123400");
    }
    SECTION("huge widths and precisions are cut") {
        CHECK(print("%999999999999d", 1).size() == 64);
        CHECK(print("%.999999999d", 1).size() == 64);
        CHECK(print("%*d", 0xFFFFFFFF, 7) == "7");
    }
    SECTION("a %s that points nowhere is a fault with its address") {
        Caller caller;
        const uint32_t format = caller.string("x%s");
        CHECK(caller.call(0x01, {format, 0x70000000}) == RBPF_STATUS_READ_FAULT);
        CHECK(caller.detail() == 0x70000000);
        CHECK(caller.call(0x01, {format, 0}) == RBPF_STATUS_READ_FAULT);
    }
    SECTION("a %s without a NUL is a fault at the region's end") {
        Caller caller;
        memset(caller.stack.data(), 'a', caller.stack.size());
        const uint32_t format = caller.string("%s");
        CHECK(caller.call(0x01, {format, Caller::kStack}) == RBPF_STATUS_READ_FAULT);
        CHECK(caller.detail() == Caller::kStack + 64);
        const uint32_t precise = caller.string("%.70s");
        CHECK(caller.call(0x01, {precise, Caller::kStack + 60}) == RBPF_STATUS_READ_FAULT);
    }
    SECTION("a format without a NUL is a fault") {
        Caller caller;
        const uint32_t format = caller.string("%d%d%d", false);
        CHECK(caller.call(0x01, {format}) == RBPF_STATUS_READ_FAULT);
        CHECK(caller.printed.empty());
    }
    SECTION("one call prints a bounded amount") {
        std::string format;
        for (int i = 0; i < 100; ++i) {
            format += "%64d";
        }
        CHECK(print(format, 1, 2, 3, 4).size() == 512);
    }
}

TEST_CASE("print_debug prints a number and a line's end") {
    Caller caller;
    REQUIRE(caller.call(0x03, {4000000000u}) == RBPF_STATUS_OK);
    CHECK(caller.printed == "4000000000\n");
}

} // namespace rbpf::bindings
