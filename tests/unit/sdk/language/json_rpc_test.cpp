// SPDX-License-Identifier: GPL-3.0-or-later
// With shell scripts as servers that misbehave.
#include <catch2/catch.hpp>
#include <poll.h>

#include "sdk/language/json_rpc.hpp"

using namespace rbpf::language;
using namespace std::chrono_literals;
using nlohmann::json;
using rbpf::support::ErrorKind;
using rbpf::support::Result;

namespace {

/// A shell's command that says a message.
std::string say(const json& message) {
    return "printf '%s' '" + rbpf::support::encodeMessage(message) + "'; ";
}

struct Rig {
    explicit Rig(const std::string& script)
        : rpc(rbpf::support::Child::start({{"sh", "-c", script}, {}, false}).value(),
              [this](const std::string& method, const json&) { notices.push_back(method); }) {}

    void ask(std::chrono::milliseconds deadline = 10s) {
        last = rpc.request("ask", json::object(), deadline, [this](Result<json> one) { answers.push_back(std::move(one)); });
    }

    /// Until there are so many answers, or the server is of no use.
    Result<void> run(std::size_t count) {
        const auto end = Clock::now() + 10s;
        while (answers.size() < count && Clock::now() < end) {
            const auto due = std::min(rpc.due().value_or(end), end);
            const auto wait = std::chrono::ceil<std::chrono::milliseconds>(due - Clock::now()).count();
            pollfd ready{rpc.descriptor(), static_cast<short>(POLLIN | (rpc.isWriting() ? POLLOUT : 0)), 0};
            ::poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(wait, 0)));
            if (const auto served = rpc.service(); !served) {
                return served;
            }
        }
        return {};
    }

    std::vector<std::string> notices;
    std::vector<Result<json>> answers;
    std::uint64_t last = 0;
    JsonRpc rpc;
};

} // namespace

TEST_CASE("answers find their requests in any order, and notices are heard") {
    Rig rig("read x; " + say({{"method", "note"}}) + say({{"id", 2}, {"result", "two"}}) +
            say({{"id", 1}, {"result", "one"}}) + "cat > /dev/null");
    rig.ask();
    rig.ask();
    REQUIRE(rig.run(2));
    CHECK(rig.answers[0].value() == "two");
    CHECK(rig.answers[1].value() == "one");
    CHECK(rig.notices == std::vector<std::string>{"note"});
}

TEST_CASE("what is no answer to anything is passed over") {
    Rig rig(say({{"id", 99}, {"result", 1}}) + say({{"id", "x"}, {"result", 1}}) + say({{"id", -1}, {"error", 3}}) +
            say({{"result", 1}}) + say({{"id", 7}, {"method", "server/asks"}}) +
            say({{"id", 1}, {"error", {{"message", "no such thing"}}}}) + "cat > /dev/null");
    rig.ask();
    REQUIRE(rig.run(1));
    REQUIRE_FALSE(rig.answers[0]);
    CHECK(rig.answers[0].error().kind == ErrorKind::Usage);
    CHECK(rig.answers[0].error().message == "no such thing");
}

TEST_CASE("a request that is not answered is given up at its deadline") {
    Rig rig("cat > /dev/null");
    rig.ask(50ms);
    REQUIRE(rig.run(1));
    REQUIRE_FALSE(rig.answers[0]);
    CHECK(rig.answers[0].error().kind == ErrorKind::Link);
    REQUIRE(rig.rpc.due()); // whether the server is there at all is still to be found out
    CHECK(*rig.rpc.due() > Clock::now());
}

TEST_CASE("of two that are late the first one's answer may cancel the second") {
    Rig rig("cat > /dev/null");
    rig.rpc.request("first", json::object(), 0ms, [&](const Result<json>&) { rig.rpc.cancel(rig.last); });
    rig.ask(0ms);
    REQUIRE(rig.run(1));
    CHECK(rig.answers.at(0).error().kind == ErrorKind::Cancelled);
    CHECK(rig.answers.size() == 1);
    CHECK(*rig.rpc.due() > Clock::now());
}

TEST_CASE("a cancelled request is answered at once, and once") {
    Rig rig("read x; " + say({{"id", 1}, {"result", 1}}) + say({{"id", 2}, {"result", 2}}) + "cat > /dev/null");
    rig.ask();
    rig.rpc.cancel(rig.last);
    REQUIRE(rig.answers.size() == 1);
    CHECK(rig.answers[0].error().kind == ErrorKind::Cancelled);
    rig.ask();
    REQUIRE(rig.run(2));
    CHECK(rig.answers[1].value() == 2);
}

TEST_CASE("garbage and an end are told, and whoever waits gets an answer") {
    for (const std::string script : {"echo 'Segmentation fault'; exec sleep 100", "printf 'Content-Length: 99999999999\\r\\n\\r\\n'; exec sleep 100",
                                     "printf 'Content-Length: 3\\r\\n\\r\\n{x}'; exec sleep 100", "exit 1"}) {
        INFO(script);
        Rig rig(script);
        rig.ask();
        CHECK_FALSE(rig.run(1));
        CHECK(rig.answers.empty());
        rig.rpc.end();
        REQUIRE(rig.answers.size() == 1);
        CHECK(rig.answers[0].error().kind == ErrorKind::Link);
    }
}

TEST_CASE("a server that stops reading is noticed") {
    Rig rig("exec sleep 100");
    rig.rpc.notify("big", std::string(65u << 20, 'x'));
    CHECK_FALSE(rig.rpc.service());
}
