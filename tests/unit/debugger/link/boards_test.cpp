// SPDX-License-Identifier: GPL-3.0-or-later
// Finding boards by their records.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sys/wait.h>
#include <unistd.h>

#include "debugger/link/boards.hpp"

using namespace rbpf;
using namespace rbpf::link;
namespace fs = std::filesystem;

namespace {

/// A runtime folder of the test's own.
struct Runtime {
    fs::path folder;
    Runtime() {
        std::string name = (fs::temp_directory_path() / "rbpf-boards-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        folder = name;
        fs::create_directories(folder / "boards");
        setenv("RBPF_RUNTIME_DIR", folder.c_str(), 1);
    }
    ~Runtime() {
        unsetenv("RBPF_RUNTIME_DIR");
        fs::remove_all(folder);
    }
    fs::path record(const std::string& name, int pid, const std::string& more = "") {
        const fs::path path = folder / "boards" / (name + ".json");
        std::ofstream(path) << "{\"id\":\"" << name
                            << "\",\"board\":\"native\",\"serial\":\"/dev/pts/99\",\"coap\":5683,\"pid\":" << pid
                            << more << "}";
        return path;
    }
};

/// The boards that have a process; the machine may have serial ports besides.
std::vector<BoardRecord> running() {
    std::vector<BoardRecord> boards = listBoards();
    std::erase_if(boards, [](const BoardRecord& board) { return board.pid == 0; });
    return boards;
}

/// The number of a process that has ended.
int deadPid() {
    const pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    waitpid(child, nullptr, 0);
    return child;
}

} // namespace

TEST_CASE("running boards are listed by name with what their records tell") {
    Runtime runtime;
    runtime.record("zeta", getpid());
    runtime.record("alpha", getpid(), ",\"state\":\"/tmp/s\",\"started\":4102444800");
    const auto boards = running();
    REQUIRE(boards.size() == 2);
    CHECK(boards[0].id == "alpha");
    CHECK(boards[0].serial == "/dev/pts/99");
    CHECK(boards[0].coap == 5683);
    CHECK(boards[0].stateFile == "/tmp/s");
    CHECK(boards[1].id == "zeta");
}

TEST_CASE("the record of a process that has ended is dropped and removed") {
    Runtime runtime;
    const fs::path path = runtime.record("gone", deadPid());
    CHECK(running().empty());
    CHECK(!fs::exists(path));
}

TEST_CASE("a board that was killed is gone, even before its parent has noticed") {
    Runtime runtime;
    const pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    siginfo_t ended{};
    REQUIRE(waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT) == 0); // stays as a zombie
    runtime.record("dead", child);
    CHECK(running().empty());
    waitpid(child, nullptr, 0);
}

TEST_CASE("a later process with the number of a board's does not pass for the board") {
    Runtime runtime;
    runtime.record("old", getpid(), ",\"started\":1000000");
    CHECK(running().empty());
}

TEST_CASE("broken records are left out") {
    Runtime runtime;
    std::ofstream(runtime.folder / "boards/a.json") << "{\"id\": ";
    std::ofstream(runtime.folder / "boards/b.json") << "[]";
    std::ofstream(runtime.folder / "boards/c.json") << "{\"id\": 5, \"pid\": \"x\"}";
    std::ofstream(runtime.folder / "boards/d.txt") << "{}";
    CHECK(running().empty());
}

TEST_CASE("a board is found by name, and a wrong name lists those there are") {
    Runtime runtime;
    runtime.record("alpha", getpid());
    const auto board = resolveBoard("alpha");
    REQUIRE(board);
    CHECK(board->coap == 5683);
    const auto wrong = resolveBoard("beta");
    REQUIRE(!wrong);
    CHECK(wrong.error().kind == support::ErrorKind::Link);
    CHECK(wrong.error().hint.find("alpha") != std::string::npos);
}

TEST_CASE("paths and TCP addresses stand for themselves") {
    Runtime runtime;
    CHECK(resolveBoard("/dev/ttyNone")->serial == "/dev/ttyNone");
    CHECK(resolveBoard("tcp://host:20000")->serial == "tcp://host:20000");
}

TEST_CASE("with several boards and no name the user is asked to choose") {
    Runtime runtime;
    runtime.record("alpha", getpid());
    runtime.record("beta", getpid());
    const auto board = resolveBoard("");
    REQUIRE(!board);
    CHECK(board.error().kind == support::ErrorKind::Usage);
}

TEST_CASE("records in a folder that others may write to are not believed") {
    Runtime runtime;
    runtime.record("alpha", getpid());
    fs::permissions(runtime.folder, fs::perms::others_write, fs::perm_options::add);
    CHECK(running().empty());
}
