// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <random>

#include "sdk/language/server_texts.hpp"

using namespace rbpf::language;
using nlohmann::json;

namespace {

const json kDocument = {{"uri", "file:///p/a.c"}};

struct Rig {
    explicit Rig(const std::string& text) {
        texts.setEncoding(Encoding::Utf8);
        texts.open({{"textDocument", {{"uri", "file:///p/./a.c"}, {"version", 1}, {"text", text}}}});
    }
    void edit(unsigned line, unsigned character, unsigned endLine, unsigned endCharacter, const std::string& text) {
        const json range = {{"start", {{"line", line}, {"character", character}}}, {"end", {{"line", endLine}, {"character", endCharacter}}}};
        texts.change({{"textDocument", kDocument}, {"contentChanges", {{{"range", range}, {"text", text}}}}});
    }
    const Text& text() { return *texts.byFile("/p/a.c"); }
    Texts texts;
};

} // namespace

TEST_CASE("edits arrive at their place, and lines behind them move") {
    Rig rig("one\ntwo\nthree\nfour\n");
    rig.edit(1, 3, 1, 3, "\nand\nmore");
    CHECK(rig.text().text == "one\ntwo\nand\nmore\nthree\nfour\n");
    CHECK(movedLine(rig.text(), 0, 2) == 2);
    CHECK(movedLine(rig.text(), 0, 3) == 5);
    rig.edit(0, 0, 2, 0, "");
    CHECK(rig.text().text == "and\nmore\nthree\nfour\n");
    CHECK(movedLine(rig.text(), 0, 3) == 3);
    CHECK(movedLine(rig.text(), 1, 5) == 3);
    rig.edit(0, 0, 0, 0, "first\n");
    CHECK(movedLine(rig.text(), 2, 1) == 2);
}

TEST_CASE("a text sent as a whole moves only lines behind what differs") {
    Rig rig("one\ntwo\nthree\n");
    rig.texts.change({{"textDocument", kDocument}, {"contentChanges", {{{"text", "one\nand\ntwo\nthree\n"}}}}});
    CHECK(rig.text().text == "one\nand\ntwo\nthree\n");
    CHECK(movedLine(rig.text(), 0, 1) == 1);
    CHECK(movedLine(rig.text(), 0, 3) == 4);
}

TEST_CASE("what makes no sense changes nothing and breaks nothing") {
    Rig rig("one\ntwo\n");
    rig.edit(9, 9, 3, 0, "");
    CHECK(rig.text().text == "one\ntwo\n");
    CHECK(rig.texts.change(json()) == nullptr);
    CHECK(rig.texts.change({{"textDocument", kDocument}, {"contentChanges", 5}}) == nullptr);
    CHECK(rig.texts.open({{"textDocument", "x"}}) == nullptr);
    CHECK_FALSE(rig.texts.close(json::array()));
    CHECK(rig.texts.close({{"textDocument", kDocument}}));
    CHECK(rig.texts.byFile("/p/a.c") == nullptr);
}

TEST_CASE("every line that is still there is found again, whatever was edited") {
    std::mt19937 random(11);
    std::vector<std::string> lines;
    for (int at = 0; at < 40; ++at) {
        lines.push_back("line" + std::to_string(at));
    }
    std::string all;
    for (const auto& line : lines) {
        all += line + "\n";
    }
    Rig rig(all);
    for (int round = 0; round < 200; ++round) {
        const auto count = static_cast<unsigned>(std::count(rig.text().text.begin(), rig.text().text.end(), '\n'));
        const unsigned from = random() % (count + 1);
        const unsigned to = std::min(count, from + static_cast<unsigned>(random() % 3));
        rig.edit(from, 0, to, 0, random() % 2 == 0 ? "" : "new" + std::to_string(round) + "\n\n");
        for (unsigned at = 0; at < lines.size(); ++at) {
            const std::size_t place = ("\n" + rig.text().text).find("\n" + lines[at] + "\n");
            if (place != std::string::npos) {
                CHECK(lineStart(rig.text().text, movedLine(rig.text(), 0, at + 1) - 1) == place);
            }
        }
    }
}
