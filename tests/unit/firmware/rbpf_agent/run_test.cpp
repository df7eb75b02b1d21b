// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include <rbpf/wire.h>

#include "tests/unit/firmware/rbpf_agent/bench_board.hpp"

namespace rbpf::agent {

namespace {

Answer invoke(BenchBoard& board, unsigned slot, const Blob& context = {}, const std::string& query = "") {
    return board.ask({wire::kCoapPost, "rbpf/slots/" + std::to_string(slot) + "/invoke" + query, context, {}, {}});
}

Answer hook(BenchBoard& board, const std::string& trigger, const Blob& context = {}) {
    return board.ask({wire::kCoapPost, "rbpf/hooks/" + trigger, context, {}, {}});
}

unsigned runsOf(BenchBoard& board) {
    return static_cast<unsigned>(field(board.get("rbpf/stats"), RBPF_KEY_RUNS).value_or(0));
}

/// Items of an array.
unsigned items(const Answer& answer) {
    return answer.payload.empty() ? 0 : answer.payload[0] & 0x1F;
}

} // namespace

TEST_CASE("an invoked script gets its context and gives it back changed") {
    BenchBoard board;
    // *(u8 *)r1 += r2, returns r2
    board.install(0, make({fakes::slot(0x71, 3, 1, 0, 0), fakes::slot(0x0F, 3, 2, 0, 0), fakes::slot(0x73, 1, 3, 0, 0),
                           move(0, 2), leave()},
                          ""));
    const Answer answer = invoke(board, 0, {10, 20, 30});
    CHECK(answer.code == wire::kCoapChanged);
    CHECK(field(answer, RBPF_KEY_HALT) == RBPF_HALT_EXITED);
    CHECK(field(answer, RBPF_KEY_RESULT) == 3);
    CHECK(field(answer, RBPF_KEY_INSTRUCTIONS) == 5);
    const Blob context(answer.payload.end() - 3, answer.payload.end());
    CHECK(context == Blob{13, 20, 30});
}

TEST_CASE("entries are invoked by name") {
    BenchBoard board;
    fakes::ImageParts parts;
    parts.text = fakes::program({mov(0, 1), leave(), mov(0, 2), leave()});
    parts.entries = {{"first", "", 0, 0}, {"second", "", 2, 0}};
    board.install(0, fakes::buildImage(parts));
    CHECK(field(invoke(board, 0), "result") == 1);
    CHECK(field(invoke(board, 0, {}, "?entry=second"), "result") == 2);
    CHECK(status(invoke(board, 0, {}, "?entry=third")) == RBPF_STATUS_NO_SUCH_ENTRY);
    CHECK(status(invoke(board, 1)) == RBPF_STATUS_SLOT_EMPTY);
}

TEST_CASE("a faulting script is stopped, counted and told of, and goes on being triggered") {
    BenchBoard board;
    board.install(1, make({fakes::slot(0x61, 0, 0, 4, 0), leave()}, "", "reader"));
    const Answer answer = invoke(board, 1);
    CHECK(field(answer, RBPF_KEY_HALT) == RBPF_HALT_FAULT);
    CHECK(status(answer) == RBPF_STATUS_READ_FAULT);
    CHECK(field(answer, RBPF_KEY_INDEX) == 0);
    CHECK(field(answer, RBPF_KEY_DETAIL) == 4);
    CHECK(board.text().find("slot 1 (reader) faulted: read outside of its memory, instruction 0, 0x00000004") !=
          std::string::npos);
    for (int i = 0; i < 5; ++i) {
        invoke(board, 1);
    }
    CHECK(board.text().empty()); // the same again within a second
    CHECK(field(board.get("rbpf/stats"), RBPF_KEY_FAULTS) == 6);
}

TEST_CASE("a script that never ends spends its budget and does not hold the board") {
    BenchBoard board;
    board.install(0, spins("", 15000));
    board.install(1, spins("", 4000000)); // more than the device allows
    board.answers();
    board.sendSerial(board.encode({wire::kCoapPost, "rbpf/slots/0/invoke", {}, {}, {}}));
    board.agent->poll();
    board.sendSerial(board.encode({wire::kCoapGet, "rbpf/stats", {}, {}, {}}));
    auto answers = board.answers();
    REQUIRE(answers.size() == 1); // the statistics, while the script runs
    board.settle();
    answers = board.answers();
    REQUIRE(answers.size() == 1);
    CHECK(status(answers[0]) == RBPF_STATUS_BUDGET_SPENT);
    CHECK(field(answers[0], RBPF_KEY_INSTRUCTIONS) == 15000);
    CHECK(field(answers[0], RBPF_KEY_INDEX) == 0);
    CHECK(field(invoke(board, 1), RBPF_KEY_INSTRUCTIONS) == BenchConfig::kBudgetMax);
    board.install(2, spins(""));
    CHECK(field(invoke(board, 2), RBPF_KEY_INSTRUCTIONS) == BenchConfig::kBudget);
}

TEST_CASE("timers run their scripts in time, after a restart too, and do not make up for missed periods") {
    BenchBoard board;
    board.install(0, counts("timer/100"));
    CHECK(board.agent->poll() <= 100);
    board.settle();
    CHECK(runsOf(board) == 0);
    for (int i = 0; i < 10; ++i) {
        board.port.advanceMs(100);
        board.settle();
    }
    CHECK(runsOf(board) == 10);
    board.port.advanceMs(5000);
    board.settle();
    CHECK(runsOf(board) == 11);
    board.restart();
    board.port.advanceMs(100);
    board.settle();
    CHECK(runsOf(board) == 1);
}

TEST_CASE("a busy timer does not shut out requests to its own script") {
    BenchBoard board;
    fakes::ImageParts parts;
    parts.text = fakes::program({loop(), leave(), mov(0, 7), leave()});
    parts.entries = {{"spin", "timer/1", 0, 0}, {"ask", "", 2, 0}};
    board.install(0, fakes::buildImage(parts));
    board.answers();
    board.sendSerial(board.encode({wire::kCoapPost, "rbpf/slots/0/invoke?entry=ask", {}, {}, {}}));
    Answer answer;
    for (int i = 0; i < 500 && !answer.came; ++i) {
        board.port.advanceMs(1);
        board.agent->poll();
        const auto came = board.answers();
        answer = came.empty() ? Answer{} : came[0];
    }
    CHECK(field(answer, "result") == 7);
}

TEST_CASE("a sleeping script costs nothing and wakes in time; its budget starts anew") {
    BenchBoard board;
    // for (;;) { wake up every 50 ms; count }
    board.install(0,
                  make({call(0x60), fakes::slot(0x63, 10, 0, -8, 0), move(1, 10), add(1, -8), mov(2, 50000), call(0x61),
                        mov(1, 1), move(2, 10), add(2, -16), call(0x13), fakes::slot(0x61, 2, 10, -16, 0), add(2, 1),
                        mov(1, 1), call(0x11), fakes::slot(0x05, 0, 0, -13, 0), leave()},
                       "", "sleeper", 100));
    board.sendSerial(board.encode({wire::kCoapPost, "rbpf/slots/0/invoke", {}, {}, {}}));
    board.settle();
    CHECK(board.agent->poll() == 50);
    for (int i = 0; i < 40; ++i) {
        board.port.advanceMs(50);
        board.settle();
    }
    CHECK(board.get("rbpf/store/global/1").payload == Blob{0x18, 40});
    // It can be replaced all the same, and who waited for it is told.
    board.answers();
    CHECK(board.install(0, returns(1, "")).code == wire::kCoapChanged);
}

TEST_CASE("a request to a script that sleeps is told to come later") {
    BenchBoard board;
    board.install(0, make({call(0x60), fakes::slot(0x63, 10, 0, -8, 0), move(1, 10), add(1, -8), mov(2, 2000000000),
                           call(0x61), mov(0, 0), leave()},
                          "timer/10"));
    board.port.advanceMs(10);
    board.settle();
    board.answers();
    board.sendSerial(board.encode({wire::kCoapPost, "rbpf/slots/0/invoke", {}, {}, {}}));
    for (int i = 0; i < 6; ++i) {
        board.port.advanceMs(1000);
        board.settle();
    }
    const auto answers = board.answers();
    REQUIRE(answers.size() >= 2); // the empty acknowledgement, then the answer
    CHECK(answers[1].code == wire::kCoapUnavailable);
    CHECK(status(answers[1]) == RBPF_STATUS_BUSY);
}

TEST_CASE("hooks run all their scripts in slot order, as their policy says") {
    BenchBoard board;
    board.install(0, returns(0, "event/e"));
    board.install(1, returns(-3, "event/e"));
    board.install(2, returns(5, "event/e"));
    board.install(3, returns(9, "event/e"));
    CHECK(items(hook(board, "event/e")) == 4);
    CHECK(items(hook(board, "event/e?policy=continue")) == 4);
    CHECK(items(hook(board, "event/e?policy=negative")) == 2);
    CHECK(items(hook(board, "event/e?policy=positive")) == 3);
    CHECK(items(hook(board, "event/e?policy=single")) == 1);
    CHECK(status(hook(board, "event/e?policy=sometimes")) == RBPF_STATUS_BAD_ARGUMENT);
    CHECK(status(hook(board, "event/other")) == RBPF_STATUS_NO_SUCH_HOOK);
    CHECK(status(hook(board, "nonsense")) == RBPF_STATUS_NO_SUCH_HOOK);
    CHECK(status(hook(board, "timer/50")) == RBPF_STATUS_NO_SUCH_HOOK);
}

TEST_CASE("the firmware fires events with a context") {
    BenchBoard board;
    board.install(0, make({fakes::slot(0x61, 2, 1, 0, 0), mov(1, 7), call(0x11), mov(0, 0), leave()}, "event/door"));
    const std::uint32_t context = 77;
    CHECK(board.agent->fire("door", &context, sizeof context));
    CHECK_FALSE(board.agent->fire("window", nullptr, 0));
    board.settle();
    CHECK(board.get("rbpf/store/global/7").payload == Blob{0x18, 77});
}

TEST_CASE("packet scripts see every datagram first and may drop it") {
    BenchBoard board(true);
    board.install(1, says('x', "x"));
    const Ask ask{wire::kCoapGet, "x", {}, {}, {}};
    SECTION("one that lets pass") {
        board.install(0, returns(0, "packet"));
        CHECK(board.askUdp(1, true, ask).code == wire::kCoapContent);
    }
    SECTION("one that drops") {
        board.install(0, returns(-1, "packet"));
        CHECK_FALSE(board.askUdp(1, true, ask).came);
        CHECK(board.get("x").code == wire::kCoapContent); // the serial line is not the network
    }
    SECTION("one that faults lets pass") {
        board.install(0, make({fakes::slot(0x61, 0, 0, 0, 0), leave()}, "packet"));
        CHECK(board.askUdp(1, true, ask).code == wire::kCoapContent);
    }
    SECTION("one that reads the packet's length and first byte") {
        // return data[0] >> 4 == 4 && len == r3 ? 0 : -1, simplified: drop unless the type is confirmable
        board.install(0,
                      make({fakes::slot(0x79, 2, 1, 0, 0), fakes::slot(0x71, 3, 2, 0, 0), fakes::slot(0x77, 3, 0, 0, 4),
                            mov(0, 0), fakes::slot(0x15, 3, 0, 1, 4), mov(0, -1), leave()},
                           "packet"));
        CHECK(board.askUdp(1, true, ask).code == wire::kCoapContent);
        Ask non = ask;
        non.type = wire::CoapType::NonConfirmable;
        CHECK_FALSE(board.askUdp(1, true, non).came);
    }
}

} // namespace rbpf::agent
