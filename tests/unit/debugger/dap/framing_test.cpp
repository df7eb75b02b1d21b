// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "debugger/dap/base64.hpp"
#include "debugger/dap/breakpoints.hpp"
#include "debugger/dap/framing.hpp"

using namespace rbpf::dap;

namespace {
bool refuses(const std::string& bytes) {
    MessageReader reader;
    reader.feed(bytes);
    return !reader.next();
}
} // namespace

TEST_CASE("messages arrive whole however their bytes are cut") {
    const std::string bytes = encodeMessage({{"a", 1}}) + encodeMessage({{"b", "ü"}});
    MessageReader reader;
    std::vector<nlohmann::json> messages;
    for (const char byte : bytes) {
        reader.feed({&byte, 1});
        while (const auto message = reader.next().value()) {
            messages.push_back(*message);
        }
    }
    REQUIRE(messages.size() == 2);
    CHECK(messages[0]["a"] == 1);
    CHECK(messages[1]["b"] == "ü");
    CHECK_FALSE(reader.midMessage());
}

TEST_CASE("other header fields and the case of letters do not matter") {
    MessageReader reader;
    reader.feed("Content-Type: x\r\ncontent-length:  2 \r\n\r\n{}");
    CHECK(reader.next().value()->is_object());
}

TEST_CASE("hostile headers and bodies are errors at once") {
    CHECK(refuses("Content-Length: 99999999999999999999999\r\n\r\n"));
    CHECK(refuses("Content-Length: 17000000\r\n\r\n"));
    CHECK(refuses("Content-Length: -1\r\n\r\n"));
    CHECK(refuses("Content-Length: 2x\r\n\r\n{}"));
    CHECK(refuses("Content-Type: json\r\n\r\n{}"));
    CHECK(refuses(std::string("\x00\x01\x02", 3)));
    CHECK(refuses(std::string(2000, 'x')));
    CHECK(refuses("no colon\r\n\r\n"));
    CHECK(refuses("Content-Length: 2\r\n\r\n[]"));
    CHECK(refuses("Content-Length: 3\r\n\r\n{\"a"));
    CHECK(refuses("Content-Length: 0\r\n\r\n"));
}

TEST_CASE("deeply nested JSON is no danger") {
    const std::string body = std::string(200'000, '[');
    CHECK(refuses("Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body));
}

TEST_CASE("text that is not UTF-8 is sent all the same") {
    CHECK(encodeMessage({{"text", "\xff\xfe"}}).find("text") != std::string::npos);
}

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
