// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <cstdlib>

#include "sdk/support/files.hpp"

using namespace rbpf::support;

namespace {
struct Folder {
    Folder() {
        char name[] = "/tmp/rbpf-files-XXXXXX";
        REQUIRE(mkdtemp(name) != nullptr);
        path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};
} // namespace

TEST_CASE("a missing file is told by its path in words") {
    const auto result = readText("/nowhere/at.all");
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::Io);
    CHECK(result.error().message == "cannot read /nowhere/at.all: there is no such file");
    CHECK(readBytes("/tmp").error().message == "cannot read /tmp: it is a folder");
}

TEST_CASE("what is written is read back, folders are made, and nothing else is left behind") {
    const Folder folder;
    const auto path = folder.path / "a" / "b.txt";
    REQUIRE(writeAtomically(path, "first"));
    REQUIRE(writeAtomically(path, std::string_view("second\0x", 8)));
    CHECK(readText(path) == std::string("second\0x", 8));
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path / "a"), {}) == 1);
}

TEST_CASE("a write that fails leaves the old content and no pending file") {
    const Folder folder;
    std::filesystem::create_directories(folder.path / "taken" / "inside");
    const auto result = writeAtomically(folder.path / "taken", "text");
    REQUIRE_FALSE(result);
    CHECK(result.error().message.find("taken: it is a folder") != std::string::npos);
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path), {}) == 1);
    CHECK_FALSE(writeAtomically("/dev/null/x/y", "text"));
}
