// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "sdk/project/config.hpp"
#include "sdk/project/templates.hpp"
#include "tests/unit/sdk/project/folder.hpp"

using namespace rbpf::project;
using rbpf::support::ErrorKind;
using rbpf::testing::Folder;

namespace {
/// $RBPF_TEMPLATES for the length of a test.
struct Templates : Folder {
    Templates() {
        write("blink/rbpf.json", "{\n  \"version\": \"3\", \"name\" : \"blink\",\n  \"board\": \"native\" }\n");
        write("blink/README.md", "# blink\n\nBlinks a lamp\nfor ever.\n\nMore text.\n");
        write("blink/src/main.c", "int main(void) { return 0; }\n");
        write("blink/build/old.rbpf", "x");
        write("notes.txt", "no template");
        setenv("RBPF_TEMPLATES", path().c_str(), 1);
    }
    ~Templates() { unsetenv("RBPF_TEMPLATES"); }
};
} // namespace

TEST_CASE("templates are listed with the first paragraph of their README") {
    const Templates source;
    const auto list = templates();
    REQUIRE(list);
    REQUIRE(list->size() == 1);
    CHECK(list->at(0).name == "blink");
    CHECK(list->at(0).description == "Blinks a lamp for ever.");
}

TEST_CASE("a new project is the template under the folder's name") {
    const Templates source;
    const Folder target;
    REQUIRE(create("blink", target.path() / "my-lamp/") == std::string("my-lamp"));
    CHECK(rbpf::support::readText(target.path() / "my-lamp/rbpf.json").value() ==
          "{\n  \"version\": \"3\", \"name\" : \"my-lamp\",\n  \"board\": \"native\" }\n");
    CHECK(std::filesystem::exists(target.path() / "my-lamp/src/main.c"));
    CHECK_FALSE(std::filesystem::exists(target.path() / "my-lamp/build"));
}

TEST_CASE("a folder whose name cannot be a script's keeps the template's name") {
    const Templates source;
    const Folder target;
    CHECK(create("blink", target.path() / "my lamp") == std::string("blink"));
}

TEST_CASE("an empty folder is taken, one with anything in it is refused and left alone") {
    const Templates source;
    const Folder target;
    REQUIRE(create("blink", target.path()));
    const auto again = create("blink", target.path());
    REQUIRE_FALSE(again);
    CHECK(again.error().kind == ErrorKind::Usage);
    CHECK_THAT(again.error().message, Catch::EndsWith("this folder is not empty"));
}

TEST_CASE("an unknown template finds its neighbour") {
    const Templates source;
    const auto made = create("blnk", "/tmp/never-made");
    REQUIRE_FALSE(made);
    CHECK(made.error().hint == "did you mean \"blink\"?");
    CHECK_FALSE(std::filesystem::exists("/tmp/never-made"));
}

TEST_CASE("a target that cannot be written leaves nothing behind") {
    const Templates source;
    const auto made = create("blink", "/proc/rbpf-demo");
    REQUIRE_FALSE(made);
    CHECK(made.error().kind == ErrorKind::Io);
}

TEST_CASE("every template of the SDK has a sound rbpf.json and a description") {
    unsetenv("RBPF_TEMPLATES");
    const auto list = templates();
    REQUIRE(list);
    CHECK(list->size() >= 7);
    for (const Template& one : *list) {
        INFO(one.name);
        CHECK_FALSE(one.description.empty());
        const auto parsed = parseConfig(rbpf::support::readText(one.folder / "rbpf.json").value(), one.name);
        CHECK(parsed.diagnostics.empty());
        CHECK(parsed.config->name == one.name);
    }
}
