// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/unit/firmware/rbpf_agent/debug_bench.hpp"

using namespace rbpf;
using namespace rbpf::agent;

namespace {

constexpr std::uint32_t kStackEnd = RBPF_ADDRESS(RBPF_REGION_STACK, 512);

std::string hex(std::uint64_t value) {
    char text[20];
    std::snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(value));
    return text;
}

} // namespace

TEST_CASE("An idle container is halted with the registers its next run starts with") {
    DebugBench bench;
    bench.board.install(0, returns(5, "coap/x"));
    const Halt halt = bench.attach();
    REQUIRE(halt.came);
    CHECK(halt.cause == RBPF_CAUSE_IDLE);
    CHECK(halt.reg[10] == kStackEnd);
    CHECK(halt.slot == 0);
}

TEST_CASE("A CoAP request that runs into a breakpoint is held, acknowledged once, and answered when it goes on") {
    DebugBench bench;
    bench.board.install(0, says('a', "x"));
    bench.attach();
    bench.ask("Z0,8,0");
    bench.send("c");
    const Blob request = bench.board.encode(Ask{wire::kCoapGet, "x", {}, {}, {}});
    bench.board.sendSerial(request);
    bench.board.settle();
    REQUIRE(bench.replies().size() == 1);
    CHECK(bench.board.answers().empty());
    bench.wait(1000);
    auto answers = bench.board.answers();
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].type == wire::CoapType::Acknowledgement);
    CHECK(answers[0].code == wire::kCoapEmpty);
    bench.wait(60000);
    bench.board.answers();
    bench.board.sendSerial(request); // the client asks again: acknowledged again, not run again
    bench.board.settle();
    answers = bench.board.answers();
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].code == wire::kCoapEmpty);
    CHECK(bench.board.get("rbpf").code == wire::kCoapContent);
    CHECK(bench.ask("c") == "none");
    answers = bench.board.answers();
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].type == wire::CoapType::Confirmable);
    CHECK(answers[0].payload == Blob{'a'});
    CHECK(bench.notes().back().substr(0, 7) == "%End:1,");
}

TEST_CASE("A request to a container halted without a run waits for as long as that takes; a second one is told BUSY") {
    DebugBench bench;
    bench.board.install(0, says('a', "x"));
    bench.board.install(1, says('b', "y"));
    bench.attach();
    bench.request("x");
    bench.wait(60000);
    bench.board.answers();
    bench.request("x");
    auto answers = bench.board.answers();
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].code == wire::kCoapUnavailable);
    CHECK(bench.board.get("y").payload == Blob{'b'}); // the other script goes on
    CHECK(bench.ask("c") == "none");
    answers = bench.board.answers();
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].payload == Blob{'a'});
}

TEST_CASE("Triggers pass a halted container by and reach the others") {
    DebugBench bench;
    bench.board.install(0, counts("event/e"));
    bench.board.install(1, counts("event/e"));
    bench.attach();
    for (int i = 0; i < 5; ++i) {
        CHECK(bench.board.agent->fire("e", nullptr, 0));
        bench.board.settle();
    }
    CHECK(runs(bench.board, 0) == 0);
    CHECK(runs(bench.board, 1) == 5);
    CHECK(bench.ask("D") == "OK");
    CHECK(bench.board.agent->fire("e", nullptr, 0));
    bench.board.settle();
    CHECK(runs(bench.board, 0) == 1);
}

TEST_CASE("Timers of other scripts go on; a halted one runs once when it goes on") {
    DebugBench bench;
    bench.board.install(0, counts("timer/100"));
    bench.board.install(1, counts("timer/100"));
    bench.attach();
    for (int i = 0; i < 10; ++i) {
        bench.wait(100);
    }
    CHECK(runs(bench.board, 1) == 10);
    CHECK(bench.ask("c") == "none");
    CHECK(runs(bench.board, 0) == 1);
}

TEST_CASE("A run can be halted before its first instruction") {
    DebugBench bench;
    bench.board.install(0, returns(5, "coap/x"));
    bench.attach();
    const bool byStep = GENERATE(false, true);
    if (!byStep) {
        bench.stopOn(RBPF_STOP_ENTRY);
    }
    CHECK(bench.ask(byStep ? "s" : "c") == "none");
    bench.request("x");
    const Halt halt = bench.stop(bench.replies().at(0));
    CHECK(halt.cause == RBPF_CAUSE_ENTRY);
    CHECK(halt.instructions == 0);
    CHECK(halt.reg[1] == RBPF_ADDRESS(RBPF_REGION_CONTEXT, 0));
    const Halt next = bench.go("s");
    CHECK(next.cause == RBPF_CAUSE_STEP);
    CHECK(next.pc() == 8);
    CHECK(next.reg[0] == 5);
}

TEST_CASE("A breakpoint stops before its instruction, is passed when going on, and hit again in a loop") {
    DebugBench bench;
    bench.board.install(0, make({mov(6, 0), add(6, 1), fakes::slot(0x55, 6, 0, -2, 3), move(0, 6), leave()}, "coap/x"));
    bench.attach();
    bench.ask("Z0,8,0");
    bench.send("c");
    bench.request("x");
    Halt halt = bench.stop(bench.replies().at(0));
    for (std::uint64_t i = 0; i < 3; ++i) {
        CHECK(halt.cause == RBPF_CAUSE_BREAKPOINT);
        CHECK(halt.pc() == 8);
        CHECK(halt.reg[6] == i);
        CHECK(halt.instructions == 1 + 2 * i);
        halt = i < 2 ? bench.go() : halt;
    }
    CHECK(bench.ask("c") == "none");
    CHECK(bench.notes().back() == "%End:1,a,9,3,0,0");
}

TEST_CASE("Interrupting stops a script that spins while the board answers") {
    DebugBench bench;
    bench.board.install(0, spins("coap/x", 20000));
    bench.attach();
    bench.send("c");
    bench.board.sendSerial(bench.board.encode(Ask{wire::kCoapGet, "x", {}, {}, {}}));
    bench.board.agent->poll();
    bench.board.agent->poll();
    CHECK(bench.replies().empty());
    const Halt halt = bench.stop(bench.ask("\x03"));
    CHECK(halt.cause == RBPF_CAUSE_INTERRUPT);
    CHECK(halt.instructions > 0);
    CHECK(bench.ask("\x03") == "none"); // halted already, and nobody waits
    CHECK(bench.board.get("rbpf/slots/0").code == wire::kCoapContent);
}

TEST_CASE("A fault keeps its state for inspection and going on ends the run with it") {
    DebugBench bench;
    bench.board.install(0, make({mov(6, 9), load(0, 0, 6, 4), leave()}, "coap/x"));
    bench.attach();
    bench.send("c");
    bench.request("x");
    const Halt halt = bench.stop(bench.replies().at(0));
    CHECK(halt.cause == RBPF_CAUSE_FAULT);
    CHECK(halt.pc() == 8);
    CHECK(halt.reg[6] == 9);
    CHECK(halt.status == static_cast<unsigned>(-RBPF_STATUS_READ_FAULT));
    CHECK(halt.detail == 13);
    CHECK(bench.board.answers().empty());
    CHECK(bench.ask(GENERATE("c", "D")).size() <= 4);
    const auto answers = bench.board.answers();
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].code == wire::kCoapInternalError);
    CHECK(status(answers[0]) == RBPF_STATUS_READ_FAULT);
}

TEST_CASE("A fault ends the run at once where faults are not asked for") {
    DebugBench bench;
    bench.board.install(0, make({load(0, 0, 6, 4), leave()}, "coap/x"));
    bench.attach();
    bench.stopOn(0);
    bench.send("c");
    bench.request("x");
    CHECK(bench.replies().empty());
    CHECK(bench.notes().back() == "%End:1,6,0,0,1e,4");
}

TEST_CASE("A spent budget can stop before the instruction it no longer covers") {
    DebugBench bench;
    bench.board.install(0, spins("coap/x", 50));
    bench.attach();
    bench.stopOn(RBPF_STOP_BUDGET);
    const bool withPoint = GENERATE(false, true);
    if (withPoint) {
        bench.ask("Z2,10000000,1");
    }
    bench.send("c");
    bench.request("x");
    const Halt halt = bench.stop(bench.replies().at(0));
    CHECK(halt.cause == RBPF_CAUSE_BUDGET);
    CHECK(halt.instructions == 50);
    CHECK(bench.ask("c") == "none");
    CHECK(bench.notes().back() == "%End:1,7,32,0,22,0");
}

TEST_CASE("The end of a run can be a stop, and its result be changed there") {
    DebugBench bench;
    bench.board.install(0, returns(-163, "coap/x"));
    bench.attach();
    bench.stopOn(RBPF_STOP_EXIT);
    bench.send("c");
    bench.request("x");
    const Halt halt = bench.stop(bench.replies().at(0));
    CHECK(halt.cause == RBPF_CAUSE_EXIT);
    CHECK(static_cast<std::int64_t>(halt.reg[0]) == -163);
    CHECK(bench.ask("P0=" + littleEndian(static_cast<std::uint64_t>(-132))) == "OK");
    CHECK(bench.ask("c") == "none");
    CHECK(bench.board.answers().at(0).code == 132);
}

TEST_CASE("A binding call can stop before it is made: any, or those asked for") {
    DebugBench bench;
    bench.board.install(0, make({call(0x20), call(0x60), mov(0, 0), leave()}, "coap/x"));
    bench.attach();
    const bool any = GENERATE(true, false);
    CHECK(bench.stopOn(RBPF_STOP_BINDING,
                       any ? std::vector<unsigned>{0x20, 0x60} : std::vector<unsigned>{0x60, 0x61}) == "OK");
    bench.send("c");
    bench.request("x");
    Halt halt = bench.stop(bench.replies().at(0));
    if (any) {
        CHECK(halt.detail == 0x20);
        CHECK(halt.pc() == 0);
        halt = bench.go();
    }
    CHECK(halt.cause == RBPF_CAUSE_BINDING);
    CHECK(halt.detail == 0x60);
    CHECK(halt.pc() == 8);
    CHECK(bench.ask("c") == "none");
}

TEST_CASE("A write to a store key stops behind it") {
    DebugBench bench;
    bench.board.install(
        0, make({mov(1, 4), mov(2, 1), call(0x10), mov(1, 5), mov(2, 1), call(0x11), mov(0, 0), leave()}, "coap/x"));
    bench.attach();
    const bool any = GENERATE(true, false);
    CHECK((any ? bench.stopOn(RBPF_STOP_STORE) : bench.stopOn(RBPF_STOP_KEY, {}, {9, 5})) == "OK");
    bench.send("c");
    bench.request("x");
    Halt halt = bench.stop(bench.replies().at(0));
    if (any) {
        CHECK(halt.detail == 4);
        CHECK(halt.pc() == 24);
        halt = bench.go();
    }
    CHECK(halt.cause == RBPF_CAUSE_STORE);
    CHECK(halt.detail == 5);
    CHECK(halt.pc() == 48);
    CHECK(bench.ask("c") == "none");
}

TEST_CASE("Watchpoints: a store, a load, an atomic and a binding stop behind the access that touches the bytes") {
    DebugBench bench;
    bench.board.install(0, make({storeImm(0x18, 10, -16, 1), // 0
                                 storeImm(0x10, 10, -4, 2),  // 8
                                 load(0x10, 3, 10, -4),      // 10
                                 mov(4, 1),                  // 18
                                 atomicAdd(10, 4, -8),       // 20
                                 mov(1, 1),                  // 28
                                 move(2, 10),                // 30
                                 add(2, -4),                 // 38
                                 call(0x12),                 // 40 fetch_local writes 4 bytes at -4
                                 mov(0, 0), leave()},
                                "coap/x"));
    bench.attach();
    const auto [kind, stops] = GENERATE(table<unsigned, std::vector<std::uint64_t>>({
        {2, {0x10, 0x28, 0x48}},
        {3, {0x18, 0x28}},
        {4, {0x10, 0x18, 0x28, 0x48}},
    }));
    CHECK(bench.ask("Z" + std::to_string(kind) + "," + hex(kStackEnd - 4) + ",1") == "OK");
    bench.send("c");
    bench.request("x");
    std::string reply = bench.replies().at(0);
    for (const std::uint64_t pc : stops) {
        const Halt halt = bench.stop(reply);
        CHECK(halt.cause == RBPF_CAUSE_WATCHPOINT);
        CHECK(halt.pc() == pc);
        CHECK(halt.watched == kind);
        CHECK(halt.detail == kStackEnd - 4);
        reply = bench.ask("c");
    }
    CHECK(reply == "none");
}

TEST_CASE("Local calls put nothing on the watched stack and are told innermost first") {
    DebugBench bench;
    bench.board.install(
        0, make({mov(6, 0x66), callLocal(1, 16), leave(), mov(6, 1), callLocal(1, 8), leave(), mov(0, 0), leave()},
                "coap/x"));
    bench.attach();
    bench.ask("Z4," + hex(kStackEnd - 64) + ",40");
    bench.ask("Z0,30,0");
    bench.send("c");
    bench.request("x");
    const Halt halt = bench.stop(bench.replies().at(0));
    CHECK(halt.cause == RBPF_CAUSE_BREAKPOINT);
    CHECK(halt.reg[10] == kStackEnd - 24);
    const auto frames = rsp::parseFrames(bench.area(RBPF_AREA_FRAMES));
    REQUIRE(frames);
    REQUIRE(frames->size() == 2);
    CHECK((*frames)[0].returnPc == 0x28);
    CHECK((*frames)[0].framePointer == kStackEnd - 16);
    CHECK((*frames)[0].saved[0] == 1);
    CHECK((*frames)[1].returnPc == 0x10);
    CHECK((*frames)[1].framePointer == kStackEnd);
    CHECK((*frames)[1].saved[0] == 0x66);
}

TEST_CASE("A halt that lasts too long goes on by itself and says so") {
    DebugBench bench;
    bench.board.install(0, says('a', "x"));
    bench.attach();
    bench.ask("Z0,8,0");
    const bool aborts = GENERATE(false, true);
    bench.hold(5000, aborts);
    bench.send("c");
    bench.request("x");
    REQUIRE(bench.replies().size() == 1);
    bench.notes();
    bench.board.text();
    bench.wait(4999);
    CHECK(bench.notes().empty());
    bench.wait(1);
    const auto notes = bench.notes();
    REQUIRE(notes.size() == 2);
    CHECK(notes[0] == "%Resumed:0");
    CHECK(notes[1].find(aborts ? "%End:1,6," : "%End:1,a,") == 0);
    CHECK(bench.board.text().find("halted for too long\n") != std::string::npos);
    const auto answers = bench.board.answers();
    REQUIRE_FALSE(answers.empty());
    CHECK(answers.back().code == (aborts ? wire::kCoapInternalError : wire::kCoapContent));
}

TEST_CASE("Killing aborts the run") {
    DebugBench bench;
    bench.board.install(0, says('a', "x"));
    bench.attach();
    bench.ask("Z0,8,0");
    bench.send("c");
    bench.request("x");
    CHECK(bench.ask("k") == "OK");
    const auto answers = bench.board.answers();
    REQUIRE(answers.size() == 1);
    CHECK(status(answers[0]) == RBPF_STATUS_ABORTED);
    CHECK(bench.board.get("x").payload == Blob{'a'});
}

TEST_CASE("A script replaced or removed under the debugger is told, and the new one can be attached") {
    DebugBench bench;
    bench.board.install(0, says('a', "x"));
    bench.attach();
    bench.ask("Z0,8,0");
    bench.send("c");
    const bool halted = GENERATE(false, true);
    if (halted) {
        bench.request("x");
    }
    bench.replies();
    bench.notes();
    CHECK(bench.board.install(0, says('b', "x")).code == wire::kCoapChanged);
    const auto notes = bench.notes();
    CHECK(notes.back() == "%Gone:0");
    CHECK(bench.replies().empty());
    CHECK(bench.ask("?") == "E02");
    CHECK(bench.board.get("x").payload == Blob{'b'});
    CHECK(bench.attach().cause == RBPF_CAUSE_IDLE);
    CHECK(bench.board.ask(Ask{wire::kCoapDelete, "rbpf/slots/0", {}, {}, {}}).code == wire::kCoapDeleted);
    CHECK(bench.notes() == std::vector<std::string>{"%Gone:0"});
}

TEST_CASE("A slot's state is told as halted") {
    DebugBench bench;
    bench.board.install(0, says('a', "x"));
    bench.attach();
    const Blob payload = bench.board.get("rbpf/slots").payload;
    CHECK(std::string(payload.begin(), payload.end()).find("halted") != std::string::npos);
}
