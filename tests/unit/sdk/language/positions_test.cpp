// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/language/positions.hpp"

using namespace rbpf::language;
using nlohmann::json;

namespace {

json position(unsigned line, unsigned character) {
    return {{"line", line}, {"character", character}};
}

const std::string kText = "one\r\n\xc3\xa4 \xf0\x9f\x98\x80 x\nlast";

} // namespace

TEST_CASE("a place is the same in every encoding") {
    const std::size_t x = kText.find('x');
    CHECK(positionAt(kText, x, Encoding::Utf8) == position(1, 8));
    CHECK(positionAt(kText, x, Encoding::Utf16) == position(1, 5));
    CHECK(positionAt(kText, x, Encoding::Utf32) == position(1, 4));
    for (const Encoding encoding : {Encoding::Utf8, Encoding::Utf16, Encoding::Utf32}) {
        for (const std::size_t at : {std::size_t{0}, std::size_t{5}, x, kText.size()}) {
            CHECK(offsetAt(kText, positionAt(kText, at, encoding), encoding) == at);
        }
    }
}

TEST_CASE("a position that the text does not have is at the end of its line, or of the text") {
    CHECK(offsetAt(kText, position(0, 99), Encoding::Utf16) == 3);
    CHECK(offsetAt(kText, position(9, 0), Encoding::Utf16) == kText.size());
    CHECK(offsetAt("", position(1u << 31, 1u << 31), Encoding::Utf8) == 0);
    CHECK(offsetAt("\xf0", position(0, 5), Encoding::Utf16) == 1);
    CHECK(offsetAt(kText, json("nonsense"), Encoding::Utf8) == 0);
    CHECK(offsetAt(kText, {{"line", -1}, {"character", 1.5}}, Encoding::Utf8) == 0);
}

TEST_CASE("a range without a column is the text of its line") {
    const std::string text = "a\n    call(); \n";
    CHECK(rangeIn(text, {"", 2, 0, 0, 0}, Encoding::Utf8) == json{{"start", position(1, 4)}, {"end", position(1, 12)}});
    CHECK(rangeIn(text, {"", 2, 5, 2, 9}, Encoding::Utf8) == json{{"start", position(1, 4)}, {"end", position(1, 8)}});
    CHECK(rangeIn(text, {"", 2, 5, 0, 0}, Encoding::Utf8) == json{{"start", position(1, 4)}, {"end", position(1, 5)}});
    CHECK(rangeIn(text, {"", 99, 5, 99, 9}, Encoding::Utf8)["start"] == position(2, 0));
}

TEST_CASE("the editor's first choice that is known is taken, UTF-16 where it says none") {
    CHECK(chooseEncoding(json::object()) == Encoding::Utf16);
    CHECK(chooseEncoding({{"general", {{"positionEncodings", {"utf-7", "utf-8", "utf-16"}}}}}) == Encoding::Utf8);
    CHECK(chooseEncoding({{"offsetEncoding", {"utf-32"}}}) == Encoding::Utf32);
    CHECK(chooseEncoding({{"general", 5}, {"offsetEncoding", {{"a", 1}}}}) == Encoding::Utf16);
}

TEST_CASE("the word around a place") {
    CHECK(wordAt("x = bpf_now_ms();", 6) == "bpf_now_ms");
    CHECK(wordAt("x = bpf_now_ms();", 14) == "bpf_now_ms");
    CHECK(wordAt("  ", 1).empty());
    CHECK(wordAt("end", 99) == "end");
}
