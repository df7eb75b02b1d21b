// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "debugger/flash/pyocd_output.hpp"
#include "tests/unit/debugger/flash/captured.hpp"

using namespace rbpf::flash;
using rbpf::test::captured;

namespace {

PyocdOutput read(const std::string& text, std::size_t pieceBytes) {
    PyocdOutput output;
    for (std::size_t at = 0; at < text.size(); at += pieceBytes) {
        output.feed(std::string_view(text).substr(at, pieceBytes));
    }
    return output;
}

} // namespace

TEST_CASE("bars of both generations are followed to their end, however the output is cut") {
    for (const std::size_t bytes : {std::size_t{1}, std::size_t{7}, std::size_t{100000}}) {
        const PyocdOutput old = read(captured("tools_flash"), bytes);
        CHECK(old.bars() == 1);
        CHECK(old.isBarClosed());
        CHECK(old.fraction() == 1);
        CHECK(old.text().find('=') == old.text().find("= 0x0bb11477"));
        const PyocdOutput current = read(captured("flash"), bytes);
        CHECK(current.bars() == 2);
        CHECK(current.isBarClosed());
        CHECK(current.text().find("====") == std::string::npos);
        CHECK(current.text().find("---|") == std::string::npos);
    }
}

TEST_CASE("a bar grows, sign by sign") {
    const std::string text = captured("flash");
    PyocdOutput output;
    std::vector<double> seen;
    for (const char c : text) {
        output.feed({&c, 1});
        if (output.bars() == 1 && (seen.empty() || seen.back() != output.fraction())) {
            seen.push_back(output.fraction());
        }
    }
    REQUIRE(seen.size() > 30);
    CHECK(std::is_sorted(seen.begin(), seen.end()));
    CHECK(seen.front() == 0);
    CHECK(seen.back() == 1);
}

TEST_CASE("messages that break into a bar are text, and the bar goes on behind them") {
    const PyocdOutput output = read(captured("tools_flash_worn"), 3);
    CHECK(output.bars() == 1);
    CHECK(output.isBarClosed());
    CHECK(output.text().find("\nERROR:root:program_page(0x0) error: 1\nERROR:root:program_page(0x400) error: 1\n") !=
          std::string::npos);
}

TEST_CASE("a bar that was left open stays open") {
    const PyocdOutput output = read(captured("flash_unplugged"), 5);
    CHECK(output.bars() == 2);
    CHECK_FALSE(output.isBarClosed());
    CHECK(output.fraction() == Approx(0.25));
    CHECK(output.text().find("[Errno 19] No such device") != std::string::npos);
}

TEST_CASE("colours and lines without an end are no trouble") {
    PyocdOutput output;
    output.feed("\x1b[1;31mred\x1b[0m\r\nlast");
    CHECK(output.text() == "red\nlast");
    CHECK(output.bars() == 0);
    CHECK(output.fraction() == 0);
}
