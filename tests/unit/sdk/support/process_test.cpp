// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <csignal>

#include "sdk/support/process.hpp"

using namespace rbpf::support;
using namespace std::chrono_literals;

namespace {

ProcessCommand shell(const std::string& script) {
    return {{"sh", "-c", script}, {}, false};
}

/// Stops the run once it has said "ready".
struct StopWhenReady {
    std::stop_source source;
    ProcessOptions options;
    std::string heard;

    StopWhenReady() {
        options.stop = source.get_token();
        options.output = [this](OutputStream, std::string_view text) {
            heard += text;
            if (heard.find("ready") != std::string::npos) {
                source.request_stop();
            }
        };
    }
};

} // namespace

TEST_CASE("a program's two streams and its exit code come back apart") {
    const auto end = runProcess(shell("echo out; echo err >&2; exit 3"));
    REQUIRE(end);
    CHECK(end->out == "out\n");
    CHECK(end->err == "err\n");
    CHECK(end->exitCode == 3);
    CHECK(end->signal == 0);
    CHECK_FALSE(end->isLate);
}

TEST_CASE("joined streams keep their order") {
    ProcessCommand command = shell("echo 1; echo 2 >&2; echo 3");
    command.isJoined = true;
    const auto end = runProcess(command);
    REQUIRE(end);
    CHECK(end->out == "1\n2\n3\n");
    CHECK(end->err.empty());
}

TEST_CASE("arguments reach a program as they are, and the environment is added to") {
    const auto end =
        runProcess({{"sh", "-c", "printf '%s|%s' \"$1\" \"$ADDED\"", "sh", "a b;$(c)"}, {{"ADDED", "yes"}}, false});
    REQUIRE(end);
    CHECK(end->out == "a b;$(c)|yes");
}

TEST_CASE("output arrives while the program runs") {
    StopWhenReady stop;
    const auto end = runProcess(shell("echo ready; exec sleep 100"), stop.options);
    REQUIRE(end);
    CHECK(end->isStopped);
    CHECK_FALSE(end->isLate);
    CHECK(end->signal == SIGINT);
}

TEST_CASE("what is stopped may clean up, its children are told too") {
    StopWhenReady stop;
    const auto end =
        runProcess(shell("trap 'echo cleaned; exit 9' INT; echo ready; sleep 100 & wait; wait"), stop.options);
    REQUIRE(end);
    CHECK(end->isStopped);
    CHECK(end->exitCode == 9);
    CHECK(end->out == "ready\ncleaned\n");
}

TEST_CASE("a program that ignores the polite signals is killed") {
    StopWhenReady stop;
    stop.options.grace = 100ms;
    const auto end = runProcess({{"python3", "-c",
                                  "import signal\n"
                                  "for s in (signal.SIGINT, signal.SIGTERM): signal.signal(s, signal.SIG_IGN)\n"
                                  "print('ready', flush=True)\nwhile True: signal.pause()"},
                                 {}, false},
                                stop.options);
    REQUIRE(end);
    CHECK(end->isStopped);
    CHECK(end->signal == SIGKILL);
}

TEST_CASE("a silent program and one that never stops talking are ended at their deadlines") {
    ProcessOptions options;
    options.silence = 100ms;
    auto end = runProcess(shell("echo one; exec sleep 100"), options);
    REQUIRE(end);
    CHECK(end->isLate);
    CHECK(end->out == "one\n");

    options.silence = 60s;
    options.deadline = 200ms;
    end = runProcess({{"yes"}, {}, false}, options);
    REQUIRE(end);
    CHECK(end->isLate);
    CHECK(end->out.size() <= 256 * 1024);
}

TEST_CASE("a child that holds the pipes open does not hold us") {
    const auto start = std::chrono::steady_clock::now();
    const auto end = runProcess(shell("sleep 20 & echo done"));
    REQUIRE(end);
    CHECK(end->exitCode == 0);
    CHECK(end->out == "done\n");
    CHECK(std::chrono::steady_clock::now() - start < 15s);
}

TEST_CASE("a program that dies of a signal says which") {
    const auto end = runProcess(shell("kill -SEGV $$"));
    REQUIRE(end);
    CHECK(end->exitCode == -1);
    CHECK(end->signal == SIGSEGV);
}

TEST_CASE("a program that is not there is an Error, and standard input is empty") {
    const auto missing = runProcess({{"no-such-program-anywhere"}, {}, false});
    REQUIRE_FALSE(missing);
    CHECK(missing.error().message == "there is no program no-such-program-anywhere");
    CHECK_FALSE(findProgram("/etc/passwd"));
    CHECK_FALSE(findProgram("/etc"));
    CHECK(findProgram("/bin/sh") == "/bin/sh");
    const auto end = runProcess({{"cat"}, {}, false});
    REQUIRE(end);
    CHECK(end->exitCode == 0);
}
