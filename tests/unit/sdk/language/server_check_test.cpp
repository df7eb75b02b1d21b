// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/language/server_check.hpp"
#include "tests/unit/sdk/project/folder.hpp"

using namespace rbpf;
using namespace rbpf::language;

namespace {

const std::string kSource = "#include <rbpf/print.h>\n#include <rbpf/time.h>\nint run(void)\n{\n    bpf_printf(\"a\");\n    return bpf_now_ms();\n}\n";

struct Script : testing::Folder {
    Script() {
        write("rbpf.json", R"({"name": "one", "stack": 1024})");
        write("src/main.c", kSource);
    }
    [[nodiscard]] std::shared_ptr<const Check> checked(const BoardFacts& board, CheckRequest request = {}) const {
        request.folder = path();
        ServerHooks hooks;
        hooks.board = [board](const std::string& name) { return name == "desk" ? std::optional(board) : std::nullopt; };
        hooks.places = [](const std::vector<std::uint8_t>&) {
            return std::vector<image::SourcePlace>(100, image::SourcePlace{"src/main.c", 6});
        };
        return check(std::move(request), hooks);
    }
    [[nodiscard]] std::string file() const { return path() / "src" / "main.c"; }
};

std::vector<std::string> messages(const Check& check) {
    std::vector<std::string> all;
    for (const support::Diagnostic& one : check.diagnostics) {
        all.push_back(one.message);
    }
    return all;
}

const BoardFacts kRich{"desk (firmware 1)", {0x01, 0x20}, 65536, 4096, 100000};

} // namespace

TEST_CASE("a binding that the selected board lacks is told at the call, once") {
    const Script script;
    BoardFacts poor = kRich;
    poor.bindings = {0x01};
    const auto done = script.checked(poor, {{}, {}, {}, "desk"});
    REQUIRE(done->ok);
    REQUIRE(messages(*done) == std::vector<std::string>{"desk (firmware 1) does not have bpf_now_ms"});
    CHECK(done->diagnostics[0].range.file == script.file());
    CHECK(done->diagnostics[0].range.line == 6);
    CHECK(messages(*script.checked(kRich, {{}, {}, {}, "desk"})).empty());
    CHECK(messages(*script.checked(poor)).empty()); // rbpf.json's board is another one
}

TEST_CASE("what the selected board cannot give is told where it is asked for") {
    const Script script;
    const auto small = script.checked({"desk", kRich.bindings, 16, 512, 3}, {{}, {}, {}, "desk"});
    const auto all = messages(*small);
    REQUIRE(all.size() == 3);
    CHECK(all[0] == "the script asks for a stack of 1024 bytes, desk has 512");
    CHECK(all[1].starts_with("the image has "));
    CHECK(all[2].find("desk gives it 3") != std::string::npos);
    CHECK(small->diagnostics[0].range.file == script.path() / "rbpf.json");
    CHECK(small->diagnostics[2].range.file == script.file());
}

TEST_CASE("the texts of the editor are what is checked") {
    const Script script;
    CheckRequest request;
    request.unsaved[script.file()] = "int run(void) { return missing; }\n";
    const auto broken = script.checked(kRich, request);
    CHECK_FALSE(broken->ok);
    CHECK(broken->diagnostics.at(0).range.file == script.file());
    request.unsaved[script.file()] = kSource;
    request.unsaved[script.path() / "rbpf.json"] = R"({"name": "other", "stack": 8})";
    const auto other = script.checked(kRich, request);
    REQUIRE(other->ok);
    CHECK(other->built.size.name == "other");
    CHECK(other->built.size.stackLimit == 8);
}

TEST_CASE("a folder that is no project any more is a diagnostic") {
    const testing::Folder empty;
    CHECK(check({empty.path(), {}, {}, {}}, {})->diagnostics.size() == 1);
}
