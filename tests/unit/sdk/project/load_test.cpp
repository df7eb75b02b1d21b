// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/project/project.hpp"
#include "tests/unit/sdk/project/folder.hpp"

using namespace rbpf::project;
using rbpf::support::ErrorKind;
using rbpf::testing::Folder;

TEST_CASE("a folder that is no project is told with the next step") {
    const Folder folder;
    const auto loaded = load(folder.path());
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().kind == ErrorKind::Usage);
    CHECK(loaded.error().message == folder.path().string() + ": there is no rbpf.json in this folder");
    CHECK_THAT(loaded.error().hint, Catch::Contains("rbpf new"));
    CHECK(load("/nowhere/at/all").error().message == "/nowhere/at/all: there is no such folder");
}

TEST_CASE("patterns name sources in order and none twice") {
    const Folder folder;
    folder.write("rbpf.json", R"({"name":"a","sources":["src/*.c","src/a.c","lib/**/*.c"]})");
    for (const char* name : {"src/b.c", "src/a.c", "src/.hidden.c", "src/x.h", "lib/one.c", "lib/deep/er/two.c"}) {
        folder.write(name, "");
    }
    const auto loaded = load(folder.path());
    REQUIRE(loaded);
    REQUIRE(loaded->project);
    std::vector<std::string> names;
    for (const auto& source : loaded->project->sources) {
        names.push_back(source.lexically_relative(std::filesystem::canonical(folder.path())));
    }
    CHECK(names == std::vector<std::string>{"lib/deep/er/two.c", "lib/one.c", "src/a.c", "src/b.c"});
    CHECK(loaded->project->image().filename() == "a.rbpf");
}

TEST_CASE("a pattern or a folder that names nothing is told where it stands") {
    const Folder folder;
    folder.write("rbpf.json", "{\"name\":\"a\",\n\"sources\":[\"main.c\"],\n\"include\":[\"inc\"]}");
    const auto loaded = load(folder.path());
    REQUIRE(loaded);
    CHECK_FALSE(loaded->project);
    REQUIRE(loaded->diagnostics.size() == 2);
    CHECK(loaded->diagnostics[0].range.line == 2);
    CHECK(loaded->diagnostics[0].message == "expected a C source, found nothing that matches \"main.c\"");
    CHECK(loaded->diagnostics[1].range.line == 3);
    CHECK(loaded->diagnostics[1].message == "expected a folder, found nothing that matches \"inc\"");
}

TEST_CASE("without sources in rbpf.json the usual ones are expected") {
    const Folder folder;
    folder.write("rbpf.json", R"({"name":"a"})");
    const auto loaded = load(folder.path());
    REQUIRE(loaded);
    REQUIRE(loaded->diagnostics.size() == 1);
    CHECK(loaded->diagnostics[0].message == "expected C sources, found nothing that matches \"src/*.c\"");
}

TEST_CASE("the folder include is used where rbpf.json names none") {
    const Folder folder;
    folder.write("rbpf.json", R"({"name":"a"})");
    folder.write("src/a.c", "");
    folder.write("include/a.h", "");
    const auto loaded = load(folder.path());
    REQUIRE(loaded->project);
    REQUIRE(loaded->project->includeDirs.size() == 1);
    CHECK(loaded->project->includeDirs[0].filename() == "include");
}
