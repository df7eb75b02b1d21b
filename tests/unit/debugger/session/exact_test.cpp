// SPDX-License-Identifier: GPL-3.0-or-later
// Exactness: what a board tells after every single step is what history computes for that step, and what a run that
// nobody stopped went through on another board.
#include <fstream>
#include <sstream>

#include "tests/paths.hpp"
#include "tests/unit/debugger/session/live_board.hpp"

using namespace rbpf;
using namespace rbpf::session;
using namespace rbpf::test;
using namespace std::chrono_literals;

namespace {

/// Registers, call stack and all memory that the script can see.
struct Seen {
    std::vector<std::uint64_t> registers;
    std::vector<std::uint32_t> frames;
    std::vector<std::vector<std::uint8_t>> memory;
    bool operator==(const Seen&) const = default;
};

Seen look(Session& session) {
    Seen seen;
    seen.registers = session.registers().value();
    const auto frames = session.frames();
    const auto regions = session.regions();
    REQUIRE(frames);
    REQUIRE(regions);
    for (const Frame& frame : *frames) {
        seen.frames.push_back(frame.location.pc);
        seen.frames.push_back(frame.framePointer);
    }
    for (const Region& region : *regions) {
        if (region.readable && region.size > 0) {
            seen.memory.push_back(session.readMemory(region.address, region.size).value());
        }
    }
    return seen;
}

std::unique_ptr<Session> attach(const Options& options) {
    auto session = Session::attach(options);
    if (!session) {
        FAIL(session.error().message);
    }
    return std::move(*session);
}

/// Waits for a stop (true) or the run's end.
bool stopped(Session& session) {
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < until) {
        const auto event = session.wait(1s);
        REQUIRE(event);
        if (*event && std::holds_alternative<Stop>(**event)) {
            return true;
        }
        if (*event && std::holds_alternative<RunEnded>(**event)) {
            return false;
        }
    }
    FAIL("neither a stop nor an end");
    return false;
}

/// `path` empty: a timer begins the run.
void compare(const std::string& file, const std::string& path, const std::string& section = "") {
    std::ifstream in(sourceDir() + "/templates/" + file);
    std::stringstream text;
    text << '\n' << in.rdbuf();
    std::string source = text.str();
    if (!section.empty()) { // what its rbpf.json says
        source.insert(source.find("int coap_resp"), "SEC(\"" + section + "\") ");
    }
    const Script script(source, false);

    std::vector<Seen> live;
    {
        LiveBoard board(script);
        auto session = attach(board.options(script));
        REQUIRE(session->stepInto(Granularity::Instruction));
        if (!path.empty()) {
            board.trigger(path);
        }
        while (stopped(*session)) {
            REQUIRE(session->stop().position == Position{1, live.size(), true});
            live.push_back(look(*session));
            REQUIRE(session->stepInto(Granularity::Instruction));
        }
        REQUIRE(session->interrupt());
        REQUIRE(stopped(*session));
        for (std::size_t step = 0; step < live.size(); ++step) {
            INFO("step " << step);
            REQUIRE(session->travel({1, step, false}));
            REQUIRE(look(*session) == live[step]);
        }
    }
    REQUIRE(live.size() > 10);

    LiveBoard board(script);
    auto session = attach(board.options(script));
    REQUIRE(session->resume());
    if (!path.empty()) {
        board.trigger(path);
    }
    REQUIRE(!stopped(*session));
    REQUIRE(session->interrupt());
    REQUIRE(stopped(*session));
    for (std::size_t step = 0; step < live.size(); ++step) {
        INFO("step " << step);
        REQUIRE(session->travel({1, step, false}));
        REQUIRE(look(*session) == live[step]);
    }
}

} // namespace

TEST_CASE("every step of the counter template is history's and an undisturbed run's") {
    compare("counter/src/counter.c", "counter");
}

TEST_CASE("every step of the coap-sensor template is history's and an undisturbed run's") {
    compare("coap-sensor/src/coap_sensor.c", "sensor", "coap/sensor");
}

TEST_CASE("every step of the periodic-average template is history's and an undisturbed run's") {
    compare("periodic-average/src/periodic_average.c", "");
}
