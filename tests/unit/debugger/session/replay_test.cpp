// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include <algorithm>

#include "debugger/session/replay.hpp"
#include "tests/unit/debugger/session/history_scripts.hpp"
#include "tests/unit/debugger/session/recording_board.hpp"
#include "tests/unit/sdk/compile/script.hpp"

using namespace rbpf;
using namespace rbpf::session;
using namespace rbpf::session::test;

namespace {

std::vector<std::uint8_t> imageOf(std::string text, const std::string& from = {}, const std::string& to = {},
                                  compile::Optimise optimise = compile::Optimise::Size) {
    if (!from.empty()) {
        text.replace(text.find(from), from.size(), to);
    }
    rbpf::test::Sources sources;
    sources.files["a.c"] = text;
    sources.optimise = optimise;
    return rbpf::test::build(sources).output.image;
}

History recorded() {
    const auto image = imageOf(kBindings);
    RecordingBoard board(image);
    std::vector<RecordingBoard::Run> runs;
    for (int i = 0; i < 3; ++i) {
        runs.push_back(board.run({0, std::vector<std::uint8_t>(16)}));
        board.port.advanceMs(7);
        board.port.readings[1].val[0]++;
    }
    return historyOf(image, runs);
}

std::string textOf(const std::vector<std::uint8_t>& image) {
    auto history = recorded();
    const auto result = replay(history, image);
    REQUIRE(result);
    REQUIRE(result->replayed() == 3);
    return replayText(*result);
}

} // namespace

TEST_CASE("The recorded image behaves as recorded", "[replay]") {
    auto history = recorded();
    const auto result = replay(history);
    REQUIRE(result);
    REQUIRE(result->sameImage);
    REQUIRE_FALSE(result->behavesDifferently());
    REQUIRE_FALSE(result->countsDiffer());
}

TEST_CASE("Another build that does the same differs only in the number of instructions", "[replay]") {
    auto history = recorded();
    const auto result = replay(history, imageOf(kBindings, "", "", compile::Optimise::Debug));
    REQUIRE(result);
    INFO(replayText(*result));
    REQUIRE_FALSE(result->behavesDifferently());
    REQUIRE(result->countsDiffer());
    REQUIRE_THAT(replayText(*result),
                 Catch::Contains("3 runs behave as recorded; only the number of instructions differs"));
}

TEST_CASE("What another build does differently is told in words", "[replay]") {
    REQUIRE_THAT(textOf(imageOf(kBindings, "+ bpf_ztimer_now()", "+ 1 + bpf_ztimer_now()")),
                 Catch::Contains("the recorded run returns") && Catch::Contains("3 of 3 runs behave differently"));
    REQUIRE_THAT(
        textOf(imageOf(kBindings, "count + 1", "count + 2")),
        Catch::Contains("call 2: bpf_store_global(3, 1) was recorded, this build makes bpf_store_global(3, 2)"));
    REQUIRE_THAT(textOf(imageOf(kBindings, "%d values, %u", "%d value(s), %u")),
                 Catch::Contains("it printed \"1 values, 0\\n\", this build prints \"1 value(s), 0\\n\""));
    REQUIRE_THAT(textOf(imageOf(kBindings, "bpf_memcpy(context, text", "bpf_memcpy(context + 1, text")),
                 Catch::Contains("bytes of the context differ, the first at offset 0"));
    REQUIRE_THAT(textOf(imageOf(kBindings, "bpf_fetch_global(3, &count);",
                                "bpf_fetch_global(3, &count); bpf_fetch_global(3, &count);")),
                 Catch::Contains("had no recorded answer"));
    REQUIRE_THAT(textOf(imageOf(kBindings, "int read", "*(volatile char *)0 = 1; int read")),
                 Catch::Contains("this build faults with WRITE_FAULT"));
    REQUIRE_THAT(textOf(imageOf(kBindings, "SEC(\"timer/100\") int entry", "SEC(\"timer/100\") int renamed")),
                 Catch::Contains("3 runs behave as recorded"));
}

TEST_CASE("Runs that say nothing about another build are left out", "[replay]") {
    auto history = recorded();
    RecordedRun edited = history.runs()[0];
    edited.edits.push_back({0, 5, 1, {}});
    history.beginRun(edited);
    const auto result = replay(history, imageOf(kBindings, "", "", compile::Optimise::Debug));
    REQUIRE(result);
    REQUIRE(result->replayed() == 3);
    REQUIRE(result->runs[3].skipped == "the user changed registers or memory in it");
}
