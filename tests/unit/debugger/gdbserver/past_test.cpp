// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "debugger/gdbserver/accesses.hpp"
#include "debugger/gdbserver/past.hpp"
#include "tests/fakes/image_builder.hpp"

using namespace rbpf;
using namespace rbpf::gdbserver;
using Where = Past::Arrival::Where;

namespace {

constexpr std::uint32_t kStackEnd = 0x10000200, kSlot = kStackEnd - 8;
constexpr std::uint32_t kBinding = 0x20;

/// Writes to the stack, calls a binding, reads from the stack, exits: six instructions.
std::vector<std::uint8_t> image() {
    fakes::ImageParts parts;
    parts.text = fakes::program({
        fakes::slot(0xb7, 0, 0, 0, 0),        // r0 = 0
        fakes::slot(0x7a, 10, 0, -8, 5),      // *(u64 *)(r10 - 8) = 5
        fakes::slot(0x85, 0, 0, 0, kBinding), // call
        fakes::slot(0x79, 2, 10, -8, 0),      // r2 = *(u64 *)(r10 - 8)
        fakes::slot(0x07, 0, 0, 0, 1),        // r0 += 1
        fakes::slot(0x95, 0, 0, 0, 0),        // exit
    });
    parts.entries[0].frameBytes = 8;
    return fakes::buildImage(parts);
}

struct Rig {
    session::History history = std::move(*session::History::create(image()));
    Past past{history};
    Points points;

    void begin() {
        session::RecordedRun run;
        run.r10 = kStackEnd;
        history.beginRun(std::move(run));
    }
    void call(std::vector<session::RecordedWrite> writes = {}) { history.addCall({2, kBinding, 7, std::move(writes)}); }
    void wholeRun() {
        begin();
        call();
        history.endRun({RBPF_CAUSE_EXIT, 6, 8, 0, 0});
    }
    std::uint32_t pc() { return past.state().value().pc; }
};

} // namespace

TEST_CASE("going back step by step crosses runs and ends at the first instruction ever recorded") {
    Rig rig;
    rig.wholeRun();
    rig.wholeRun();
    rig.past.setLive(std::nullopt, 0, 2);
    CHECK_FALSE(rig.past.inPast());
    for (int run = 0; run < 2; ++run) {
        for (std::uint32_t pc = 48; pc > 0;) {
            pc -= 8;
            REQUIRE(rig.past.stepBack()->where == Where::Inside);
            CHECK(rig.pc() == pc);
        }
    }
    CHECK(rig.past.stepBack()->where == Where::Begin);
    CHECK(rig.pc() == 0);
    for (std::uint32_t step = 1; step < 12; ++step) {
        REQUIRE(rig.past.stepForward()->where == Where::Inside);
        CHECK(rig.pc() == step % 6 * 8);
    }
    CHECK(rig.past.stepForward()->where == Where::Live);
    CHECK_FALSE(rig.past.inPast());
}

TEST_CASE("going back stops at every breakpoint on the way, and then at the beginning") {
    Rig rig;
    rig.wholeRun();
    rig.wholeRun();
    rig.past.setLive(std::nullopt, 0, 2);
    rig.points.insert({rsp::Point::Breakpoint, 24, 8});
    for (int i = 0; i < 2; ++i) {
        REQUIRE(rig.past.back(rig.points)->where == Where::Inside);
        CHECK(rig.pc() == 24);
    }
    CHECK(rig.past.back(rig.points)->where == Where::Begin);
    CHECK(rig.pc() == 0);
    for (int i = 0; i < 2; ++i) {
        REQUIRE(rig.past.forward(rig.points)->where == Where::Inside);
        CHECK(rig.pc() == 24);
    }
    CHECK(rig.past.forward(rig.points)->where == Where::Live);
}

TEST_CASE("a watchpoint stops before the write on the way back, behind it on the way forward") {
    Rig rig;
    rig.wholeRun();
    rig.past.setLive(std::nullopt, 0, 1);
    rig.points.insert({rsp::Point::Write, kSlot + 4, 4});
    const auto back = rig.past.back(rig.points);
    REQUIRE(back->watched);
    CHECK(back->watched->address == kSlot + 4);
    CHECK(rig.pc() == 8);
    const auto forward = rig.past.forward(rig.points);
    REQUIRE(forward->watched);
    CHECK(rig.pc() == 16);
    CHECK(rig.past.forward(rig.points)->where == Where::Live);
}

TEST_CASE("a watchpoint for reading stops at the load, one beside the access not at all") {
    Rig rig;
    rig.wholeRun();
    rig.past.setLive(std::nullopt, 0, 1);
    rig.points.insert({rsp::Point::Read, kSlot, 8});
    CHECK(rig.past.back(rig.points)->watched->point == rsp::Point::Read);
    CHECK(rig.pc() == 24);
    rig.points.remove({rsp::Point::Read, kSlot, 8});
    rig.points.insert({rsp::Point::Access, kSlot - 8, 8});
    CHECK(rig.past.back(rig.points)->where == Where::Begin);
}

TEST_CASE("what a binding wrote meets a watchpoint at its call") {
    Rig rig;
    rig.begin();
    rig.call({{kSlot, {1, 2, 3}}});
    rig.history.endRun({RBPF_CAUSE_EXIT, 6, 8, 0, 0});
    rig.past.setLive(std::nullopt, 0, 1);
    rig.points.insert({rsp::Point::Write, kSlot + 2, 1});
    REQUIRE(rig.past.back(rig.points)->watched);
    CHECK(rig.pc() == 16);
    REQUIRE(rig.past.back(rig.points)->watched);
    CHECK(rig.pc() == 8);
}

TEST_CASE("forwards through the run in progress ends at the board's state") {
    Rig rig;
    rig.wholeRun();
    rig.begin();
    rig.call();
    rig.history.reached(4);
    rig.past.setLive(Past::Place{2, 4}, 32, 2);
    REQUIRE(rig.past.stepBack()->where == Where::Inside);
    CHECK(rig.pc() == 24);
    CHECK(rig.past.stepForward()->where == Where::Live);

    REQUIRE(rig.past.stepBack());
    const auto plain = rig.past.forward(rig.points);
    CHECK(plain->where == Where::Live);
    CHECK_FALSE(plain->atBreakpoint);

    REQUIRE(rig.past.stepBack());
    rig.points.insert({rsp::Point::Breakpoint, 32, 8});
    CHECK(rig.past.forward(rig.points)->atBreakpoint);
    CHECK_FALSE(rig.past.inPast());

    // A write by the very last instruction before the present is reported there.
    rig.points = {};
    rig.points.insert({rsp::Point::Read, kSlot, 8});
    REQUIRE(rig.past.back(rig.points)->watched);
    const auto last = rig.past.forward(rig.points);
    CHECK(last->where == Where::Live);
    CHECK(last->watched);
}

TEST_CASE("without anything recorded going back is at the beginning at once") {
    Rig rig;
    rig.past.setLive(std::nullopt, 0, 0);
    CHECK(rig.past.stepBack()->where == Where::Begin);
    CHECK(rig.past.back(rig.points)->where == Where::Begin);
    CHECK_FALSE(rig.past.inPast());
}

TEST_CASE("accesses of loads, stores and atomics; nothing else has one") {
    std::uint64_t registers[11] = {};
    registers[3] = 0xffffffff10000010; // the high half means nothing
    const auto of = [&](std::uint8_t opcode, unsigned dst, unsigned src, std::int16_t offset) {
        return accessOf(fakes::slot(opcode, dst, src, offset, 0).data(), registers);
    };
    const auto load = of(0x91, 1, 3, -16); // signed byte
    REQUIRE(load);
    CHECK(load->address == 0x10000000);
    CHECK(load->size == 1);
    CHECK((load->reads && !load->writes));
    const auto store = of(0x6b, 3, 1, 2); // half
    REQUIRE(store);
    CHECK(store->address == 0x10000012);
    CHECK(store->size == 2);
    CHECK((store->writes && !store->reads));
    const auto atomic = of(0xdb, 3, 1, 0); // 8 bytes
    REQUIRE(atomic);
    CHECK(atomic->size == 8);
    CHECK((atomic->writes && atomic->reads));
    for (const std::uint8_t other : {0x18, 0xb7, 0x85, 0x95, 0x07, 0x05, 0x0f}) {
        CHECK_FALSE(of(other, 3, 3, 0));
    }
    CHECK_FALSE(of(0x61, 1, 15, 0)); // no such register
}
