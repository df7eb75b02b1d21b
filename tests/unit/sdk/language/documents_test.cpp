// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <random>

#include "sdk/language/documents.hpp"

using namespace rbpf::language;
using nlohmann::json;

namespace {

/// The text that a server has after a change.
std::string applied(std::string text, const json& change) {
    const auto offset = [&](const json& place) {
        return offsetOf(text, place["line"].get<unsigned>() + 1, place["character"].get<unsigned>() + 1);
    };
    const std::size_t from = offset(change["range"]["start"]);
    const std::size_t to = offset(change["range"]["end"]);
    return text.replace(from, to - from, change["text"].get<std::string>());
}

} // namespace

TEST_CASE("a change carries the stretch that differs and no more") {
    Documents documents;
    static_cast<void>(documents.open("/a.c", "one\ntwo\nthree\n"));
    const auto change = documents.change("/a.c", "one\ntwice\nthree\n");
    REQUIRE(change);
    const json& first = (*change)["contentChanges"][0];
    CHECK(first["text"] == "ice");
    CHECK(first["range"] == json::parse(R"({"start":{"line":1,"character":2},"end":{"line":1,"character":3}})"));
    CHECK((*change)["textDocument"]["version"] == 2);
    CHECK_FALSE(documents.change("/a.c", "one\ntwice\nthree\n"));
}

TEST_CASE("a letter of several bytes is changed as a whole") {
    Documents documents;
    static_cast<void>(documents.open("/a.c", "x \xc3\xa4 y"));
    const auto front = documents.change("/a.c", "x \xc3\xb6 y");
    CHECK((*front)["contentChanges"][0]["text"] == "\xc3\xb6");
    const auto back = documents.change("/a.c", "x \xc5\xb6 y");
    CHECK((*back)["contentChanges"][0]["text"] == "\xc5\xb6");
}

TEST_CASE("whatever changes, the server's copy is the same") {
    std::mt19937 random(7);
    const std::string letters = "a\n(\xc3";
    Documents documents;
    static_cast<void>(documents.open("/a.c", ""));
    std::string server;
    for (int round = 0; round < 3000; ++round) {
        std::string text = server;
        const std::size_t at = random() % (text.size() + 1);
        text.erase(at, random() % 4);
        for (unsigned count = random() % 4; count > 0; --count) {
            const char letter = letters[random() % letters.size()];
            text.insert(at, letter == '\xc3' ? std::string("\xc3") + static_cast<char>(0xa0 + random() % 3)
                                             : std::string(1, letter));
        }
        if (const auto change = documents.change("/a.c", text)) {
            server = applied(server, (*change)["contentChanges"][0]);
        }
        REQUIRE(server == text);
        if (server.size() > 60) {
            static_cast<void>(documents.change("/a.c", ""));
            server.clear();
        }
    }
}

TEST_CASE("places beyond a text are its end") {
    CHECK(offsetOf("ab\ncd", 2, 2) == 4);
    CHECK(offsetOf("ab\ncd", 9, 1) == 5);
    CHECK(offsetOf("ab\ncd", 2, 99) == 5);
    CHECK(offsetOf("", 1, 1) == 0);
}
