// SPDX-License-Identifier: GPL-3.0-or-later
// A retransmitted request does nothing twice.
#include <catch2/catch.hpp>

#include "rbpf_wire/coap_builder.hpp"
#include "rbpf_wire/coap_dedup.hpp"
#include "wire_text.hpp"

using namespace rbpf::wire;
using namespace rbpf::wire::test;

namespace {

struct Request {
    Buffer bytes;
    CoapMessage message;
    Request(std::uint16_t id, const std::string& token) : bytes(fromHex("44 01 00 00")) {
        bytes[2] = static_cast<std::uint8_t>(id >> 8);
        bytes[3] = static_cast<std::uint8_t>(id);
        Buffer tokenBytes = fromHex(token);
        bytes.insert(bytes.end(), tokenBytes.begin(), tokenBytes.end());
        REQUIRE(parseCoap(message, view(bytes)) == CoapParse::Ok);
    }
    Request(const Request&) = delete;
};

} // namespace

TEST_CASE("a repeated request gets the reply of the first one") {
    FixedCoapDedup<4, 64> cache;
    Request request(1, "01020304");
    Bytes reply;
    CHECK(cache.check(0, request.message, 10, reply) == DedupVerdict::New);
    CHECK(cache.check(0, request.message, 20, reply) == DedupVerdict::InProgress);
    cache.answered(0, request.message, textBytes("reply"));
    CHECK(cache.check(0, request.message, 30, reply) == DedupVerdict::Replay);
    CHECK(text(reply) == "reply");
}

TEST_CASE("another token, id or peer makes another request") {
    FixedCoapDedup<4, 64> cache;
    Request request(1, "01020304");
    Request otherToken(1, "01020305");
    Request otherId(2, "01020304");
    Bytes reply;
    CHECK(cache.check(0, request.message, 0, reply) == DedupVerdict::New);
    CHECK(cache.check(0, otherToken.message, 0, reply) == DedupVerdict::New);
    CHECK(cache.check(0, otherId.message, 0, reply) == DedupVerdict::New);
    CHECK(cache.check(1, request.message, 0, reply) == DedupVerdict::New);
}

TEST_CASE("an entry is forgotten after the exchange lifetime, also across the clock's wrap") {
    for (std::uint32_t start : {0u, 0xFFFFFF00u}) {
        FixedCoapDedup<2, 64> cache;
        Request request(1, "01020304");
        Bytes reply;
        REQUIRE(cache.check(0, request.message, start, reply) == DedupVerdict::New);
        cache.answered(0, request.message, textBytes("x"));
        CHECK(cache.check(0, request.message, start + kExchangeLifetimeMs - 1, reply) == DedupVerdict::Replay);
        CHECK(cache.check(0, request.message, start + kExchangeLifetimeMs, reply) == DedupVerdict::New);
    }
}

TEST_CASE("a full cache gives up its oldest entry") {
    FixedCoapDedup<2, 64> cache;
    Request first(1, "01020304");
    Request second(2, "01020304");
    Request third(3, "01020304");
    Bytes reply;
    cache.check(0, first.message, 1, reply);
    cache.answered(0, first.message, textBytes("1"));
    cache.check(0, second.message, 2, reply);
    cache.answered(0, second.message, textBytes("2"));
    cache.check(0, third.message, 3, reply);
    cache.answered(0, third.message, textBytes("3"));
    CHECK(cache.check(0, second.message, 4, reply) == DedupVerdict::Replay);
    CHECK(cache.check(0, third.message, 4, reply) == DedupVerdict::Replay);
    CHECK(cache.check(0, first.message, 4, reply) == DedupVerdict::New);
}

TEST_CASE("a reply that is too long to keep is not kept in part") {
    FixedCoapDedup<2, 4> cache;
    Request request(1, "01020304");
    Bytes reply;
    cache.check(0, request.message, 1, reply);
    cache.answered(0, request.message, textBytes("12345"));
    CHECK(cache.check(0, request.message, 2, reply) == DedupVerdict::New);
}
