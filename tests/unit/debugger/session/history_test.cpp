// SPDX-License-Identifier: GPL-3.0-or-later
// The state that History computes is the state of the board, at every step of every run.
#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/fakes/image_builder.hpp"
#include "tests/unit/debugger/session/history_scripts.hpp"
#include "tests/unit/debugger/session/recording_board.hpp"
#include "tests/unit/sdk/compile/script.hpp"

using namespace rbpf;
using namespace rbpf::session;
using namespace rbpf::session::test;
using Request = RecordingBoard::Request;

namespace {

std::vector<std::uint8_t> imageOf(const char* text, compile::Optimise optimise = compile::Optimise::Size) {
    rbpf::test::Sources sources;
    sources.files["a.c"] = text;
    sources.optimise = optimise;
    return rbpf::test::build(sources).output.image;
}

std::vector<std::uint8_t> words(std::initializer_list<std::uint32_t> list) {
    std::vector<std::uint8_t> bytes;
    for (const std::uint32_t word : list) {
        for (int i = 0; i < 4; ++i) {
            bytes.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
        }
    }
    return bytes;
}

std::vector<RecordingBoard::Run> record(const std::vector<std::uint8_t>& image, const std::vector<Request>& requests) {
    RecordingBoard board(image);
    std::vector<RecordingBoard::Run> runs;
    for (const Request& request : requests) {
        runs.push_back(board.run(request));
        board.port.advanceMs(10);
        board.port.readings[1].val[0]++;
    }
    return runs;
}

/// Every step, in an order that goes back and forth between the runs.
void requireEveryState(History& history, const std::vector<RecordingBoard::Run>& runs) {
    for (const bool backwards : {false, true}) {
        for (std::size_t n = 0; n < runs.size(); ++n) {
            const std::size_t at = backwards ? runs.size() - 1 - n : n;
            const auto number = static_cast<std::uint32_t>(at + 1);
            const auto& states = runs[at].states;
            REQUIRE(history.steps(number) + 1 == states.size());
            for (std::size_t i = 0; i < states.size(); ++i) {
                const std::size_t step = backwards ? states.size() - 1 - i : i;
                const auto state = history.stateAt(number, step);
                INFO("run " << number << ", step " << step << (state ? "" : ": " + state.error().message));
                REQUIRE(state);
                REQUIRE(difference(*state, states[step]) == "");
            }
        }
    }
}

} // namespace

TEST_CASE("Every state of runs with local calls and persisting data is the board's", "[history]") {
    for (const auto optimise : {compile::Optimise::Size, compile::Optimise::Debug}) {
        const auto image = imageOf(kCalls, optimise);
        const auto runs = record(image, {{0, words({4, 9})}, {0, words({1, 2})}, {0, words({100, 0xffffffff})}});
        REQUIRE(std::ranges::any_of(runs[0].states, [](const auto& state) { return state.frames.size() == 2; }));
        auto history = historyOf(image, runs);
        requireEveryState(history, runs);
    }
}

TEST_CASE("Every state of a run with atomic operations is the board's", "[history]") {
    const auto image = imageOf(kAtomics);
    const auto runs = record(image, {Request{}, Request{}});
    auto history = historyOf(image, runs);
    requireEveryState(history, runs);
}

TEST_CASE("Every state of runs with bindings that write memory is the board's", "[history]") {
    const auto image = imageOf(kBindings);
    const auto runs = record(image, {{0, std::vector<std::uint8_t>(16)}, Request{}, {0, std::vector<std::uint8_t>(8)}});
    REQUIRE(runs[0].record.calls.size() >= 8);
    auto history = historyOf(image, runs);
    requireEveryState(history, runs);
}

TEST_CASE("Every state of runs that fault or spend their budget is the board's", "[history]") {
    const auto image = imageOf(kFaults);
    std::vector<Request> requests;
    for (const std::uint32_t what : {0u, 1u, 2u, 3u, 4u, 0u}) {
        requests.push_back({0, words({what}), 500});
    }
    const auto runs = record(image, requests);
    REQUIRE(runs[1].record.end->status == RBPF_STATUS_WRITE_FAULT);
    REQUIRE(runs[2].record.end->status == RBPF_STATUS_WRITE_FAULT);
    REQUIRE(runs[3].record.end->status == RBPF_STATUS_READ_FAULT);
    REQUIRE(runs[4].record.end->cause == RBPF_CAUSE_BUDGET);
    auto history = historyOf(image, runs);
    requireEveryState(history, runs);
}

TEST_CASE("Every state of a run that calls too deep is the board's", "[history]") {
    fakes::ImageParts parts;
    parts.text = fakes::program(
        {fakes::slot(0x07, 6, 0, 0, 5), fakes::slot(0x85, 0, 1, 16, -2), fakes::slot(0x95, 0, 0, 0, 0)});
    parts.entries[0].frameBytes = 16;
    const auto image = fakes::buildImage(parts);
    const auto runs = record(image, {Request{}});
    REQUIRE(runs[0].record.end->status == RBPF_STATUS_CALL_DEPTH);
    REQUIRE(runs[0].states.back().frames.size() == RBPF_CALL_DEPTH_MAX - 1);
    auto history = historyOf(image, runs);
    requireEveryState(history, runs);
}

TEST_CASE("What the user changed while the script was halted happens again at its step", "[history]") {
    const auto image = imageOf(kCalls);
    const RecordedEdit reg{3, 1, RBPF_ADDRESS(RBPF_REGION_CONTEXT, 4), {}};
    const RecordedEdit memory{10, -1, 0, {RBPF_ADDRESS(RBPF_REGION_DATA, 0), {9, 9, 0, 0}}};
    const auto runs = record(image, {{0, words({4, 9, 12}), 100000, true, {reg, memory}}, {0, words({1, 1, 1})}});
    auto history = historyOf(image, runs);
    requireEveryState(history, runs);

    const auto write = history.lastMemoryWrite(1, 10, RBPF_ADDRESS(RBPF_REGION_DATA, 0), 4);
    REQUIRE(write);
    REQUIRE((*write)->by == History::Write::By::Edit);
    REQUIRE((*write)->step == 10);
    REQUIRE((*write)->before == 7);
    REQUIRE((*write)->after == 0x909);
}

TEST_CASE("A run in progress is known as far as the board has told", "[history]") {
    const auto image = imageOf(kCalls);
    const auto runs = record(image, {{0, words({4, 9})}});
    auto history = *History::create(image);
    RecordedRun start = runs[0].record;
    start.end.reset();
    REQUIRE(history.beginRun(start) == 1);
    REQUIRE(history.steps(1) == 0);
    REQUIRE(history.stateAt(1, 0));
    REQUIRE_FALSE(history.stateAt(1, 1));
    history.reached(20);
    REQUIRE(difference(*history.stateAt(1, 20), runs[0].states[20]) == "");
    history.addEdit({20, 0, 1234, {}});
    REQUIRE(history.stateAt(1, 20)->reg[0] == 1234);
    REQUIRE(difference(*history.stateAt(1, 19), runs[0].states[19]) == "");
    REQUIRE_FALSE(history.stateAt(2, 0));
    REQUIRE_FALSE(history.stateAt(0, 0));
}

TEST_CASE("A walk shows every state in order and may be stopped", "[history]") {
    const auto image = imageOf(kBindings);
    const auto runs = record(image, {{0, std::vector<std::uint8_t>(16)}});
    auto history = historyOf(image, runs);
    std::uint64_t expected = 2;
    REQUIRE(history.walk(1, 2, UINT64_MAX, [&](const History::StepView& view) {
        const MachineState& state = runs[0].states.at(expected);
        REQUIRE(view.step == expected);
        REQUIRE(view.pc == state.pc);
        REQUIRE(std::equal(view.reg, view.reg + 11, state.reg));
        REQUIRE(view.depth == state.frames.size());
        const auto* context = view.memory(RBPF_ADDRESS(RBPF_REGION_CONTEXT, 0), 16);
        REQUIRE(std::equal(context, context + 16, state.regions.back().bytes.begin()));
        REQUIRE(view.memory(0, 1) == nullptr);
        static_cast<void>(history.stateAt(1, 0)); // a visitor may ask for something else
        ++expected;
        return true;
    }));
    REQUIRE(expected == runs[0].states.size());
    int seen = 0;
    REQUIRE(history.walk(1, 0, 10, [&](const History::StepView&) { return ++seen < 4; }));
    REQUIRE(seen == 4);
}

TEST_CASE("The last write of every register and of memory is what a look at all states finds", "[history]") {
    for (const char* text : {kCalls, kAtomics, kBindings}) {
        const auto image = imageOf(text);
        const auto runs = record(image, {{0, std::vector<std::uint8_t>(16, 3)}, {0, std::vector<std::uint8_t>(16, 5)}});
        auto history = historyOf(image, runs);
        const auto& states = runs[1].states;
        const std::uint64_t last = states.size() - 1;
        // A change between two states must have been written by the instruction between them.
        for (std::uint64_t step = 0; step < last; ++step) {
            for (int reg = 0; reg < 11; ++reg) {
                if (states[step].reg[reg] == states[step + 1].reg[reg]) {
                    continue;
                }
                const auto write = history.lastRegisterWrite(2, step + 1, reg);
                INFO("step " << step << ", r" << reg);
                REQUIRE(write);
                REQUIRE((*write)->run == 2);
                REQUIRE((*write)->step == step);
                REQUIRE((*write)->pc == states[step].pc);
                REQUIRE((*write)->before == states[step].reg[reg]);
                REQUIRE((*write)->after == states[step + 1].reg[reg]);
            }
            for (std::size_t region = 0; region < states[step].regions.size(); ++region) {
                const auto& before = states[step].regions[region];
                const auto& after = states[step + 1].regions[region];
                for (std::uint32_t at = 0; at < before.bytes.size(); ++at) {
                    if (before.bytes[at] == after.bytes[at]) {
                        continue;
                    }
                    const auto write = history.lastMemoryWrite(2, step + 1, RBPF_ADDRESS(before.index, at), 1);
                    INFO("step " << step << ", region " << before.index << " + " << at);
                    REQUIRE(write);
                    REQUIRE((*write)->step == step);
                    REQUIRE((*write)->before == before.bytes[at]);
                    REQUIRE((*write)->after == after.bytes[at]);
                }
            }
        }
        // A write found must be of an instruction that did not change the value afterwards.
        for (int reg = 0; reg < 11; ++reg) {
            const auto write = history.lastRegisterWrite(2, last, reg);
            REQUIRE(write);
            REQUIRE((*write)->after == states[last].reg[reg]);
        }
    }
}

TEST_CASE("Writers are instructions, binding calls, the run before, or the start", "[history]") {
    using By = History::Write::By;
    const auto image = imageOf(kBindings);
    const auto runs = record(image, {Request{}, Request{}});
    auto history = historyOf(image, runs);
    const auto& calls = runs[1].record.calls;
    const auto copy = std::ranges::find(calls, 0x02u, &RecordedCall::id);
    const std::uint32_t last = RBPF_ADDRESS(RBPF_REGION_DATA, 0);

    const auto here = history.lastMemoryWrite(2, copy->step + 1, last, 2);
    REQUIRE((*here)->by == By::Binding);
    REQUIRE((*here)->run == 2);
    REQUIRE((*here)->step == copy->step);
    REQUIRE((*here)->before == 2150);
    REQUIRE((*here)->after == 2151);
    const auto earlier = history.lastMemoryWrite(2, copy->step, last, 2);
    REQUIRE((*earlier)->by == By::Binding);
    REQUIRE((*earlier)->run == 1);
    const auto before = history.lastMemoryWrite(1, 0, last, 2);
    REQUIRE((*before)->by == By::Start);
    REQUIRE((*before)->run == 1);
    const auto result = history.lastRegisterWrite(2, copy->step + 1, 0);
    REQUIRE((*result)->by == By::Binding);
    const auto context = history.lastRegisterWrite(2, 0, 1);
    REQUIRE((*context)->by == By::Start);
    REQUIRE_FALSE(history.lastMemoryWrite(1, 0, 0x90000000, 4));
    REQUIRE_FALSE(history.lastRegisterWrite(1, 0, 11));
}

TEST_CASE("A record that the script does not follow is told with its place", "[history]") {
    const auto image = imageOf(kBindings);
    const auto good = record(image, {Request{}});
    const auto message = [&](const std::function<void(RecordedRun&)>& damage) {
        auto runs = good;
        damage(runs[0].record);
        auto history = historyOf(image, runs);
        const auto state = history.stateAt(1, history.steps(1));
        return state ? std::string() : state.error().message;
    };
    REQUIRE(message([](RecordedRun&) {}).empty());
    REQUIRE_THAT(message([](RecordedRun& run) { run.calls[1].id = 0x52; }),
                 Catch::Contains("the record has a call of bpf_strlen, the script calls bpf_store_global"));
    REQUIRE_THAT(message([](RecordedRun& run) { run.calls[1].step--; }), Catch::Contains("disagrees with the record"));
    REQUIRE_THAT(message([](RecordedRun& run) { run.calls.pop_back(); }),
                 Catch::Contains("bpf_ztimer_now, of which the record has nothing"));
    REQUIRE_THAT(message([](RecordedRun& run) { run.calls[0].writes[0].address = 0x90000000; }),
                 Catch::Contains("bpf_fetch_global wrote 4 bytes at 0x90000000"));
    REQUIRE_THAT(message([](RecordedRun& run) { run.end->result++; }), Catch::Contains("the script returns"));
    REQUIRE_THAT(message([](RecordedRun& run) { run.end->instructions++; }), Catch::Contains("the script returns"));
    REQUIRE_THAT(message([](RecordedRun& run) { run.end->instructions--; }), Catch::Contains("the script goes on"));
    REQUIRE_THAT(message([](RecordedRun& run) { run.entryPc = 4; }), Catch::Contains("no instruction"));
    REQUIRE_THAT(message([](RecordedRun& run) { run.regions.push_back({5, 0x10000000, 3}); }),
                 Catch::Contains("region 5"));

    const auto faulty = imageOf(kFaults);
    auto runs = record(faulty, {{0, words({1})}});
    runs[0].record.end->detail++;
    REQUIRE_FALSE(historyOf(faulty, runs).stateAt(1, runs[0].record.end->instructions));
    runs[0].record.end->detail--;
    REQUIRE(historyOf(faulty, runs).stateAt(1, runs[0].record.end->instructions));
}
