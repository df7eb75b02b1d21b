// SPDX-License-Identifier: GPL-3.0-or-later
// Exactness: what a board tells after every single step is what history computes for that step, and what a run that
// nobody stopped went through on another board.
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/paths.hpp"
#include "tests/unit/debugger/session/rig.hpp"

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

/// The function of the entry that the run in view began in.
std::string entryOf(Session& session) {
    const auto frames = session.frames();
    REQUIRE(frames);
    return frames->back().location.function;
}

/// A run of each entry, step by step; by the entry's function.
using Runs = std::map<std::string, std::vector<Seen>>;

/// The number of the first run that began in `function`.
std::optional<std::uint32_t> firstRunOf(Session& session, const std::string& function) {
    for (std::uint32_t run = 1; session.travel({run, 0, false}); ++run) {
        if (entryOf(session) == function) {
            return run;
        }
    }
    return std::nullopt;
}

/// History's answer for every step that was seen.
void expectHistory(Session& session, const Runs& seen) {
    for (const auto& [function, steps] : seen) {
        const auto run = firstRunOf(session, function);
        REQUIRE(run);
        for (std::size_t step = 0; step < steps.size(); ++step) {
            INFO(function << " step " << step);
            REQUIRE(session.travel({*run, step, false}));
            REQUIRE(look(session) == steps[step]);
        }
    }
}

void halt(Session& session) {
    REQUIRE(session.interrupt());
    while (!stopped(session)) {
    }
}

/// The sources of a template. `section`: what its rbpf.json says of the function `entry`.
Script scriptOf(const std::string& name, const std::string& entry, const std::string& section) {
    std::map<std::string, std::string> files;
    for (const auto& file : std::filesystem::directory_iterator(sourceDir() + "/templates/" + name + "/src")) {
        std::ifstream in(file.path());
        std::stringstream text;
        text << in.rdbuf();
        files[file.path().filename()] = text.str();
        const auto at = files[file.path().filename()].find("int " + entry);
        if (!section.empty() && at != std::string::npos) {
            files[file.path().filename()].insert(at, "SEC(\"" + section + "\") ");
        }
    }
    return Script(files, false);
}

/// One run of each of `functions`. `path`: what is asked for; "" if timers begin all of them. A timer's run comes
/// first where there are both.
void compare(const Script& script, const std::vector<std::string>& functions, const std::string& path) {
    Runs seen;
    const bool asksAtOnce = functions.size() == 1 && !path.empty();
    {
        Rig rig(script);
        ok(rig->stepInto(Granularity::Instruction));
        if (asksAtOnce) {
            rig.board.trigger(path);
        }
        while (seen.size() < functions.size()) {
            std::string function;
            std::vector<Seen> steps;
            while (stopped(*rig)) {
                REQUIRE(rig->stop().position.step == steps.size());
                function = entryOf(*rig);
                steps.push_back(look(*rig));
                ok(rig->stepInto(Granularity::Instruction));
            }
            REQUIRE(steps.size() > 10);
            if (seen.emplace(function, steps).second && !asksAtOnce && !path.empty() && seen.size() == 1) {
                rig.board.trigger(path);
            }
        }
        halt(*rig);
        expectHistory(*rig, seen);
    }
    for (const std::string& function : functions) {
        REQUIRE(seen.contains(function));
    }

    Rig rig(script); // another board, undisturbed
    ok(rig->resume());
    if (!asksAtOnce) {
        REQUIRE(!stopped(*rig));
    }
    if (!path.empty()) {
        rig.board.trigger(path);
        REQUIRE(rig.board.answer());
    }
    halt(*rig);
    expectHistory(*rig, seen);
}

} // namespace

TEST_CASE("every step of the counter template is history's and an undisturbed run's") {
    compare(scriptOf("counter", "", ""), {"count"}, "counter");
}

TEST_CASE("every step of the coap-sensor template is history's and an undisturbed run's") {
    compare(scriptOf("coap-sensor", "coap_resp", "coap/sensor"), {"coap_resp"}, "sensor");
}

TEST_CASE("every step of the periodic-average template is history's and an undisturbed run's") {
    compare(scriptOf("periodic-average", "", ""), {"sample"}, "");
}

TEST_CASE(
    "every step of the thermostat template, of its timer and of its resource, is history's and an undisturbed run's") {
    compare(scriptOf("thermostat", "", ""), {"control", "status"}, "thermostat");
}
