// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <set>

#include "sdk/language/protocol.hpp"
#include "sdk/language/server_projects.hpp"
#include "tests/unit/sdk/project/folder.hpp"

using namespace rbpf;
using namespace rbpf::language;
using nlohmann::json;

namespace {

/// A project with another one within it, and the files that clangd has been told of.
struct Rig : testing::Folder {
    Rig() {
        write("rbpf.json", R"({"name": "outer"})");
        write("src/main.c", "int run(void) { return 0; }\n");
        write("src/other.c", "int other;\n");
        write("inner/rbpf.json", R"({"name": "inner"})");
        write("inner/src/main.c", "int run(void) { return 1; }\n");
        write("inner/src/other.c", "int other;\n");
    }
    [[nodiscard]] std::string file(const std::string& name) const { return path() / name; }
    [[nodiscard]] json document(const std::string& name) const { return {{"textDocument", {{"uri", uriOf(file(name))}}}}; }
    void open(const std::string& name) {
        json parameters = document(name);
        parameters["textDocument"]["text"] = support::readText(file(name)).value();
        projects.open(*texts.open(parameters), texts);
    }
    void close(const std::string& name) { projects.close(*texts.close(document(name)), texts); }
    void hear(const std::string& method, const json& parameters) {
        const std::string file = method.starts_with("textDocument/") ? pathOf(parameters["textDocument"]["uri"]) : "";
        if (method == "textDocument/didOpen") {
            CHECK(known.insert(file).second);
        } else if (method == "textDocument/didClose") {
            CHECK(known.erase(file) == 1);
        } else if (method == "textDocument/didChange") {
            CHECK(known.contains(file));
            changed.push_back(file);
        }
    }

    Texts texts;
    std::set<std::string> known;
    std::vector<std::string> changed;
    Projects projects{[this](const std::string& method, const json& parameters) { hear(method, parameters); }};
};

} // namespace

TEST_CASE("a project within another one keeps its files when that one is left") {
    Rig rig;
    rig.open("inner/src/main.c");
    CHECK(rig.known == std::set{rig.file("inner/src/main.c"), rig.file("inner/src/other.c")});
    rig.open("src/main.c");
    CHECK(rig.known.size() == 4);
    rig.close("src/main.c");
    CHECK(rig.known == std::set{rig.file("inner/src/main.c"), rig.file("inner/src/other.c")});
    rig.close("inner/src/main.c");
    CHECK(rig.known.empty());
}

TEST_CASE("a project that is deleted while a file of it is open leaves nothing with clangd") {
    Rig rig;
    rig.open("src/main.c");
    CHECK(rig.known == std::set{rig.file("src/main.c"), rig.file("src/other.c")});
    std::filesystem::remove_all(rig.path());
    rig.close("src/main.c");
    CHECK(rig.known.empty());
}

TEST_CASE("a file that has changed on disk is read again, one that has gone is closed") {
    Rig rig;
    rig.open("src/main.c");
    rig.projects.readHidden(rig.path(), rig.texts);
    CHECK(rig.changed.empty());
    rig.write("src/other.c", "long other;\n");
    rig.projects.readHidden(rig.path(), rig.texts);
    CHECK(rig.changed == std::vector{rig.file("src/other.c")});
    std::filesystem::remove(rig.file("src/other.c"));
    rig.projects.readHidden(rig.path(), rig.texts);
    CHECK(rig.known == std::set{rig.file("src/main.c")});
}
