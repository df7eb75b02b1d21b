// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include <rbpf/wire.h>

#include "rbpf_bindings/bindings_table.hpp"
#include "tests/unit/firmware/rbpf_agent/bench_board.hpp"

namespace rbpf::agent {

TEST_CASE("the board says what it is, in blocks if asked for") {
    BenchBoard board;
    const Answer first = board.ask({wire::kCoapGet, "rbpf", {}, {{wire::kOptionBlock2, 6}}, {}});
    REQUIRE(first.code == wire::kCoapContent);
    CHECK(first.format == wire::kFormatCbor);
    REQUIRE(first.block2);
    CHECK((*first.block2 & 7) == 3); // 128 bytes: what fits into this board's messages
    Answer whole = first;
    for (std::uint32_t number = 1; (*whole.block2 & 8) != 0; ++number) {
        const Answer next = board.ask({wire::kCoapGet, "rbpf", {}, {{wire::kOptionBlock2, number << 4 | 3}}, {}});
        REQUIRE(next.code == wire::kCoapContent);
        whole.payload.insert(whole.payload.end(), next.payload.begin(), next.payload.end());
        whole.block2 = next.block2;
    }
    CHECK(field(whole, RBPF_KEY_PROTOCOL) == RBPF_PROTOCOL_VERSION);
    CHECK(field(whole, RBPF_KEY_TABLE) == bindings::kTableHash);
    CHECK(field(whole, RBPF_KEY_SLOTS) == 4);
    CHECK(field(whole, RBPF_KEY_STACK) == BenchConfig::kStackBytes);
    CHECK(field(whole, RBPF_KEY_BUDGET) == BenchConfig::kBudgetMax);
}

TEST_CASE("the store is read, written and listed over the wire, and saved before the answer") {
    BenchBoard board;
    CHECK(status(board.get("rbpf/store/global/7")) == RBPF_STATUS_NO_SUCH_KEY);
    CHECK(board.put("rbpf/store/global/7", {0x18, 99}).code == wire::kCoapCreated);
    CHECK(board.port.storeSaves == 1);
    CHECK(board.get("rbpf/store/global/7").payload == Blob{0x18, 99});
    Ask text{wire::kCoapPut, "rbpf/store/1/0x10", {'4', '2'}, {{wire::kOptionContentFormat, 0}}, {}};
    CHECK(board.ask(text).code == wire::kCoapCreated);
    CHECK(board.get("rbpf/store/1/16").payload == Blob{0x18, 42});
    CHECK(board.get("rbpf/store/global").payload == Blob{0xA1, 7, 0x18, 99});
    board.restart();
    CHECK(board.get("rbpf/store/global/7").payload == Blob{0x18, 99});
    CHECK(board.ask({wire::kCoapDelete, "rbpf/store/global/7", {}, {}, {}}).code == wire::kCoapDeleted);
    CHECK(status(board.get("rbpf/store/global/7")) == RBPF_STATUS_NO_SUCH_KEY);
    CHECK(status(board.put("rbpf/store/9/1", {1})) == RBPF_STATUS_NO_SUCH_SLOT);
    CHECK(status(board.put("rbpf/store/global/1", {0x61, 'x'})) == RBPF_STATUS_BAD_ARGUMENT);
    CHECK(status(board.put("rbpf/store/global/1", {})) == RBPF_STATUS_BAD_ARGUMENT);
    CHECK(status(board.put("rbpf/store/global/99999999999", {1})) == RBPF_STATUS_NO_SUCH_KEY);
}

TEST_CASE("real sensors are read over the wire, and cannot be told what to read") {
    BenchBoard board;
    const Answer devices = board.get("rbpf/devices");
    REQUIRE(devices.code == wire::kCoapContent);
    REQUIRE(devices.payload.size() > 2);
    CHECK(devices.payload[0] == 0x82);
    CHECK(board.get("rbpf/pins").payload == Blob{0x80});
    CHECK(board.put("rbpf/devices/1", {0x42, 1, 0}).code == wire::kCoapForbidden);
    CHECK(board.put("rbpf/devices/2", {0x42, 1, 0}).code == wire::kCoapNotFound);
    CHECK(board.put("rbpf/devices/x", {0x42, 1, 0}).code == wire::kCoapNotFound);
    CHECK(status(board.put("rbpf/devices/1", {0x41, 1})) == RBPF_STATUS_BAD_ARGUMENT);
    CHECK(status(board.put("rbpf/devices/1", {0x48, 1, 2, 3, 4, 5, 6, 7, 8})) == RBPF_STATUS_BAD_ARGUMENT);
    CHECK(status(board.put("rbpf/devices/1", {})) == RBPF_STATUS_BAD_ARGUMENT);
    CHECK(status(board.put("rbpf/pins/0", {2})) == RBPF_STATUS_BAD_ARGUMENT);
    CHECK(board.put("rbpf/pins/0", {1}).code == wire::kCoapForbidden);
}

TEST_CASE("a store that cannot be saved is not changed") {
    BenchBoard board;
    board.put("rbpf/store/global/1", {5});
    board.port.failStore = true;
    CHECK(status(board.put("rbpf/store/global/1", {6})) == RBPF_STATUS_STORAGE);
    CHECK(status(board.put("rbpf/store/global/2", {6})) == RBPF_STATUS_STORAGE);
    CHECK(board.get("rbpf/store/global/1").payload == Blob{5});
    CHECK(status(board.get("rbpf/store/global/2")) == RBPF_STATUS_NO_SUCH_KEY);
    board.restart();
    CHECK(board.get("rbpf/store/global/1").payload == Blob{5});
}

TEST_CASE("a full store refuses a further key") {
    BenchBoard board;
    for (unsigned key = 0; key < BenchConfig::kKeysPerScope; ++key) {
        CHECK(board.put("rbpf/store/global/" + std::to_string(key), {1}).code == wire::kCoapCreated);
    }
    CHECK(status(board.put("rbpf/store/global/1000", {1})) == RBPF_STATUS_STORE_FULL);
}

TEST_CASE("what a script stores now and then is saved at once") {
    BenchBoard board;
    board.install(0, counts("", "counter"));
    for (unsigned i = 1; i <= 5; ++i) {
        board.ask({wire::kCoapPost, "rbpf/slots/0/invoke", {}, {}, {}});
        CHECK(board.port.storeSaves == i);
    }
}

TEST_CASE("storage that fails is tried again later") {
    BenchBoard board;
    board.install(0, counts("", "counter"));
    board.port.failStore = true;
    board.ask({wire::kCoapPost, "rbpf/slots/0/invoke", {}, {}, {}});
    CHECK(board.text().find("could not write its storage") != std::string::npos);
    board.port.failStore = false;
    CHECK(board.agent->poll() <= 5000);
    board.port.advanceMs(5000);
    board.settle();
    CHECK(board.port.storeSaves == 1);
}

TEST_CASE("what a script stores is saved when the board is idle, but not all the time") {
    BenchBoard board;
    board.install(0, counts("timer/10"));
    for (int i = 0; i < 100; ++i) {
        board.port.advanceMs(10);
        board.settle();
    }
    CHECK(board.port.storeSaves >= 1);
    CHECK(board.port.storeSaves <= 11);
    board.port.advanceMs(1000);
    board.settle();
    board.restart();
    CHECK(board.get("rbpf/store/0/1").payload.size() == 2);
}

TEST_CASE("a board whose storage wears out saves less often, and everything in the end") {
    BenchBoard board;
    board.options.saveMs = 60000;
    board.restart();
    board.install(0, counts("timer/10"));
    for (int i = 0; i < 3000; ++i) {
        board.port.advanceMs(10);
        board.settle();
    }
    CHECK(board.port.storeSaves >= 1);
    CHECK(board.port.storeSaves <= 8);
    board.port.advanceMs(60000);
    board.settle();
    const auto value = board.get("rbpf/store/0/1").payload;
    board.restart();
    CHECK(board.get("rbpf/store/0/1").payload == value);
}

TEST_CASE("management over the network is closed unless opened, and then for this machine only") {
    for (const char* path : {"rbpf", "rbpf/slots", "rbpf/slots/0", "rbpf/store/global", "rbpf/stats", "rbpf/nothing"}) {
        INFO(path);
        BenchBoard closed;
        Answer answer = closed.askUdp(1, true, {wire::kCoapGet, path, {}, {}, {}});
        CHECK(answer.code == wire::kCoapForbidden);
        CHECK(status(answer) == RBPF_STATUS_FORBIDDEN);
        BenchBoard open(true);
        CHECK(open.askUdp(1, false, {wire::kCoapGet, path, {}, {}, {}}).code == wire::kCoapForbidden);
        CHECK(open.askUdp(2, true, {wire::kCoapGet, path, {}, {}, {}}).code != wire::kCoapForbidden);
    }
}

TEST_CASE("the link list tells each peer what it may use") {
    BenchBoard board;
    board.install(0, says('x', "a/b"));
    const auto list = [](const Answer& answer) { return std::string(answer.payload.begin(), answer.payload.end()); };
    CHECK(list(board.askUdp(1, true, {wire::kCoapGet, ".well-known/core", {}, {}, {}})) == "</a/b>");
    const Answer serial = board.get(".well-known/core");
    CHECK(list(serial).find("</rbpf/slots>") != std::string::npos);
    CHECK(list(serial).find("</a/b>") != std::string::npos);
    CHECK(serial.format == wire::kFormatLink);
}

TEST_CASE("unknown paths, methods and critical options get their codes") {
    BenchBoard board;
    CHECK(board.get("nothing").code == wire::kCoapNotFound);
    CHECK(board.get("rbpf/nothing").code == wire::kCoapNotFound);
    CHECK(board.get("rbpf/slots/0/invoke").code == wire::kCoapMethodNotAllowed);
    CHECK(board.ask({wire::kCoapPost, "rbpf", {}, {}, {}}).code == wire::kCoapMethodNotAllowed);
    CHECK(board.ask({wire::kCoapGet, "rbpf", {}, {{wire::kOptionProxyUri, 1}}, {}}).code == wire::kCoapBadOption);
    CHECK(board.get("rbpf/slots/x").code == wire::kCoapNotFound);
}

TEST_CASE("statistics count and can be observed") {
    BenchBoard board;
    board.install(1, spins(""));
    Answer answer = board.ask({wire::kCoapGet, "rbpf/stats", {}, {}, 0});
    CHECK(answer.observe);
    CHECK(field(answer, RBPF_KEY_RUNS) == 0);
    CHECK_FALSE(field(answer, RBPF_KEY_SLOT));
    const auto newsOfRun = [&board] {
        const Blob request = board.encode({wire::kCoapPost, "rbpf/slots/1/invoke", {}, {}, {}});
        board.sendSerial(request);
        board.settle();
        board.port.advanceMs(1000);
        board.settle();
        auto came = board.answers();
        std::erase_if(came, [&request](const Answer& each) {
            return each.token == Blob(request.begin() + 4, request.begin() + 6);
        });
        return came;
    };
    const auto news = newsOfRun();
    REQUIRE(news.size() == 1);
    CHECK(news[0].token == answer.token);
    CHECK(*news[0].observe > *answer.observe);
    CHECK(field(news[0], RBPF_KEY_FAULTS) == 1);
    CHECK(field(news[0], RBPF_KEY_STATUS) == RBPF_STATUS_BUDGET_SPENT);
    CHECK(field(news[0], RBPF_KEY_SLOT) == 1);

    // A reset ends it.
    const Blob reset = {0x70, 0, static_cast<std::uint8_t>(news[0].id >> 8), static_cast<std::uint8_t>(news[0].id)};
    board.sendSerial(reset);
    CHECK(newsOfRun().empty());
}

} // namespace rbpf::agent
