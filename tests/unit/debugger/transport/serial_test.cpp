// SPDX-License-Identifier: GPL-3.0-or-later
// A tty as a byte stream, on real PTYs.
#include <algorithm>

#include <sys/stat.h>

#include "debugger/transport/transport.hpp"
#include "tests/fakes/processes.hpp"
#include "tests/fakes/pty_board.hpp"

using namespace rbpf;
using namespace rbpf::transport;
using namespace rbpf::test;
using namespace std::chrono_literals;
using support::ErrorKind;

namespace {

/// The two ends of a PTY; the test plays the board on `master`.
struct Pty {
    Fd master;
    std::string path;
    Pty() : master(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
        REQUIRE(master);
        grantpt(master.get());
        unlockpt(master.get());
        path = ptsname(master.get());
    }
};

constexpr auto kPlenty = 10s;

} // namespace

TEST_CASE("every byte value crosses a line unchanged in both directions") {
    Pty pty;
    auto line = transport::open(pty.path);
    REQUIRE(line);
    std::vector<std::uint8_t> all(256);
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i] = static_cast<std::uint8_t>(i);
    }
    REQUIRE((*line)->write(all, Clock::now() + kPlenty));
    std::vector<std::uint8_t> got(256);
    std::size_t have = 0;
    while (have < got.size()) {
        const ssize_t size = read(pty.master.get(), got.data() + have, got.size() - have);
        REQUIRE(size > 0);
        have += static_cast<std::size_t>(size);
    }
    CHECK(got == all);

    REQUIRE(write(pty.master.get(), all.data(), all.size()) == 256);
    std::fill(got.begin(), got.end(), 0);
    for (have = 0; have < got.size();) {
        const auto size = (*line)->read({got.data() + have, got.size() - have}, Clock::now() + kPlenty);
        REQUIRE(size);
        REQUIRE(*size > 0);
        have += *size;
    }
    CHECK(got == all);
    CHECK((*line)->name() == pty.path);
    CHECK((*line)->descriptor() >= 0);
}

TEST_CASE("a read without bytes ends at its deadline with nothing") {
    Pty pty;
    auto line = transport::open(pty.path);
    REQUIRE(line);
    std::uint8_t byte = 0;
    CHECK((*line)->read({&byte, 1}, Clock::now() + 20ms) == 0u);
    CHECK((*line)->read({&byte, 1}, Clock::now() - 1s) == 0u);
}

TEST_CASE("a read whose deadline has passed still takes what is there") {
    Pty pty;
    auto line = transport::open(pty.path);
    REQUIRE(line);
    REQUIRE(write(pty.master.get(), "x", 1) == 1);
    pollfd ready{(*line)->descriptor(), POLLIN, 0};
    REQUIRE(poll(&ready, 1, 10000) == 1);
    std::uint8_t byte = 0;
    CHECK((*line)->read({&byte, 1}, Clock::now() - 1s) == 1u);
}

TEST_CASE("a board that hangs up is an error that says so") {
    Pty pty;
    auto line = transport::open(pty.path);
    REQUIRE(line);
    pty.master.reset();
    std::uint8_t byte = 0;
    const auto got = (*line)->read({&byte, 1}, Clock::now() + kPlenty);
    REQUIRE(!got);
    CHECK(got.error().kind == ErrorKind::Link);
    CHECK(got.error().message.find("the board hung up") != std::string::npos);
    CHECK(!(*line)->write({&byte, 1}, Clock::now() + kPlenty));
}

TEST_CASE("a board that does not read makes a write fail at its deadline") {
    Pty pty;
    auto line = transport::open(pty.path);
    REQUIRE(line);
    const std::vector<std::uint8_t> much(1 << 20);
    const auto written = (*line)->write(much, Clock::now() + 50ms);
    REQUIRE(!written);
    CHECK(written.error().kind == ErrorKind::Link);
}

TEST_CASE("a port that does not exist is named, with the command that lists ports") {
    const auto line = transport::open("/dev/ttyNone");
    REQUIRE(!line);
    CHECK(line.error().message == "/dev/ttyNone: no such port");
    CHECK(line.error().hint == "`rbpf boards` lists them");
}

TEST_CASE("what is not a tty is refused") {
    for (const char* path : {"/dev/null", "/etc/passwd", "/tmp"}) {
        const auto line = transport::open(path);
        REQUIRE(!line);
        CHECK(line.error().kind == ErrorKind::Link);
    }
}

TEST_CASE("a port without permission names the group to join", "[permission]") {
    if (getuid() == 0) {
        Process process([](const Process::Channel& channel) {
            // Root may open everything, so another user tries; the PTY's path comes as its number.
            const std::string path = "/dev/pts/" + std::to_string(static_cast<int>(channel.hear()));
            if (setgid(65534) != 0 || setuid(65534) != 0) {
                channel.say('s');
                return;
            }
            const auto line = transport::open(path);
            channel.say(!line && line.error().message.find("may not open") != std::string::npos &&
                                !line.error().hint.empty()
                            ? 'y'
                            : 'n');
        });
        Pty pty;
        const int number = std::atoi(pty.path.c_str() + std::string("/dev/pts/").size());
        REQUIRE(number < 127);
        process.say(static_cast<char>(number));
        CHECK(process.hear() == 'y');
        return;
    }
    Pty pty;
    REQUIRE(chmod(pty.path.c_str(), 0) == 0);
    const auto line = transport::open(pty.path);
    REQUIRE(!line);
    CHECK(line.error().message.find("may not open") != std::string::npos);
}

TEST_CASE("a port that another process holds names that process") {
    Process process([](const Process::Channel& channel) {
        const std::string path = "/dev/pts/" + std::to_string(static_cast<int>(channel.hear()));
        const auto line = transport::open(path);
        channel.say(line ? 'y' : 'n');
        channel.hear();
    });
    Pty pty;
    const int number = std::atoi(pty.path.c_str() + std::string("/dev/pts/").size());
    REQUIRE(number < 127);
    process.say(static_cast<char>(number));
    REQUIRE(process.hear() == 'y');
    const auto second = transport::open(pty.path);
    REQUIRE(!second);
    CHECK(second.error().message.find("held by " + std::to_string(process.pid()) + " (test_debugger_t") !=
          std::string::npos);
    process.kill();
    CHECK(transport::open(pty.path));
}
