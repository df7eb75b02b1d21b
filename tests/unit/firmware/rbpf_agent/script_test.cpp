// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/unit/firmware/rbpf_agent/bench_board.hpp"

namespace rbpf::agent {

TEST_CASE("a script answers on the serial line and on the network alike") {
    BenchBoard board;
    board.install(0, says('x', "a"));
    const Answer serial = board.get("a");
    CHECK(serial.code == wire::kCoapContent);
    CHECK(serial.type == wire::CoapType::Acknowledgement);
    CHECK(serial.payload == Blob{'x'});
    CHECK(serial.format == 0);
    const Answer udp = board.askUdp(5, false, {wire::kCoapGet, "a", {}, {}, {}});
    CHECK(udp.code == wire::kCoapContent);
    CHECK(udp.payload == Blob{'x'});
}

TEST_CASE("the board can be asked which paths its scripts claim, for a network with other servers besides") {
    BenchBoard board;
    CHECK(board.agent->scriptPath(0) == nullptr);
    board.install(0, says('x', "a/b"));
    board.install(2, says('y', "c"));
    board.install(1, returns(1, "event/c"));
    REQUIRE(board.agent->scriptPath(0) != nullptr);
    CHECK(std::string(board.agent->scriptPath(0)) == "a/b");
    REQUIRE(board.agent->scriptPath(1) != nullptr);
    CHECK(std::string(board.agent->scriptPath(1)) == "c");
    CHECK(board.agent->scriptPath(2) == nullptr);
}

TEST_CASE("negative results are CoAP error codes where they name one") {
    const struct {
        std::int32_t result;
        std::uint8_t code;
    } cases[] = {{-160, 0xA0}, {-0x84, 0x84}, {-1, 0xA0}, {-0x45, 0xA0}, {-100000, 0xA0}, {-2147483647 - 1, 0xA0}};
    for (const auto& each : cases) {
        BenchBoard board;
        board.install(0, returns(each.result, "coap/a"));
        CHECK(board.get("a").code == each.code);
    }
}

TEST_CASE("a script may spoil the header in its buffer: the board writes it anew") {
    BenchBoard board;
    // Builds a response, then fills version, code, id and token with 0xFF.
    board.install(0, make({move(6, 1), mov(2, 0x45), call(0x40), move(1, 6), mov(2, 0), call(0x41), move(8, 0),
                           fakes::slot(0x79, 2, 6, 8, 0), fakes::slot(0x62, 2, 0, 0, -1),
                           fakes::slot(0x6A, 2, 0, 4, -1), move(0, 8), leave()},
                          "coap/a"));
    const Answer answer = board.get("a");
    CHECK(answer.code == wire::kCoapContent);
    CHECK(answer.type == wire::CoapType::Acknowledgement);
    REQUIRE(answer.token.size() == 2);
    CHECK(answer.token[0] == 0x77);
}

TEST_CASE("lengths and bytes that make no message become 5.00") {
    const auto answerOf = [](const Blob& image) {
        BenchBoard board;
        board.install(0, image);
        const Answer answer = board.get("a");
        CHECK(answer.came);
        return answer.code;
    };
    CHECK(answerOf(returns(5, "coap/a")) == wire::kCoapInternalError); // no response begun
    const Blob begin[] = {mov(2, 0x45), call(0x40)};
    CHECK(answerOf(make({begin[0], begin[1], mov(0, 100000), leave()}, "coap/a")) == wire::kCoapInternalError);
    CHECK(answerOf(make({begin[0], begin[1], mov(0, 1), leave()}, "coap/a")) == wire::kCoapInternalError);
    // Options that run beyond the end: 0xEE announces a two-byte delta and length.
    CHECK(answerOf(make({move(6, 1), begin[0], begin[1], fakes::slot(0x79, 2, 6, 8, 0),
                         fakes::slot(0x72, 2, 0, 6, 0xEE), mov(0, 7), leave()},
                        "coap/a")) == wire::kCoapInternalError);
    // A payload marker with nothing behind it is left out.
    CHECK(answerOf(make({move(6, 1), begin[0], begin[1], move(1, 6), mov(2, 1), call(0x41), leave()}, "coap/a")) ==
          wire::kCoapContent);
}

TEST_CASE("a fault in a CoAP script is 5.00 with the fault's place") {
    BenchBoard board;
    board.install(0, make({mov(0, 0), fakes::slot(0x61, 0, 0, 0, 0), leave()}, "coap/a"));
    const Answer answer = board.get("a");
    CHECK(answer.code == wire::kCoapInternalError);
    CHECK(status(answer) == RBPF_STATUS_READ_FAULT);
    CHECK(field(answer, "insn") == 1);
}

TEST_CASE("a script reads its request's payload through its context") {
    BenchBoard board;
    // r0 = -(first payload byte), by way of pkt->payload
    board.install(0, make({fakes::slot(0x79, 2, 1, 0, 0), fakes::slot(0x61, 3, 2, 8, 0), fakes::slot(0x71, 4, 3, 0, 0),
                           mov(0, 0), fakes::slot(0x1F, 0, 4, 0, 0), leave()},
                          "coap/a"));
    CHECK(board.ask({wire::kCoapPost, "a", {0x84}, {}, {}}).code == 0x84);
    CHECK(board.ask({wire::kCoapPost, "a", {0x8D}, {}, {}}).code == 0x8D);
}

TEST_CASE("a script sees nothing of earlier requests in its buffer") {
    BenchBoard board;
    // Adds up all bytes behind its own request, which is 7 bytes long: 4 header, 2 token, "a" in 2 → 8.
    board.install(
        0, make({fakes::slot(0x79, 2, 1, 8, 0), mov(0, 0), mov(3, 100), fakes::slot(0x71, 4, 2, 8, 0),
                 fakes::slot(0x0F, 0, 4, 0, 0), add(2, 1), add(3, -1), fakes::slot(0x55, 3, 0, -5, 0),
                 fakes::slot(0x15, 0, 0, 1, 0), mov(0, 1), fakes::slot(0x87, 0, 0, 0, 0), add(0, -0x84), leave()},
                "coap/a"));
    for (int i = 0; i < 6; ++i) {
        board.put("rbpf/store/global/1", Blob(90, 0x55));
        CHECK(board.get("a").code == 0x84);
    }
}

TEST_CASE("the script in the lowest slot has a path that two claim") {
    BenchBoard board;
    board.install(2, says('2', "a"));
    board.install(1, says('1', "a"));
    CHECK(board.get("a").payload == Blob{'1'});
}

} // namespace rbpf::agent
