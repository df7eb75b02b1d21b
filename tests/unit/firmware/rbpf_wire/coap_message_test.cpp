// SPDX-License-Identifier: GPL-3.0-or-later
// CoAP messages: what is built is parsed back, and nothing hostile is read past its end.
#include <catch2/catch.hpp>

#include "rbpf_wire/coap_builder.hpp"
#include "rbpf_wire/coap_message.hpp"
#include "wire_text.hpp"

using namespace rbpf::wire;
using namespace rbpf::wire::test;

namespace {

CoapParse parse(const Buffer& bytes) {
    CoapMessage message;
    return parseCoap(message, view(bytes));
}

} // namespace

TEST_CASE("the example request of RFC 7252 figure 16 is built byte for byte") {
    std::uint8_t buffer[64];
    CoapBuilder builder(buffer, sizeof buffer);
    builder.begin(CoapType::Confirmable, kCoapGet, 0x7D34, {});
    builder.path("temperature");
    Buffer message(buffer, buffer + builder.finish());
    CHECK(message == fromHex("40 01 7D 34 BB 74 65 6D 70 65 72 61 74 75 72 65"));
}

TEST_CASE("any message that is built is parsed to the same parts") {
    std::mt19937 random(3);
    for (int round = 0; round < 500; ++round) {
        std::vector<std::pair<std::uint16_t, Buffer>> options;
        std::uint32_t number = 0;
        for (std::size_t i = random() % 6; i > 0; --i) {
            static constexpr std::uint32_t kSteps[] = {0, 1, 12, 13, 14, 268, 269, 270, 5000};
            number += kSteps[random() % 9];
            static constexpr std::size_t kLengths[] = {0, 1, 12, 13, 14, 268, 269, 270};
            options.emplace_back(static_cast<std::uint16_t>(number), randomBytes(random, kLengths[random() % 8]));
        }
        Buffer token = randomBytes(random, random() % 9);
        Buffer payload = randomBytes(random, random() % 2 * (random() % 100));
        Buffer storage(4096);
        CoapBuilder builder(storage.data(), storage.size());
        builder.begin(CoapType::NonConfirmable, kCoapPost, 77, view(token));
        for (const auto& [id, value] : options) {
            builder.option(id, view(value));
        }
        builder.payload(view(payload));
        storage.resize(builder.finish());
        REQUIRE(!storage.empty());

        CoapMessage message;
        REQUIRE(parseCoap(message, view(storage)) == CoapParse::Ok);
        CHECK(message.type == CoapType::NonConfirmable);
        CHECK(message.code == kCoapPost);
        CHECK(message.messageId == 77);
        CHECK(copy(message.token) == token);
        CHECK(copy(message.payload) == payload);
        CoapOptionReader reader(message.options);
        CoapOption option;
        for (const auto& [id, value] : options) {
            REQUIRE(reader.next(option));
            CHECK(option.number == id);
            CHECK(copy(option.value) == value);
        }
        CHECK(!reader.next(option));
        CHECK(!reader.malformed());

        // Cut anywhere, it is either refused or a shorter message; a reader past the end would trip the sanitizer.
        for (std::size_t cut = 0; cut < storage.size(); cut += 1 + storage.size() / 40) {
            Buffer part(storage.begin(), storage.begin() + static_cast<std::ptrdiff_t>(cut));
            part.shrink_to_fit();
            (void)parse(part);
        }
    }
}

TEST_CASE("random bytes are never read past their end") {
    std::mt19937 random(4);
    for (int round = 0; round < 20000; ++round) {
        Buffer bytes = randomBytes(random, random() % 40);
        if (!bytes.empty()) {
            bytes[0] = static_cast<std::uint8_t>(0x40 | (bytes[0] & 0x3F));
        }
        bytes.shrink_to_fit();
        CoapMessage message;
        if (parseCoap(message, view(bytes)) == CoapParse::Ok) {
            char path[8];
            Bytes value;
            (void)coapPath(message, path, sizeof path);
            (void)findQuery(message, "entry", value);
        }
    }
}

TEST_CASE("message format errors are told apart from what is not CoAP") {
    CHECK(parse(fromHex("40 01 00")) == CoapParse::Ignore);
    CHECK(parse(fromHex("80 01 00 01")) == CoapParse::Ignore);
    CHECK(parse(fromHex("49 01 00 01 01 02 03 04 05 06 07 08 09")) == CoapParse::Malformed); // token of 9
    CHECK(parse(fromHex("44 01 00 01 01 02")) == CoapParse::Malformed);                      // token cut off
    CHECK(parse(fromHex("40 01 00 01 FF")) == CoapParse::Malformed);                         // marker, no payload
    CHECK(parse(fromHex("40 01 00 01 F0")) == CoapParse::Malformed);                         // reserved delta
    CHECK(parse(fromHex("40 01 00 01 0F")) == CoapParse::Malformed);                         // reserved length
    CHECK(parse(fromHex("40 01 00 01 E0 FF FF")) == CoapParse::Malformed);                   // number over 65,535
    CHECK(parse(fromHex("40 00 00 01")) == CoapParse::Ok);
    CHECK(parse(fromHex("40 00 00 01 FF 01")) == CoapParse::Malformed); // an Empty message carries nothing
}

TEST_CASE("a malformed message still tells the id that a reset must name") {
    Buffer bytes = fromHex("40 01 12 34 FF");
    CoapMessage message;
    REQUIRE(parseCoap(message, view(bytes)) == CoapParse::Malformed);
    CHECK(message.type == CoapType::Confirmable);
    CHECK(message.messageId == 0x1234);
    std::uint8_t reset[kCoapHeaderBytes];
    writeEmpty(reset, CoapType::Reset, message.messageId);
    CHECK(Buffer(reset, reset + 4) == fromHex("70 00 12 34"));
}

TEST_CASE("a path is one option for each segment and reads back joined") {
    Buffer storage(64);
    CoapBuilder builder(storage.data(), storage.size());
    builder.begin(CoapType::Confirmable, kCoapGet, 1, {});
    builder.path("/rbpf//slots/3/");
    builder.option(kOptionUriQuery, textBytes("entry=main"));
    storage.resize(builder.finish());
    CoapMessage message;
    REQUIRE(parseCoap(message, view(storage)) == CoapParse::Ok);
    char path[16];
    REQUIRE(coapPath(message, path, sizeof path) == 12);
    CHECK(std::string(path) == "rbpf/slots/3");
    CHECK(coapPath(message, path, 12) == -1);
    Bytes entry;
    REQUIRE(findQuery(message, "entry", entry));
    CHECK(text(entry) == "main");
    CHECK(!findQuery(message, "entr", entry));
}

TEST_CASE("a segment that holds a slash does not pass for two segments") {
    Buffer storage(64);
    CoapBuilder builder(storage.data(), storage.size());
    builder.begin(CoapType::Confirmable, kCoapGet, 1, {});
    builder.option(kOptionUriPath, textBytes("rbpf/slots"));
    storage.resize(builder.finish());
    CoapMessage message;
    REQUIRE(parseCoap(message, view(storage)) == CoapParse::Ok);
    char path[32];
    CHECK(coapPath(message, path, sizeof path) == -1);
}

TEST_CASE("a number is encoded without leading zeroes and zero without bytes") {
    for (std::uint32_t value : {0u, 1u, 255u, 256u, 65535u, 65536u, 0xFFFFFFFFu}) {
        Buffer storage(32);
        CoapBuilder builder(storage.data(), storage.size());
        builder.begin(CoapType::Confirmable, kCoapGet, 1, {});
        builder.optionUint(kOptionSize1, value);
        storage.resize(builder.finish());
        CoapMessage message;
        REQUIRE(parseCoap(message, view(storage)) == CoapParse::Ok);
        std::uint32_t back = 1;
        REQUIRE(findUint(message, kOptionSize1, back));
        CHECK(back == value);
        Bytes raw;
        findOption(message, kOptionSize1, raw);
        CHECK((raw.size == 0 || raw.data[0] != 0));
    }
}

TEST_CASE("a builder that ran out of room or order gives no message at all") {
    Buffer storage(16);
    CoapBuilder builder(storage.data(), storage.size());
    CHECK(builder.finish() == 0);
    builder.begin(CoapType::Confirmable, kCoapGet, 1, {});
    builder.option(kOptionUriPath, textBytes("longer than the buffer"));
    builder.path("a");
    CHECK(builder.finish() == 0);
    builder.begin(CoapType::Confirmable, kCoapGet, 1, {});
    builder.optionUint(kOptionBlock1, 1);
    builder.path("a");
    CHECK(builder.finish() == 0);
    builder.begin(CoapType::Confirmable, kCoapGet, 1, {});
    builder.payload(textBytes("x"));
    builder.path("a");
    CHECK(builder.finish() == 0);
    builder.begin(CoapType::Confirmable, kCoapGet, 1, {});
    builder.payload(textBytes("eleven char"));
    CHECK(builder.finish() == 16);
    builder.begin(CoapType::Confirmable, kCoapGet, 1, {});
    builder.payload(textBytes("twelve chars"));
    CHECK(builder.finish() == 0);
}

TEST_CASE("a response takes token and, where confirmable, the id of its request") {
    Buffer request = fromHex("42 01 00 07 AA BB");
    CoapMessage message;
    REQUIRE(parseCoap(message, view(request)) == CoapParse::Ok);
    Buffer storage(32);
    CoapBuilder builder(storage.data(), storage.size());
    builder.beginResponse(message, kCoapContent, 99);
    storage.resize(builder.finish());
    CHECK(storage == fromHex("62 45 00 07 AA BB"));

    request[0] = 0x52;
    REQUIRE(parseCoap(message, view(request)) == CoapParse::Ok);
    storage.assign(32, 0);
    CoapBuilder second(storage.data(), storage.size());
    second.beginResponse(message, kCoapContent, 99);
    storage.resize(second.finish());
    CHECK(storage == fromHex("52 45 00 63 AA BB"));
}

TEST_CASE("an unknown critical option is found and an elective one is not") {
    Buffer storage(64);
    CoapBuilder builder(storage.data(), storage.size());
    builder.begin(CoapType::Confirmable, kCoapGet, 1, {});
    builder.path("a");
    builder.optionUint(kOptionSize1, 5);
    builder.optionUint(2049, 5);
    storage.resize(builder.finish());
    CoapMessage message;
    REQUIRE(parseCoap(message, view(storage)) == CoapParse::Ok);
    const std::uint16_t known[] = {kOptionUriPath};
    CHECK(unknownCriticalOption(message, known, 1) == 2049);
    const std::uint16_t more[] = {2049, kOptionUriPath};
    CHECK(unknownCriticalOption(message, more, 2) == 0);
}
