// SPDX-License-Identifier: GPL-3.0-or-later
// With shell scripts as programs that hang, dawdle and end.
#include <catch2/catch.hpp>
#include <poll.h>

#include "sdk/language/ends.hpp"
#include "sdk/language/peer.hpp"

using namespace rbpf::language;
using namespace std::chrono_literals;
using nlohmann::json;
using rbpf::support::Result;

namespace {

constexpr Patience kImpatient{200ms, 100ms, 200ms, 600ms};

std::string say(const json& message) {
    return "printf '%s' '" + rbpf::support::encodeMessage(message) + "'; ";
}

struct Rig {
    explicit Rig(const std::string& script)
        : peer(rbpf::support::Child::start({{"sh", "-c", script}, {}, false}).value(), kImpatient) {}

    void ask(unsigned id) { peer.send({{"id", id}, {"method", "ask"}}); }

    /// Until it is of no use, or as long as that.
    Result<void> run(std::chrono::milliseconds atMost) {
        const auto end = Clock::now() + atMost;
        while (Clock::now() < end) {
            const auto due = std::min(peer.due().value_or(end), end);
            const auto wait = std::chrono::ceil<std::chrono::milliseconds>(due - Clock::now()).count();
            pollfd ready{peer.descriptor(), static_cast<short>(POLLIN | (peer.isWriting() ? POLLOUT : 0)), 0};
            ::poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(wait, 0)));
            if (const auto served = peer.service([this](json one) { heard.push_back(std::move(one)); }); !served) {
                return served;
            }
        }
        return {};
    }

    std::vector<json> heard;
    Peer peer;
};

} // namespace

TEST_CASE("a program that takes everything and says nothing is given up") {
    Rig rig("cat > /dev/null");
    rig.ask(1);
    const auto start = Clock::now();
    REQUIRE_FALSE(rig.run(10s));
    CHECK(Clock::now() - start >= 400ms); // until its first word, and for the sign
    CHECK(rig.peer.end() == "no longer answered");
}

TEST_CASE("one that is asked nothing may be quiet") {
    Rig rig("cat > /dev/null");
    rig.peer.send({{"method", "note"}});
    CHECK_FALSE(rig.peer.due());
    CHECK(rig.run(1s));
}

TEST_CASE("one that stops after its first word is given up sooner") {
    Rig rig(say({{"method", "hello"}}) + "cat > /dev/null");
    rig.ask(1);
    REQUIRE_FALSE(rig.run(10s));
    CHECK(rig.heard.size() == 1);
    CHECK(rig.peer.end() == "no longer answered");
}

TEST_CASE("one that is busy but gives a sign of life is left alone until a request has waited too long") {
    // A word whenever a line of a message is read; the answer never.
    Rig rig("while read -r line; do " + say({{"id", 0}, {"error", {{"code", -32601}}}}) + "done");
    rig.ask(1);
    const auto start = Clock::now();
    REQUIRE_FALSE(rig.run(10s));
    CHECK(Clock::now() - start >= kImpatient.request);
    CHECK(rig.heard.size() >= 2);
    CHECK(rig.peer.end() == "left a request unanswered");
}

TEST_CASE("what arrived while nobody looked counts before anything is judged") {
    Rig rig(say({{"method", "hello"}}) + "read line; " + say({{"id", 1}, {"result", 1}}) + "cat > /dev/null");
    rig.ask(1);
    REQUIRE(rig.peer.service([](const json&) {})); // sends it
    pollfd ready{rig.peer.descriptor(), POLLIN, 0};
    const auto start = Clock::now();
    while (Clock::now() - start < 2 * kImpatient.request) { // the owner is elsewhere
        ::poll(nullptr, 0, 50);
    }
    REQUIRE(::poll(&ready, 1, 5000) == 1);
    CHECK(rig.run(500ms));
    CHECK_FALSE(rig.peer.due());
}

TEST_CASE("one that ends tells how by itself") {
    Rig rig("exit 3");
    rig.ask(1);
    REQUIRE_FALSE(rig.run(10s));
    CHECK(rig.peer.end() == "ended with exit code 3");
}

TEST_CASE("the pauses before a program is started again get longer, and end") {
    Ends ends;
    std::vector<std::chrono::milliseconds> pauses;
    while (!ends.areTooMany()) {
        ends.add();
        pauses.push_back(ends.pause());
    }
    REQUIRE(pauses.size() == 4);
    CHECK(pauses[0] == 0ms);
    CHECK(pauses[1] == 500ms);
    CHECK(pauses[2] == 2000ms);
    ends.clear();
    CHECK_FALSE(ends.areTooMany());
}
