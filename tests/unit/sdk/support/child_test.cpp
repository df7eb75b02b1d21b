// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <chrono>
#include <poll.h>

#include "sdk/support/child.hpp"

using namespace rbpf::support;

namespace {

constexpr int kDeadlineMs = 10000;

std::unique_ptr<Child> shell(const std::string& script) {
    return Child::start({{"sh", "-c", script}, {}, false}).value();
}

/// What it says until it closes its side or has said `until`.
std::string hear(Child& child, const std::string& until = "\1") {
    std::string heard;
    while (heard.find(until) == std::string::npos) {
        pollfd ready{child.descriptor(), POLLIN, 0};
        REQUIRE(::poll(&ready, 1, kDeadlineMs) == 1);
        if (!child.receive(heard)) {
            break;
        }
    }
    return heard;
}

} // namespace

TEST_CASE("a child is spoken with, and its own end is told") {
    const auto child = shell("read line; echo \"got $line\"; exit 3");
    std::string text = "hello\n";
    REQUIRE(child->send(text));
    CHECK(text.empty());
    CHECK(hear(*child) == "got hello\n");
    CHECK(child->end() == "ended with exit code 3");
    CHECK(child->end() == "ended with exit code 3");
}

TEST_CASE("a child that would go on for ever is killed") {
    const auto child = shell("echo ready; cat > /dev/null");
    CHECK(hear(*child, "ready") == "ready\n");
    CHECK(child->end() == "was ended by signal 9 (Killed)");
}

TEST_CASE("writing to a child that has gone is an answer, not a signal") {
    const auto child = shell("exit 0");
    CHECK(hear(*child).empty());
    std::string text(1 << 20, 'x');
    CHECK_FALSE(child->send(text));
}

TEST_CASE("what a child does not read stays with the sender") {
    const auto child = shell("echo ready; exec sleep 100");
    CHECK(hear(*child, "ready") == "ready\n");
    std::string text(4 << 20, 'x');
    CHECK(child->send(text));
    CHECK_FALSE(text.empty());
}

TEST_CASE("a program that is not there is an error with its name") {
    const auto child = Child::start({{"no-such-program"}, {}, false});
    REQUIRE_FALSE(child);
    CHECK(child.error().message.find("no-such-program") != std::string::npos);
}
