// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/unit/firmware/rbpf_agent/bench_board.hpp"

namespace rbpf::agent {

TEST_CASE("a retransmitted request runs its script once and gets the same answer") {
    BenchBoard board;
    board.install(0, counts("", "counter"));
    const Blob request = board.encode({wire::kCoapPost, "rbpf/slots/0/invoke", {}, {}, {}}, 500);
    board.answers();
    for (int i = 0; i < 3; ++i) {
        board.sendSerial(request);
        board.settle();
    }
    const auto answers = board.answers();
    REQUIRE(answers.size() == 3);
    CHECK(answers[1].whole == answers[0].whole);
    CHECK(answers[2].whole == answers[0].whole);
    CHECK(field(answers[0], "result") == 1);
    CHECK(field(board.ask({wire::kCoapPost, "rbpf/slots/0/invoke", {}, {}, {}}), "result") == 2);
}

TEST_CASE("the same message id from another peer or with another token is another request") {
    BenchBoard board(true);
    board.install(0, counts("", "counter"));
    Blob request = board.encode({wire::kCoapPost, "rbpf/slots/0/invoke", {}, {}, {}}, 500);
    board.sendSerial(request);
    board.settle();
    request[5] ^= 0xFF; // token
    board.sendSerial(request);
    board.settle();
    board.agent->datagramInput(9, true, request.data(), request.size());
    board.settle();
    CHECK(field(board.ask({wire::kCoapPost, "rbpf/slots/0/invoke", {}, {}, {}}), "result") == 4);
}

TEST_CASE("an answer that takes long is acknowledged first and sent until it is acknowledged") {
    BenchBoard board;
    // Sleeps 5 s from now, then answers by its result.
    board.install(0, make({call(0x60), fakes::slot(0x63, 10, 0, -8, 0), move(1, 10), add(1, -8), mov(2, 5000000),
                           call(0x61), mov(0, -0x84), leave()},
                          "coap/slow"));
    board.answers();
    const Blob request = board.encode({wire::kCoapGet, "slow", {}, {}, {}}, 700);
    board.sendSerial(request);
    board.settle();
    CHECK(board.answers().empty());
    board.port.advanceMs(1000);
    board.settle();
    auto answers = board.answers();
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].type == wire::CoapType::Acknowledgement);
    CHECK(answers[0].code == wire::kCoapEmpty);
    CHECK(answers[0].id == 700);

    board.sendSerial(request); // the client has not seen it
    board.settle();
    answers = board.answers();
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].code == wire::kCoapEmpty);

    board.port.advanceMs(4500);
    board.settle();
    answers = board.answers();
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].type == wire::CoapType::Confirmable);
    CHECK(answers[0].code == wire::kCoapNotFound);
    CHECK(answers[0].token == Blob{0x77, 700 & 0xFF});

    board.port.advanceMs(3100);
    board.settle();
    const auto again = board.answers();
    REQUIRE(again.size() == 1);
    CHECK(again[0].whole == answers[0].whole);

    board.sendSerial(
        {0x60, 0, static_cast<std::uint8_t>(answers[0].id >> 8), static_cast<std::uint8_t>(answers[0].id)});
    board.port.advanceMs(100000);
    board.settle();
    CHECK(board.answers().empty());
}

TEST_CASE("an answer that nobody acknowledges is given up") {
    BenchBoard board;
    board.install(0, make({call(0x60), fakes::slot(0x63, 10, 0, -8, 0), move(1, 10), add(1, -8), mov(2, 2000000),
                           call(0x61), mov(0, -0x84), leave()},
                          "coap/slow"));
    board.sendSerial(board.encode({wire::kCoapGet, "slow", {}, {}, {}}, 701));
    for (int i = 0; i < 300; ++i) {
        board.port.advanceMs(1000);
        board.settle();
    }
    unsigned sent = 0;
    for (const Answer& answer : board.answers()) {
        sent += answer.type == wire::CoapType::Confirmable ? 1 : 0;
    }
    CHECK(sent == 5); // once, and four times more
}

TEST_CASE("pings, nonsense and answers that nobody asked for get a reset or nothing") {
    BenchBoard board;
    const auto answerTo = [&board](const Blob& message) {
        board.answers();
        board.sendSerial(message);
        board.settle();
        const auto answers = board.answers();
        return answers.empty() ? Answer{} : answers[0];
    };
    CHECK(answerTo({0x40, 0, 0, 1}).type == wire::CoapType::Reset); // ping
    CHECK(answerTo({0x40, 0, 0, 1}).id == 1);
    CHECK(answerTo({0x49, 1, 0, 2}).type == wire::CoapType::Reset);       // token length 9
    CHECK(answerTo({0x40, 1, 0, 3, 0xFF}).type == wire::CoapType::Reset); // marker without payload
    CHECK(answerTo({0x40, 0x45, 0, 4}).type == wire::CoapType::Reset);    // an unexpected response
    CHECK_FALSE(answerTo({0x50, 0x45, 0, 5}).came);                       // not confirmable: nothing
    CHECK_FALSE(answerTo({0x00, 1, 0, 6}).came);                          // version 0
    CHECK_FALSE(answerTo({0x60, 0, 0, 7}).came);                          // ACK of nothing
    CHECK_FALSE(answerTo({0x70, 0, 0, 8}).came);
    CHECK_FALSE(answerTo({0x40}).came);
    CHECK(board.get("rbpf").code == wire::kCoapContent);
}

TEST_CASE("a non-confirmable request gets a non-confirmable answer") {
    BenchBoard board;
    Ask ask{wire::kCoapGet, "rbpf/stats", {}, {}, {}};
    ask.type = wire::CoapType::NonConfirmable;
    const Answer answer = board.ask(ask);
    CHECK(answer.type == wire::CoapType::NonConfirmable);
    CHECK(answer.code == wire::kCoapContent);
}

TEST_CASE("a datagram longer than the board's messages is refused") {
    BenchBoard board(true);
    Ask ask{wire::kCoapPut, "rbpf/slots/0", Blob(1000), {}, {}};
    const Answer answer = board.askUdp(1, true, ask);
    CHECK(answer.code == wire::kCoapTooLarge);
    CHECK(board.get("rbpf").code == wire::kCoapContent);
}

TEST_CASE("random datagrams never stop the board") {
    BenchBoard board(true);
    std::uint32_t state = 12345;
    for (int i = 0; i < 20000; ++i) {
        Blob bytes;
        const std::size_t size = (state = state * 1664525u + 1013904223u) >> 26;
        for (std::size_t b = 0; b < size; ++b) {
            bytes.push_back(static_cast<std::uint8_t>((state = state * 1664525u + 1013904223u) >> 24));
        }
        if (!bytes.empty() && i % 2 == 0) {
            bytes[0] = 0x40 | (bytes[0] & 0x33);
        }
        board.agent->datagramInput(1, true, bytes.data(), bytes.size());
        board.agent->poll();
        board.port.datagrams.clear();
    }
    CHECK(board.get("rbpf").code == wire::kCoapContent);
}

} // namespace rbpf::agent
