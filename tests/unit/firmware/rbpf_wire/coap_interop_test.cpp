// SPDX-License-Identifier: GPL-3.0-or-later
// The CoAP codec against libcoap's: each parses what the other builds.
#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <coap3/coap.h>

#include "rbpf_wire/coap_block.hpp"
#include "rbpf_wire/coap_builder.hpp"
#include "wire_text.hpp"

using namespace rbpf::wire;
using namespace rbpf::wire::test;

namespace {

/// What libcoap puts on the network for a PUT with the given token and payload.
Buffer bytesOfLibcoap(const Buffer& token, const Buffer& payload, std::uint16_t& id) {
    int socketFd = socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(bind(socketFd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    socklen_t length = sizeof address;
    REQUIRE(getsockname(socketFd, reinterpret_cast<sockaddr*>(&address), &length) == 0);

    coap_context_t* context = coap_new_context(nullptr);
    coap_address_t peer;
    coap_address_init(&peer);
    peer.size = sizeof address;
    peer.addr.sin = address;
    coap_session_t* session = coap_new_client_session(context, nullptr, &peer, COAP_PROTO_UDP);
    REQUIRE(session != nullptr);
    coap_pdu_t* pdu = coap_new_pdu(COAP_MESSAGE_CON, COAP_REQUEST_CODE_PUT, session);
    coap_add_token(pdu, token.size(), token.data());
    for (const char* segment : {"rbpf", "slots", "a segment that is longer than thirteen"}) {
        coap_add_option(pdu, COAP_OPTION_URI_PATH, strlen(segment), reinterpret_cast<const std::uint8_t*>(segment));
    }
    std::uint8_t number[4];
    coap_add_option(pdu, COAP_OPTION_CONTENT_FORMAT, coap_encode_var_safe(number, sizeof number, 60), number);
    coap_add_option(pdu, COAP_OPTION_BLOCK1, coap_encode_var_safe(number, sizeof number, 5 << 4 | 8 | 2), number);
    coap_add_option(pdu, 2000, 2, reinterpret_cast<const std::uint8_t*>("ab"));
    coap_add_data(pdu, payload.size(), payload.data());
    id = static_cast<std::uint16_t>(coap_pdu_get_mid(pdu));
    REQUIRE(coap_send(session, pdu) != COAP_INVALID_MID);

    pollfd ready{socketFd, POLLIN, 0};
    REQUIRE(poll(&ready, 1, 5000) == 1);
    Buffer bytes(2048);
    bytes.resize(static_cast<std::size_t>(recv(socketFd, bytes.data(), bytes.size(), 0)));
    coap_session_release(session);
    coap_free_context(context);
    close(socketFd);
    return bytes;
}

} // namespace

TEST_CASE("a message built by libcoap is parsed to the same parts") {
    coap_startup();
    Buffer token = fromHex("01 02 03 04 05");
    Buffer payload(64, 0xAB);
    std::uint16_t id = 0;
    Buffer bytes = bytesOfLibcoap(token, payload, id);
    CoapMessage message;
    REQUIRE(parseCoap(message, view(bytes)) == CoapParse::Ok);
    CHECK(message.type == CoapType::Confirmable);
    CHECK(message.code == kCoapPut);
    CHECK(message.messageId == id);
    CHECK(copy(message.token) == token);
    CHECK(copy(message.payload) == payload);
    char path[80];
    REQUIRE(coapPath(message, path, sizeof path) > 0);
    CHECK(std::string(path) == "rbpf/slots/a segment that is longer than thirteen");
    std::uint32_t format = 0;
    CHECK((findUint(message, kOptionContentFormat, format) && format == kFormatCbor));
    CoapBlock block;
    REQUIRE(findBlock(message, kOptionBlock1, block) == BlockFind::Present);
    CHECK(block.number == 5);
    CHECK(block.more);
    CHECK(block.szx == 2);
    Bytes extended;
    REQUIRE(findOption(message, 2000, extended));
    CHECK(text(extended) == "ab");
}

TEST_CASE("a message built by us is parsed by libcoap to the same parts") {
    Buffer token = fromHex("AA BB CC DD");
    Buffer storage(512);
    CoapBuilder builder(storage.data(), storage.size());
    builder.begin(CoapType::Acknowledgement, kCoapContent, 0x1234, view(token));
    builder.option(kOptionETag, textBytes("12345678"));
    builder.path("rbpf/a segment that is longer than thirteen");
    builder.optionUint(kOptionContentFormat, 60);
    builder.optionUint(kOptionBlock2, encodeBlock({70000, true, 6}));
    builder.optionUint(2000, 0x010203);
    builder.payload(textBytes("payload"));
    storage.resize(builder.finish());

    coap_pdu_t* pdu = coap_pdu_init(COAP_MESSAGE_CON, COAP_EMPTY_CODE, 0, storage.size());
    REQUIRE(coap_pdu_parse(COAP_PROTO_UDP, storage.data(), storage.size(), pdu) == 1);
    CHECK(coap_pdu_get_type(pdu) == COAP_MESSAGE_ACK);
    CHECK(coap_pdu_get_code(pdu) == COAP_RESPONSE_CODE_CONTENT);
    CHECK(coap_pdu_get_mid(pdu) == 0x1234);
    coap_bin_const_t theirs = coap_pdu_get_token(pdu);
    CHECK(Buffer(theirs.s, theirs.s + theirs.length) == token);
    coap_block_t block{};
    REQUIRE(coap_get_block(pdu, COAP_OPTION_BLOCK2, &block) == 1);
    CHECK(block.num == 70000);
    CHECK(block.m == 1);
    CHECK(block.szx == 6);
    std::vector<std::pair<unsigned, std::size_t>> options;
    coap_opt_iterator_t iterator;
    coap_option_iterator_init(pdu, &iterator, COAP_OPT_ALL);
    while (coap_opt_t* option = coap_option_next(&iterator)) {
        options.emplace_back(iterator.number, coap_opt_length(option));
    }
    CHECK(options ==
          std::vector<std::pair<unsigned, std::size_t>>{{4, 8}, {11, 4}, {11, 38}, {12, 1}, {23, 3}, {2000, 3}});
    std::size_t length = 0;
    const std::uint8_t* data = nullptr;
    REQUIRE(coap_get_data(pdu, &length, &data) == 1);
    CHECK(std::string(reinterpret_cast<const char*>(data), length) == "payload");
    coap_delete_pdu(pdu);
}
