// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "sdk/image/verify.hpp"
#include "sdk/project/build.hpp"
#include "sdk/project/diagnostics.hpp"
#include "tests/unit/sdk/project/folder.hpp"

using namespace rbpf::project;
using rbpf::support::readText;
using rbpf::testing::Folder;

namespace {
struct Script : Folder {
    Script() {
        write("rbpf.json", R"({"name":"answer"})");
        write("src/main.c", "#include \"answer.h\"\nint run(void) { return ANSWER; }\n");
        write("include/answer.h", "#define ANSWER 42\n");
    }
};

BuildResult built(const Folder& folder) {
    auto result = build(folder.path());
    REQUIRE(result);
    for (const auto& diagnostic : result->diagnostics) {
        UNSCOPED_INFO(diagnostic.range.file << ':' << diagnostic.range.line << ": " << diagnostic.message);
    }
    return std::move(*result);
}
} // namespace

TEST_CASE("a project becomes an image that a firmware takes, and a debug ELF") {
    const Script script;
    const auto result = built(script);
    REQUIRE(result.ok);
    CHECK_FALSE(result.upToDate);
    CHECK(result.image.name == "answer");
    CHECK(result.image.entries[0].name == "run");
    CHECK_FALSE(rbpf::image::verify(result.image));
    CHECK(result.size.instructions == 2);
    CHECK(result.functions.at(0).line == 2);
    CHECK(std::filesystem::exists(script.path() / "build/answer.rbpf"));
    CHECK(std::filesystem::exists(script.path() / "build/answer.debug.elf"));
}

TEST_CASE("a second build has nothing to do until something changes") {
    const Script script;
    const auto first = built(script);
    REQUIRE(first.ok);
    const auto second = built(script);
    CHECK(second.upToDate);
    CHECK(second.size.instructions == first.size.instructions);
    CHECK(second.functions.size() == first.functions.size());

    SECTION("a header") {
        script.write("include/answer.h", "#define ANSWER 43\n");
    }
    SECTION("rbpf.json") {
        script.write("rbpf.json", R"({"name":"answer","version":"2"})");
    }
    SECTION("another source") {
        script.write("src/other.c", "int unused;\n");
    }
    SECTION("a damaged image") {
        script.write("build/answer.rbpf", "x");
    }
    SECTION("a missing debug ELF") {
        std::filesystem::remove(script.path() / "build/answer.debug.elf");
    }
    SECTION("a damaged deps file") {
        script.write("build/answer.deps", "{\"inputs\": 7}");
    }
    const auto third = built(script);
    CHECK(third.ok);
    CHECK_FALSE(third.upToDate);
}

TEST_CASE("a failed build leaves the last good image in place") {
    const Script script;
    REQUIRE(built(script).ok);
    const auto good = readText(script.path() / "build/answer.rbpf").value();
    script.write("src/main.c", "int run(void) { return nothing; }\n");
    const auto failed = built(script);
    CHECK_FALSE(failed.ok);
    REQUIRE(hasErrors(failed.diagnostics));
    CHECK(failed.diagnostics[0].range.line == 1);
    CHECK(failed.diagnostics[0].range.column == 24);
    CHECK(readText(script.path() / "build/answer.rbpf").value() == good);
}

TEST_CASE("warnings are told again when there is nothing to build") {
    const Script script;
    script.write("src/main.c", "int run(void) { int unused; return 1; }\n");
    const auto first = built(script);
    REQUIRE(first.ok);
    REQUIRE(first.diagnostics.size() == 1);
    const auto second = built(script);
    CHECK(second.upToDate);
    REQUIRE(second.diagnostics.size() == 1);
    CHECK(second.diagnostics[0].message == first.diagnostics[0].message);
    CHECK(second.diagnostics[0].range.column == first.diagnostics[0].range.column);
}

TEST_CASE("the trigger of rbpf.json goes before the source's") {
    const Script script;
    script.write("src/main.c", "__attribute__((section(\"coap/a\"))) int one(void) { return 1; }\n"
                               "__attribute__((section(\"packet\"))) int two(void) { return 2; }\n");
    script.write("rbpf.json",
                 R"({"name":"answer","entries":[{"function":"one","trigger":"timer/5"},{"function":"two"}]})");
    const auto result = built(script);
    REQUIRE(result.ok);
    std::map<std::string, std::string> triggers;
    for (const auto& entry : result.image.entries) {
        triggers[entry.name] = entry.trigger;
    }
    CHECK(triggers == std::map<std::string, std::string>{{"one", "timer/5"}, {"two", "packet"}});
}

TEST_CASE("an entry that no source defines is told where rbpf.json names it") {
    const Script script;
    script.write("rbpf.json", "{\"name\":\"answer\",\n\"entries\":[{\"function\":\"rn\"}]}");
    const auto result = built(script);
    CHECK_FALSE(result.ok);
    REQUIRE(hasErrors(result.diagnostics));
    bool told = false;
    for (const auto& diagnostic : result.diagnostics) {
        told = told || (diagnostic.range.line == 2 && diagnostic.range.file.ends_with("rbpf.json"));
    }
    CHECK(told);
}

TEST_CASE("editors get a compile_commands.json even of a script that does not compile") {
    const Script script;
    script.write("src/main.c", "broken");
    CHECK_FALSE(built(script).ok);
    const auto list = nlohmann::json::parse(readText(script.path() / "compile_commands.json").value());
    REQUIRE(list.size() == 1);
    CHECK(list[0]["file"].get<std::string>().ends_with("src/main.c"));
    CHECK(list[0]["arguments"].dump().find("include") != std::string::npos);
}

TEST_CASE("what stands in an editor is built in place of the file, and nothing is written") {
    const Script script;
    BuildOptions options;
    options.write = false;
    options.unsaved[(script.path() / "src/main.c").string()] = "int run(void) { return 1 + (int)sizeof(char[7]); }\n";
    const auto result = build(script.path(), options);
    REQUIRE(result);
    REQUIRE(result->ok);
    CHECK(result->image.text()[4] == 8); // r0 = 8
    CHECK_FALSE(result->debugElf.empty());
    CHECK_FALSE(std::filesystem::exists(script.path() / "build"));
    CHECK_FALSE(std::filesystem::exists(script.path() / "compile_commands.json"));

    options.unsaved.begin()->second = "int run(void) { return nothing; }\n";
    const auto wrong = build(script.path(), options);
    REQUIRE(wrong);
    CHECK_FALSE(wrong->ok);
    CHECK(wrong->diagnostics.at(0).range.line == 1);
}
