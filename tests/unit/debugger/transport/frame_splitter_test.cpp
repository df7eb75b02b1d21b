// SPDX-License-Identifier: GPL-3.0-or-later
// Cutting a stream into whole frames.
#include <catch2/catch.hpp>

#include <random>

#include "debugger/transport/frame_splitter.hpp"

using namespace rbpf::transport;
using Buffer = std::vector<std::uint8_t>;

namespace {

std::vector<Buffer> split(FrameSplitter& splitter, const Buffer& bytes) {
    std::vector<Buffer> frames;
    splitter.put(bytes, [&](std::span<const std::uint8_t> frame) { frames.emplace_back(frame.begin(), frame.end()); });
    return frames;
}

} // namespace

TEST_CASE("frames come out whole, however they came in") {
    std::mt19937 random(1);
    for (int round = 0; round < 100; ++round) {
        Buffer line;
        std::vector<Buffer> sent;
        for (int i = 0; i < 5; ++i) {
            Buffer frame = {0xC0};
            for (std::size_t n = 1 + random() % 50; n > 0; --n) {
                frame.push_back(static_cast<std::uint8_t>(random() % 0xC0));
            }
            frame.push_back(0xC0);
            line.insert(line.end(), frame.begin() + (i > 0 && random() % 2 == 0 ? 1 : 0), frame.end());
            sent.push_back(frame);
        }
        FrameSplitter splitter;
        std::vector<Buffer> got;
        for (std::size_t at = 0; at < line.size();) {
            const std::size_t size = std::min<std::size_t>(1 + random() % 9, line.size() - at);
            const auto from = line.begin() + static_cast<std::ptrdiff_t>(at);
            for (Buffer& frame : split(splitter, Buffer(from, from + static_cast<std::ptrdiff_t>(size)))) {
                got.push_back(std::move(frame));
            }
            at += size;
        }
        REQUIRE(got == sent);
    }
}

TEST_CASE("what comes before the first END belongs to no frame") {
    FrameSplitter splitter;
    CHECK(split(splitter, {1, 2, 3, 0xC0}).empty());
    CHECK(split(splitter, {4, 0xC0}) == std::vector<Buffer>{{0xC0, 4, 0xC0}});
}

TEST_CASE("a frame without end is dropped and the next one found") {
    FrameSplitter splitter;
    Buffer endless(3 * kLongestFrame, 1);
    endless[0] = 0xC0;
    CHECK(split(splitter, endless).empty());
    CHECK(split(splitter, {0xC0, 7, 0xC0}) == std::vector<Buffer>{{0xC0, 7, 0xC0}});
}
