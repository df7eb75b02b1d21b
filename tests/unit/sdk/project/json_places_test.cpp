// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/project/json_places.hpp"

using namespace rbpf::project;

TEST_CASE("every key and value of a JSON text has its place") {
    const Places places = locate("{\n  \"a\": 1, \"b/c\": [true,\n {\"x\\\"y\": \"z\"}]\n}");
    CHECK(places.value("").line == 1);
    CHECK(places.key("/a").line == 2);
    CHECK(places.key("/a").column == 3);
    CHECK(places.value("/a").column == 8);
    CHECK(places.value("/b~1c").column == 18);
    CHECK(places.value("/b~1c/0").column == 19);
    CHECK(places.value("/b~1c/1").line == 3);
    CHECK(places.value("/b~1c/1/x\"y").column == 11);
    CHECK(places.repeated.empty());
}

TEST_CASE("a key given twice is noticed at its second place") {
    const Places places = locate("{\"a\": 1,\n\"a\": 2}");
    REQUIRE(places.repeated == std::vector<std::string>{"/a"});
    CHECK(places.key("/a").line == 2);
}

TEST_CASE("text that is no JSON does no harm") {
    for (const char* text : {"", "\"", "{\"a", "]]}}", "{:,,:", "\\", "[\"\\", "{\"a\":\"\\u00"}) {
        CHECK(locate(text).repeated.empty());
    }
    CHECK(locate(std::string(100000, '[')).values.size() < 100);
}

TEST_CASE("an offset is a line and a column") {
    CHECK(placeOf("ab\ncd", 4).line == 2);
    CHECK(placeOf("ab\ncd", 4).column == 2);
    CHECK(placeOf("ab", 100).column == 3);
}
