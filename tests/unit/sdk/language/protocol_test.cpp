// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/language/protocol.hpp"

using namespace rbpf::language;
using nlohmann::json;

TEST_CASE("paths and URIs are each other's reverse") {
    for (const std::string path : {"/a/b.c", "/with space/ü#%41.c", "/a+b&c=d.c"}) {
        CHECK(pathOf(uriOf(path)) == path);
    }
    CHECK(uriOf("/a b") == "file:///a%20b");
    CHECK(pathOf("http://host/a").empty());
    CHECK(pathOf("file://host").empty());
    CHECK(pathOf("file:///a%4").ends_with("a%4"));
    CHECK(pathOf("file:///a%zz").ends_with("a%zz"));
}

TEST_CASE("completions come the best first, without clangd's padding") {
    const auto item = [](const char* label, const char* sort) {
        return json{{"label", label},
                    {"sortText", sort},
                    {"kind", 3},
                    {"textEdit", {{"newText", "x"}, {"range", {{"start", {{"line", 2}, {"character", 4}}},
                                                               {"end", {{"line", 2}, {"character", 6}}}}}}}};
    };
    const auto all = readCompletions({{"isIncomplete", true}, {"items", {item(" b", "2"), item("•a", "1")}}}, "/a.c");
    REQUIRE(all.items.size() == 2);
    CHECK(all.isIncomplete);
    CHECK(all.items[0].label == "a");
    CHECK(all.items[1].label == "b");
    CHECK(all.items[0].edit.range.line == 3);
    CHECK(all.items[0].edit.range.column == 5);
    CHECK(all.items[0].edit.range.endColumn == 7);
    CHECK(all.items[0].kind == ItemKind::Function);
}

TEST_CASE("an answer that is not as the protocol has it gives what can be read") {
    const std::vector<json> wrong = {
        nullptr,
        42,
        "text",
        json::array({1, "x", nullptr, json::array()}),
        {{"items", 3}},
        {{"items", {{{"label", 3}}, {{"label", "a"}, {"textEdit", "b"}}}}},
        {{"signatures", {{{"label", 1}, {"parameters", {{{"label", {9, 3}}}, {{"label", "x"}}, 4}}}}}},
        {{"contents", json::array()}, {"range", -1}},
        {{"uri", "file:///a"}, {"range", {{"start", {{"line", -5}}}, {"end", {{"line", 1e300}}}}}},
        {{"changes", {{"http://x", json::array({1})}, {"file:///a", "x"}}}},
        {{"documentChanges", {{{"edits", 1}}, 5}}},
        {{"uri", "file:///a"}, {"diagnostics", {1, {{"severity", "x"}, {"codeActions", {1, {{"edit", 2}}}}}}}},
    };
    for (const json& one : wrong) {
        INFO(one.dump());
        CHECK(readCompletions(one, "/a.c").items.empty());
        for (const auto& signature : readSignatureHelp(one).signatures) {
            for (const auto& [from, to] : signature.parameters) {
                CHECK((from <= to && to <= signature.label.size()));
            }
        }
        CHECK(readHover(one, "/a.c").markdown.size() < 10);
        for (const auto& place : readLocations(one)) {
            CHECK(place.line >= 1);
        }
        CHECK(readEdits(one, "/a.c").size() <= 4);
        CHECK(readWorkspaceEdit(one).empty());
        CHECK(readSymbols(one, "/a.c").empty());
        for (const auto& finding : readFindings(one)) {
            CHECK(finding.fixes.empty());
        }
    }
}

TEST_CASE("symbols within symbols are told by their depth, however deep") {
    json symbol = {{"name", "x"}, {"kind", 12}, {"selectionRange", json::object()}};
    for (int depth = 0; depth < 100; ++depth) {
        symbol = {{"name", "x"}, {"kind", 23}, {"selectionRange", json::object()}, {"children", json::array({symbol})}};
    }
    const auto list = readSymbols(json::array({symbol}), "/a.c");
    REQUIRE(list.size() > 10);
    CHECK(list.size() < 100);
    CHECK(list[1].depth == 1);
    CHECK(list[0].kind == ItemKind::Type);
}

TEST_CASE("a diagnostic brings its fixes") {
    const json parameters = json::parse(R"({"uri": "file:///a.c", "diagnostics": [{"severity": 1, "message": "m",
        "range": {"start": {"line": 1, "character": 2}, "end": {"line": 1, "character": 5}},
        "codeActions": [{"title": "change", "edit": {"changes": {"file:///a.c": [
            {"newText": "new", "range": {"start": {"line": 1, "character": 2}, "end": {"line": 1, "character": 5}}}]}}}]}]})");
    const auto findings = readFindings(parameters);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].range.line == 2);
    REQUIRE(findings[0].fixes.size() == 1);
    CHECK(findings[0].fixes[0].title == "change");
    CHECK(findings[0].fixes[0].edits[0].text == "new");
    CHECK(findings[0].fixes[0].edits[0].range.file == "/a.c");
}
