// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/language/json_cursor.hpp"

using namespace rbpf::language;

namespace {

/// The cursor is at the mark `|`.
JsonCursor at(std::string text) {
    const std::size_t place = text.find('|');
    text.erase(place, 1);
    return jsonCursorAt(text, place);
}

using Path = std::vector<std::string>;

} // namespace

TEST_CASE("keys and values are told apart, with the way to them") {
    CHECK(at(R"({"name": "|x"})").path == Path{"name"});
    CHECK_FALSE(at(R"({"name": "|x"})").isKey);
    CHECK(at(R"({"na|me": "x"})").isKey);
    CHECK(at(R"({"na|me": "x"})").path.empty());
    CHECK(at(R"({"na|me": "x"})").hasColon);
    CHECK(at(R"({"a": [1, {"b": tr|ue}]})").path == Path{"a", "1", "b"});
    CHECK(at(R"({"a": [1, |]})").path == Path{"a", "1"});
    CHECK(at(R"({"a": 1, |})").isKey);
    CHECK(at("|").path.empty());
    CHECK(at(R"({"a": {"b": 1}}|)").path.empty());
}

TEST_CASE("a key's siblings are those of its object, before it and behind it") {
    CHECK(at(R"({"a": {"x": 1}, "|": 1, "c": {"y": 2}, "d": 3})").siblings == std::set<std::string>{"a", "c", "d"});
    CHECK(at(R"([{"a": 1}, {"b": 1, |}, {"c": 1}])").siblings == std::set<std::string>{"b"});
}

TEST_CASE("what is no JSON yet has cursors too") {
    CHECK(at(R"({"a": "|)").path == Path{"a"});
    CHECK(at(R"({"|)").isKey);
    CHECK(at("{\"a\n|").isKey);
    CHECK(at("{\"a\": \"\\|").path == Path{"a"});
    CHECK(at(R"(]]}},:|"x")").path.empty());
    CHECK(at(std::string(1000, '[') + "|").path.size() <= 64);
    CHECK(jsonCursorAt("{}", 99).path.empty());
}
