// SPDX-License-Identifier: GPL-3.0-or-later
// How much a history holds on to, and (on demand: test_debugger_history "[speed]") how long going back takes.
#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <malloc.h>
#include <random>

#include "tests/fakes/image_builder.hpp"
#include "tests/unit/debugger/session/recording_board.hpp"

using namespace rbpf;
using namespace rbpf::session;
using namespace rbpf::session::test;

namespace {

constexpr std::size_t kMegabyte = 1000000;

std::size_t heapBytes() {
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/// Counts in the context, for ever; `calls`: with a call that writes memory in every round of six instructions.
std::vector<std::uint8_t> loop(bool calls) {
    using fakes::slot;
    fakes::ImageParts parts;
    parts.stackBytes = 4096;
    parts.bssBytes = 16384;
    parts.text = fakes::program({slot(0xbf, 6, 1, 0, 0), slot(0xb7, 1, 0, 0, 3),             // key
                                 slot(0xbf, 2, 6, 0, 0),                                     // where to
                                 calls ? slot(0x85, 0, 0, 0, 0x13) : slot(0xb7, 0, 0, 0, 0), // fetch_global
                                 slot(0x61, 7, 6, 0, 0), slot(0x07, 7, 0, 0, 1), slot(0x63, 6, 7, 0, 0),
                                 slot(0x05, 0, 0, -7, 0)});
    return fakes::buildImage(parts);
}

History millionOf(bool calls) {
    const auto image = loop(calls);
    RecordingBoard board(image);
    std::vector<RecordingBoard::Run> runs;
    runs.push_back(board.run({0, std::vector<std::uint8_t>(64), 1000000, false}));
    return historyOf(image, runs);
}

} // namespace

TEST_CASE("A history of a million instructions stays within 100 MB", "[history]") {
    for (const bool calls : {false, true}) {
        const std::size_t before = heapBytes();
        History history = millionOf(calls);
        REQUIRE(history.steps(1) == 1000000);
        std::mt19937 random(2);
        for (int i = 0; i < 300; ++i) {
            REQUIRE(history.stateAt(1, random() % 1000001));
        }
        const std::size_t held = heapBytes() - before;
        INFO(held << " bytes, " << history.runs()[0].calls.size() << " calls");
        REQUIRE(held < 100 * kMegabyte);
    }
}

TEST_CASE("How long going back takes", "[.][speed]") {
    for (const bool calls : {false, true}) {
        const std::size_t before = heapBytes();
        History history = millionOf(calls);
        static_cast<void>(history.stateAt(1, 1000000));
        std::cout << (calls ? "with calls" : "no calls") << ": " << (heapBytes() - before) / kMegabyte << " MB\n";
        for (const std::uint64_t steps : {10000u, 1000000u}) {
            const auto measured = [&](const char* what, const auto& action) {
                std::vector<double> ms;
                std::mt19937_64 random(3);
                for (int i = 0; i < 100; ++i) {
                    const std::uint64_t step = 10 + random() % (steps - 10);
                    const auto start = std::chrono::steady_clock::now();
                    action(step);
                    ms.push_back(
                        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
                }
                std::ranges::sort(ms);
                std::cout << "  " << steps << " steps, " << what << ": median " << ms[50] << " ms, worst " << ms[99]
                          << " ms\n";
            };
            measured("state", [&](std::uint64_t step) { REQUIRE(history.stateAt(1, step)); });
            measured("writer of a register",
                     [&](std::uint64_t step) { REQUIRE(history.lastRegisterWrite(1, step, 6)); });
            measured("writer of memory",
                     [&](std::uint64_t step) { REQUIRE(history.lastMemoryWrite(1, step, 0x40000000, 4)); });
        }
    }
}
