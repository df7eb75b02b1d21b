// SPDX-License-Identifier: GPL-3.0-or-later
// What editors are told of rbpf.json is what a build reads.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "sdk/project/config.hpp"
#include "sdk/project/sdk_folders.hpp"
#include "sdk/support/files.hpp"

using namespace rbpf;
using nlohmann::json;

namespace {

json schema() {
    return json::parse(support::readText(project::schemaFile()).value());
}

std::set<std::string> keysOf(const json& object) {
    std::set<std::string> keys;
    for (const auto& [key, value] : object.items()) {
        keys.insert(key);
    }
    return keys;
}

/// "expected one of the keys a, b, found …" as {a, b}.
std::set<std::string> keysIn(const std::string& text) {
    const auto parsed = project::parseConfig(text, "rbpf.json");
    REQUIRE(parsed.diagnostics.size() == 1);
    const std::string& message = parsed.diagnostics[0].message;
    const std::string before = "expected one of the keys ";
    REQUIRE(message.starts_with(before));
    std::set<std::string> keys;
    for (std::size_t at = before.size();;) {
        const std::size_t end = message.find(", ", at);
        const std::string word = message.substr(at, end - at);
        if (word.starts_with("found ")) {
            return keys;
        }
        keys.insert(word);
        at = end + 2;
    }
}

std::vector<std::string> mistakesWith(const std::string& key, const json& value) {
    json config = {{"name", "x"}};
    config[key] = value;
    std::vector<std::string> messages;
    for (const auto& one : project::parseConfig(config.dump(), "rbpf.json").diagnostics) {
        messages.push_back(one.message);
    }
    return messages;
}

} // namespace

TEST_CASE("the schema has the keys that a build knows, and no others") {
    CHECK(keysOf(schema()["properties"]) == keysIn(R"({"name": "x", "zzzz": 1})"));
    CHECK(keysOf(schema()["properties"]["entries"]["items"]["properties"]) ==
          keysIn(R"({"name": "x", "entries": [{"function": "f", "zzzz": 1}]})"));
}

TEST_CASE("what the schema offers a build takes, what it forbids a build refuses") {
    const json all = schema();
    for (const auto& [key, node] : all["properties"].items()) {
        INFO(key);
        CHECK_FALSE(node["description"].get<std::string>().empty());
        std::vector<json> good = node.value("examples", std::vector<json>());
        for (const json& one : node.value("enum", json::array())) {
            good.push_back(one);
        }
        if (node.contains("default")) {
            good.push_back(node["default"]);
        }
        if (node.contains("minimum")) {
            good.push_back(node["minimum"]);
            good.push_back(node["maximum"]);
            CHECK(mistakesWith(key, node["maximum"].get<std::int64_t>() + 1).size() == 1);
            CHECK(mistakesWith(key, node["minimum"].get<std::int64_t>() - 1).size() == 1);
        }
        if (node["type"] == "array") {
            for (const json& one : node["items"].value("examples", json::array())) {
                good.push_back(json::array({one}));
            }
            if (node["items"].contains("default")) {
                good.push_back(json::array({node["items"]["default"]}));
            }
        }
        for (const json& one : good) {
            CHECK(mistakesWith(key, one) == std::vector<std::string>());
        }
        CHECK(mistakesWith(key, {{"an", "object"}}).size() == 1);
    }
    for (const json& trigger : all["properties"]["entries"]["items"]["properties"]["trigger"]["examples"]) {
        CHECK(mistakesWith("entries", {{{"function", "f"}, {"trigger", trigger}}}).empty());
    }
    CHECK(mistakesWith("stack", 513).size() == 1);
}
