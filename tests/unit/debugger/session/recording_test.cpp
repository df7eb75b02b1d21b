// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <unistd.h>

#include "debugger/session/recording.hpp"
#include "sdk/support/files.hpp"
#include "tests/fakes/image_builder.hpp"
#include "tests/unit/debugger/session/recording_board.hpp"

using namespace rbpf;
using namespace rbpf::session;
using namespace rbpf::session::test;

namespace {

/// Stores 7 in the context, asks for the time, returns it.
std::vector<std::uint8_t> image() {
    fakes::ImageParts parts;
    parts.text = fakes::program(
        {fakes::slot(0x62, 1, 0, 0, 7), fakes::slot(0x85, 0, 0, 0, 0x20), fakes::slot(0x95, 0, 0, 0, 0)});
    parts.bssBytes = 8;
    return fakes::buildImage(parts);
}

std::vector<RecordingBoard::Run> runs() {
    RecordingBoard board(image());
    return {board.run({0, std::vector<std::uint8_t>(8)}),
            board.run({0, std::vector<std::uint8_t>(4), 1000, true, {{2, 0, 99, {}}}}), board.run({})};
}

std::vector<std::uint8_t> encoded() {
    Recording recording{image(), {1, 2, 3}, {}, {}};
    for (const auto& run : runs()) {
        recording.runs.push_back(run.record);
        recording.known.push_back(run.record.end->instructions);
    }
    return encodeRecording(recording);
}

std::string errorOf(const std::vector<std::uint8_t>& bytes) {
    const auto opened = openRecording(bytes);
    return opened ? std::string() : opened.error().message;
}

} // namespace

TEST_CASE("A recording that was saved and loaded shows the same states", "[recording]") {
    const auto file =
        std::filesystem::temp_directory_path() / ("rbpf-recording-" + std::to_string(::getpid()) + ".rbpfrec");
    const auto recorded = runs();
    auto history = historyOf(image(), recorded);
    history.beginRun(recorded[0].record);
    RecordedRun going = recorded[0].record;
    going.end.reset();
    going.calls.clear();
    history.beginRun(going);
    history.reached(1);
    REQUIRE(history.save(file, {1, 2, 3}));
    auto loaded = History::load(file);
    std::filesystem::remove(file);
    REQUIRE(loaded);
    REQUIRE(loaded->debugElf == std::vector<std::uint8_t>{1, 2, 3});
    REQUIRE(loaded->history.image() == image());
    REQUIRE(loaded->history.runs().size() == 5);
    REQUIRE(loaded->history.steps(5) == 1);
    for (std::uint32_t run = 1; run <= 3; ++run) {
        for (std::size_t step = 0; step < recorded[run - 1].states.size(); ++step) {
            const auto state = loaded->history.stateAt(run, step);
            REQUIRE(state);
            REQUIRE(difference(*state, recorded[run - 1].states[step]) == "");
        }
    }
    REQUIRE_FALSE(History::load(file));
}

TEST_CASE("What is wrong in a recording is named with its place", "[recording]") {
    const auto good = encoded();
    REQUIRE(errorOf(good).empty());
    REQUIRE(errorOf({}) == "the file ends here");
    REQUIRE(errorOf({'{', '}'}) != "");
    REQUIRE(errorOf({0xa0}) == "this is not a recording of rBPF Studio");
    auto longer = good;
    longer.push_back(0);
    REQUIRE(errorOf(longer) == "more bytes behind its end");

    Recording recording{image(), {}, {}, {}};
    for (const auto& run : runs()) {
        recording.runs.push_back(run.record);
        recording.known.push_back(1);
    }
    auto bad = recording;
    bad.runs[1].calls.push_back(bad.runs[1].calls.back());
    REQUIRE_THAT(errorOf(encodeRecording(bad)), Catch::StartsWith("runs[1].calls[1]: step 1 comes behind"));
    bad = recording;
    bad.runs[2].end->cause = RBPF_CAUSE_STEP;
    REQUIRE(errorOf(encodeRecording(bad)) == "runs[2].end: a run does not end like that");
    bad = recording;
    bad.runs[0].regions[0].size = 0x7fffffff;
    REQUIRE(errorOf(encodeRecording(bad)) == "runs[0].regions[0]: expected a number up to 65536");
    bad = recording;
    bad.image.resize(20);
    REQUIRE_THAT(errorOf(encodeRecording(bad)), Catch::StartsWith("the image cannot be executed"));
}

TEST_CASE("Damaged and truncated recordings never do harm", "[recording]") {
    const auto good = encoded();
    for (std::size_t size = 0; size < good.size(); ++size) {
        REQUIRE_FALSE(errorOf({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)}).empty());
    }
    std::mt19937 random(1);
    unsigned opened = 0;
    for (unsigned round = 0; round < 20000; ++round) {
        auto bytes = good;
        for (unsigned n = random() % 4 + 1; n > 0; --n) {
            bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
        }
        auto loaded = openRecording(bytes);
        if (!loaded) {
            continue;
        }
        ++opened;
        for (std::uint32_t run = 1; run <= loaded->history.runs().size(); ++run) {
            static_cast<void>(loaded->history.stateAt(run, std::min<std::uint64_t>(loaded->history.steps(run), 10)));
        }
    }
    REQUIRE(opened > 0);
}
