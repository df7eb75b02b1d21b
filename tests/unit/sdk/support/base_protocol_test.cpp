// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/support/base_protocol.hpp"

using namespace rbpf::support;

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
    CHECK(refuses("Segmentation fault\n"));
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

TEST_CASE("behind a body that is no message the next one is read") {
    MessageReader reader;
    const std::string deep(1000, '{');
    reader.feed("Content-Length: 4\r\n\r\n[}\"]Content-Length: 1000\r\n\r\n" + deep + "Content-Length: 13\r\n\r\n{\"a\": \"]]]]\"}");
    CHECK(reader.next().error().kind == ErrorKind::Script);
    CHECK(reader.next().error().kind == ErrorKind::Script);
    CHECK((**reader.next())["a"] == "]]]]");
}

TEST_CASE("a message that is too large is refused at once, and the one behind it is read") {
    MessageReader reader;
    reader.feed("Content-Length: 17000000\r\n\r\n");
    CHECK(reader.next().error().kind == ErrorKind::Script);
    const std::string piece(1'000'000, '{');
    for (int count = 0; count < 17; ++count) {
        CHECK(reader.midMessage());
        reader.feed(piece);
        CHECK_FALSE(reader.next().value());
    }
    CHECK_FALSE(reader.midMessage());
    reader.feed("Content-Length: 8\r\n\r\n{\"a\": 1}");
    CHECK((**reader.next())["a"] == 1);
    CHECK(refuses("Content-Length: 1073741825\r\n\r\n"));
}
