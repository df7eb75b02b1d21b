// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/unit/firmware/rbpf_agent/bench_board.hpp"

namespace rbpf::agent {

TEST_CASE("text of the firmware around the agent goes out in diagnostic frames, as scripts' does") {
    BenchBoard board;
    board.agent->print("battery low\n", 12);
    board.settle();
    CHECK(board.text() == "battery low\n");
}

TEST_CASE("noise and cut frames on the serial line cost nothing but themselves") {
    BenchBoard board;
    std::uint32_t state = 1;
    for (int round = 0; round < 200; ++round) {
        Blob noise;
        for (int i = 0; i < 100; ++i) {
            noise.push_back(static_cast<std::uint8_t>((state = state * 1664525u + 1013904223u) >> 24));
        }
        board.agent->serialInput(noise.data(), noise.size());
        const Blob request = board.encode({wire::kCoapGet, "rbpf/stats", {}, {}, {}});
        Blob line(wire::slipmuxBound(request.size()));
        line.resize(wire::slipmuxEncode(0xA9, {request.data(), request.size()}, line.data(), line.size()));
        board.agent->serialInput(line.data(), line.size() / 2); // cut in mid-frame
        board.settle();
        board.answers();
        REQUIRE(board.get("rbpf").code == wire::kCoapContent);
    }
}

TEST_CASE("text of scripts reaches the console") {
    BenchBoard board;
    board.install(0, make({mov(1, 1234), call(0x03), mov(0, 0), leave()}, ""));
    board.ask({wire::kCoapPost, "rbpf/slots/0/invoke", {}, {}, {}});
    CHECK(board.text() == "1234\n");
}

TEST_CASE("a congested line loses log text and never an answer") {
    BenchBoard board;
    // Prints its whole budget away.
    board.install(0, make({mov(1, 123456789), call(0x03), fakes::slot(0x05, 0, 0, -3, 0), leave()}, "timer/1"));
    board.answers();
    board.port.lineRoom = 0;
    const Blob request = board.encode({wire::kCoapGet, "rbpf/stats", {}, {}, {}});
    for (int i = 0; i < 20; ++i) {
        board.port.advanceMs(1);
        board.settle();
    }
    board.sendSerial(request);
    for (int i = 0; i < 20; ++i) {
        board.port.advanceMs(1);
        board.settle();
    }
    CHECK(board.answers().empty());
    board.port.lineRoom = SIZE_MAX;
    board.port.advanceMs(20);
    board.settle();
    const auto answers = board.answers();
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].code == wire::kCoapContent);
    const std::string text = board.text();
    CHECK(text.find("characters lost)") != std::string::npos);
}

TEST_CASE("a line that takes a byte at a time delivers whole frames") {
    BenchBoard board;
    board.answers();
    board.port.lineRoom = 0;
    board.sendSerial(board.encode({wire::kCoapGet, "rbpf", {}, {}, {}}));
    for (int i = 0; i < 2000; ++i) {
        board.port.lineRoom = 1;
        board.agent->poll();
    }
    const auto answers = board.answers();
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].code == wire::kCoapContent);
}

} // namespace rbpf::agent
