// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/project_changes.hpp"

#include <QTemporaryDir>
#include <catch2/catch.hpp>

#include "sdk/support/files.hpp"

using namespace rbpf;
namespace fs = std::filesystem;

TEST_CASE("nothing that is there is replaced") {
    const QTemporaryDir temporary;
    const fs::path folder = temporary.path().toStdString();
    REQUIRE(support::writeAtomically(folder / "a.c", std::string_view("mine")));
    REQUIRE(support::writeAtomically(folder / "b.c", std::string_view("yours")));
    fs::create_symlink("nowhere", folder / "dangling.c");
    for (const char* name : {"b.c", "dangling.c"}) {
        CHECK_FALSE(model::makeFile(folder / name));
        CHECK_FALSE(model::makeFolder(folder / name));
        CHECK_FALSE(model::rename(folder / "a.c", folder / name));
    }
    CHECK(support::readText(folder / "a.c") == std::string("mine"));
    CHECK(support::readText(folder / "b.c") == std::string("yours"));
}

TEST_CASE("what is made and renamed is there") {
    const QTemporaryDir temporary;
    const fs::path folder = temporary.path().toStdString();
    REQUIRE(model::makeFolder(folder / "src"));
    REQUIRE(model::makeFile(folder / "src" / "a.c"));
    CHECK(fs::file_size(folder / "src" / "a.c") == 0);
    REQUIRE(model::rename(folder / "src", folder / "lib"));
    CHECK(fs::exists(folder / "lib" / "a.c"));
    const auto gone = model::rename(folder / "src", folder / "other");
    REQUIRE_FALSE(gone);
    CHECK(gone.error().message.find("cannot be renamed") != std::string::npos);
}

TEST_CASE("a name stays inside its folder") {
    for (const char* name : {"", ".", "..", "../a.c", "a/b.c", "/etc/passwd"}) {
        INFO(name);
        CHECK_FALSE(model::checkName(name));
    }
    CHECK(model::checkName("sensor.c"));
    CHECK(model::checkName("..c"));
}
