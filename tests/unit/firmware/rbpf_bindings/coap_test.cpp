// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include <rbpf/coap.h>

#include "rbpf_wire/coap_message.hpp"
#include "tests/unit/firmware/rbpf_bindings/caller.hpp"

namespace rbpf::bindings {

namespace {

constexpr uint32_t kContext = RBPF_ADDRESS(RBPF_REGION_CONTEXT, 0);
constexpr uint32_t kBuffer = RBPF_ADDRESS(RBPF_REGION_GRANT, 0);

struct Request : Caller {
    explicit Request(uint32_t capacity = 64) : buffer(capacity) {
        exchange.buffer = buffer.data();
        exchange.capacity = capacity;
        exchange.messageId = 0x1234;
        exchange.tokenBytes = 2;
        exchange.token[0] = 0xAA;
        exchange.token[1] = 0xBB;
        run.coap = &exchange;
    }
    std::vector<uint8_t> buffer;
    CoapExchange exchange;
};

} // namespace

TEST_CASE("the CoAP bindings build the response that gcoap would") {
    Request script;
    REQUIRE(script.call(0x40, {kContext, COAP_CODE_CONTENT}) == RBPF_STATUS_OK);
    REQUIRE(script.call(0x42, {kContext, COAP_FORMAT_TEXT}) == RBPF_STATUS_OK);
    REQUIRE(script.call(0x41, {kContext, COAP_OPT_FINISH_PAYLOAD}) == RBPF_STATUS_OK);
    CHECK(script.result() == 8);
    REQUIRE(script.call(0x43, {kContext}) == RBPF_STATUS_OK);
    CHECK(script.result() == kBuffer + 8);
    const std::vector<uint8_t> expected = {0x62, 0x45, 0x12, 0x34, 0xAA, 0xBB, 0xC0, 0xFF};
    CHECK(std::vector<uint8_t>(script.buffer.begin(), script.buffer.begin() + 8) == expected);
    CHECK(script.exchange.packet.payload == kBuffer + 8);
    CHECK(script.exchange.packet.payload_len == 64 - 8);
}

TEST_CASE("the CoAP bindings outside of a request are faults") {
    Caller caller;
    for (const uint32_t id : {0x40u, 0x41u, 0x42u, 0x43u}) {
        CHECK(caller.call(id, {kContext, 0x45}) == RBPF_STATUS_BAD_ARGUMENT);
    }
}

TEST_CASE("the CoAP bindings take the script's own context only") {
    Request script;
    for (const uint32_t id : {0x40u, 0x41u, 0x42u, 0x43u}) {
        CHECK(script.call(id, {Caller::kStack, 0x45}) == RBPF_STATUS_BAD_ARGUMENT);
        CHECK(script.detail() == Caller::kStack);
    }
}

TEST_CASE("a response needs a response's code and its options in order") {
    Request script;
    for (const uint64_t code : {uint64_t{0}, uint64_t{1}, uint64_t{0xE0}, uint64_t{0x145}}) {
        CHECK(script.call(0x40, {kContext, code}) == RBPF_STATUS_BAD_ARGUMENT);
    }
    CHECK(script.call(0x42, {kContext, 0}) == RBPF_STATUS_BAD_ARGUMENT); // not begun
    CHECK(script.call(0x41, {kContext, 1}) == RBPF_STATUS_BAD_ARGUMENT);
    REQUIRE(script.call(0x40, {kContext, 0x45}) == RBPF_STATUS_OK);
    REQUIRE(script.call(0x42, {kContext, 60}) == RBPF_STATUS_OK);
    CHECK(script.call(0x42, {kContext, 60}) == RBPF_STATUS_BAD_ARGUMENT); // twice
    CHECK(script.call(0x42, {kContext, 0x10000}) == RBPF_STATUS_BAD_ARGUMENT);
}

TEST_CASE("a response that does not fit is refused, not overrun") {
    Request script(7);
    REQUIRE(script.call(0x40, {kContext, 0x45}) == RBPF_STATUS_OK);
    CHECK(script.call(0x42, {kContext, 12345}) == RBPF_STATUS_BAD_ARGUMENT);
    REQUIRE(script.call(0x42, {kContext, 0}) == RBPF_STATUS_OK);
    REQUIRE(script.call(0x41, {kContext, 1}) == RBPF_STATUS_OK);
    CHECK(script.intResult() < 0);
}

TEST_CASE("a script sees the parts of its request") {
    Request script;
    const uint8_t bytes[] = {0x42, 0x02, 0x12, 0x34, 0xAA, 0xBB, 0xB1, 'a', 0x01, 'b', 0xFF, 'h', 'i'};
    memcpy(script.buffer.data(), bytes, sizeof bytes);
    wire::CoapMessage message;
    REQUIRE(wire::parseCoap(message, {script.buffer.data(), sizeof bytes}) == wire::CoapParse::Ok);
    script.exchange.describe(message);
    CHECK(script.exchange.packet.header == kBuffer);
    CHECK(script.exchange.packet.token == kBuffer + 4);
    CHECK(script.exchange.packet.payload == kBuffer + 11);
    CHECK(script.exchange.packet.payload_len == 2);
    CHECK(script.exchange.packet.options_len == 2);
}

} // namespace rbpf::bindings
