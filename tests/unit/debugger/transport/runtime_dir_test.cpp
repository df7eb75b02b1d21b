// SPDX-License-Identifier: GPL-3.0-or-later
// Where the runtime folder is and when it is trusted.
#include "debugger/transport/runtime_dir.hpp"
#include "tests/fakes/processes.hpp"

using namespace rbpf;
using namespace rbpf::transport;
namespace fs = std::filesystem;

TEST_CASE("the folder is named by the environment, then by the session, then by the user") {
    const char* session = std::getenv("XDG_RUNTIME_DIR");
    const std::string before = session == nullptr ? "" : session;
    setenv("RBPF_RUNTIME_DIR", "/a/b", 1);
    setenv("XDG_RUNTIME_DIR", "/run/user/5", 1);
    CHECK(runtimeDirPath() == "/a/b");
    unsetenv("RBPF_RUNTIME_DIR");
    CHECK(runtimeDirPath() == "/run/user/5/rbpf");
    unsetenv("XDG_RUNTIME_DIR");
    CHECK(runtimeDirPath() == "/tmp/rbpf-" + std::to_string(getuid()));
    if (session != nullptr) {
        setenv("XDG_RUNTIME_DIR", before.c_str(), 1);
    }
}

TEST_CASE("the folder is made for its user alone") {
    test::RuntimeFolder outer;
    const fs::path inner = outer.folder / "deep" / "rbpf";
    setenv("RBPF_RUNTIME_DIR", inner.c_str(), 1);
    REQUIRE(runtimeDir());
    CHECK((fs::status(inner).permissions() & fs::perms::all) == fs::perms::owner_all);
    CHECK(runtimeDir());
}

TEST_CASE("a folder that others may write to, or that is none, is refused") {
    test::RuntimeFolder outer;
    fs::permissions(outer.folder, fs::perms::group_write, fs::perm_options::add);
    REQUIRE(!runtimeDir());
    CHECK(runtimeDir().error().message.find("not yours alone") != std::string::npos);
    fs::permissions(outer.folder, fs::perms::owner_all);
    const fs::path file = outer.folder / "file";
    std::fclose(std::fopen(file.c_str(), "w"));
    setenv("RBPF_RUNTIME_DIR", file.c_str(), 1);
    CHECK(!runtimeDir());
}
