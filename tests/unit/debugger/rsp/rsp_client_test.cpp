// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>
#include <map>

#include <catch2/catch.hpp>

#include "debugger/rsp/rsp_client.hpp"
#include "tests/unit/debugger/rsp/scripted_board.hpp"

using namespace rbpf;
using namespace rbpf::rsp;
using test::payloadOf;
using namespace std::chrono_literals;
using Payloads = std::vector<std::string>;

namespace {

constexpr unsigned kPacketBytes = 128;

rbpf_debug_request_t headOf(const std::string& request) {
    rbpf_debug_request_t head{};
    std::memcpy(&head, request.data(), sizeof head);
    return head;
}

struct Rig {
    test::ScriptedBoard board;
    RspClient client{std::make_unique<test::ScriptedLine>(board)};
    Rig() {
        client.setDeadline(60ms); // of which a lost frame costs a third
        board.answer = [](const std::string& request) -> Payloads {
            return {request[0] == RBPF_DEBUG_HELLO ? test::greeting(kPacketBytes)
                                                   : test::replyTo(request[0], RBPF_VERDICT_OK)};
        };
    }
};

/// Events until one is no console text; fails where none comes in time.
support::Result<Event> nextEvent(RspClient& client) {
    const auto until = transport::Clock::now() + 20s;
    while (transport::Clock::now() < until) {
        auto event = client.receive(10ms);
        if (!event) {
            return tl::unexpected(event.error());
        }
        if (*event) {
            return std::move(**event);
        }
    }
    FAIL("no event");
    throw 0;
}

/// An agent with one container, which a test makes deaf, mute or forgetful.
struct Agent {
    bool attached = true, halted = true, hearsGo = true, tellsStop = true;
    int goes = 0;

    Payloads answer(const std::string& request) {
        switch (request[0]) {
        case RBPF_DEBUG_HELLO:
            return {test::greeting(kPacketBytes)};
        case RBPF_DEBUG_ATTACH:
        case RBPF_DEBUG_WHY:
            return {test::stopAt(0x18, reached)};
        case RBPF_DEBUG_GO_ON:
            goes += attached ? 1 : 0;
            if (attached && hearsGo) {
                reached = 2;
                halted = tellsStop; // the second time round it runs on
            }
            return attached && hearsGo && tellsStop ? Payloads{test::stopAt(0x18, reached)} : Payloads{};
        default:
            return {
                payloadOf(rbpf_debug_reply_t{static_cast<std::uint8_t>(request[0]),
                                             static_cast<std::uint8_t>(attached ? RBPF_VERDICT_OK : RBPF_VERDICT_STATE),
                                             static_cast<std::uint8_t>(halted), 0})};
        }
    }

private:
    std::uint64_t reached = 1;
};

struct AgentRig : Rig {
    Agent agent;
    AgentRig() {
        board.answer = [this](const std::string& request) { return agent.answer(request); };
        REQUIRE(client.connect(false));
        REQUIRE(client.attach(0));
    }
};

} // namespace

TEST_CASE("a continue that got lost is sent again, and nothing is heard of it") {
    AgentRig rig;
    rig.agent.hearsGo = false;
    REQUIRE(rig.client.resume());
    while (rig.agent.goes < 2) {
        REQUIRE(rig.client.receive(10ms).value() == std::nullopt);
    }
    CHECK(rig.client.running());
    rig.agent.hearsGo = true;
    const auto event = nextEvent(rig.client);
    REQUIRE(event);
    CHECK(std::get<StopReply>(*event).instructions == 2);
    CHECK_FALSE(rig.client.running());
}

TEST_CASE("a stop that got lost is asked for") {
    AgentRig rig;
    rig.board.answer = [&](const std::string& request) {
        const Payloads answer = rig.agent.answer(request);
        return request[0] == RBPF_DEBUG_GO_ON ? Payloads{} : answer;
    };
    REQUIRE(rig.client.resume());
    const auto event = nextEvent(rig.client);
    REQUIRE(event);
    CHECK(std::get<StopReply>(*event).instructions == 2);
    CHECK(rig.agent.goes == 1);
}

TEST_CASE("a board that was reset is noticed, whether the script runs or is halted") {
    AgentRig rig;
    rig.agent.attached = false;
    const auto read = rig.client.readMemory(0, 2);
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == support::ErrorKind::Link);
    CHECK(read.error().message.find("was reset") != std::string::npos);
    REQUIRE(rig.client.resume());
    const auto event = nextEvent(rig.client);
    REQUIRE_FALSE(event);
    CHECK(event.error().kind == support::ErrorKind::Link);
    CHECK(event.error().message.find("was reset") != std::string::npos);
}

TEST_CASE("a board that falls silent is noticed, whether the script runs or is halted") {
    AgentRig rig;
    rig.agent.tellsStop = false;
    REQUIRE(rig.client.resume());
    rig.board.answer = [](const std::string&) { return Payloads{}; };
    const auto running = nextEvent(rig.client);
    REQUIRE_FALSE(running);
    CHECK(running.error().message.find("no answer") != std::string::npos);
    AgentRig other;
    other.board.answer = [](const std::string&) { return Payloads{}; };
    const auto halted = nextEvent(other.client);
    REQUIRE_FALSE(halted);
    CHECK(halted.error().kind == support::ErrorKind::Link);
}

TEST_CASE("an answer that comes when the request was given up is not taken for the next one's") {
    AgentRig rig;
    std::string kept;
    rig.board.answer = [&](const std::string& request) -> Payloads {
        const bool reads = request[0] == RBPF_DEBUG_READ && headOf(request).number == RBPF_AREA_MEMORY;
        if (reads && headOf(request).address == 0x10000000) {
            kept = test::replyTo('m', RBPF_VERDICT_OK, "1");
            return {};
        }
        if (request[0] == RBPF_DEBUG_ALIVE) {
            return {kept, kept, test::replyTo('+', RBPF_VERDICT_UNKNOWN)};
        }
        return reads ? Payloads{test::replyTo('m', RBPF_VERDICT_OK, "2")} : rig.agent.answer(request);
    };
    CHECK_FALSE(rig.client.readMemory(0x10000000, 1));
    CHECK(rig.client.readMemory(0x20000000, 1).value()[0] == '2');
}

TEST_CASE("the seat is asked for with the session's number, and refused in words") {
    Rig rig;
    const auto features = rig.client.connect(false);
    REQUIRE(features);
    CHECK(features->packetBytes == kPacketBytes);
    REQUIRE(rig.board.requests.size() == 1);
    CHECK(headOf(rig.board.requests[0]).number == 0);
    REQUIRE(rig.client.connect(true));
    CHECK(headOf(rig.board.requests[1]).number == 1);
    CHECK(headOf(rig.board.requests[1]).address == headOf(rig.board.requests[0]).address);

    rig.board.answer = [](const std::string&) -> Payloads {
        return {test::greeting(kPacketBytes).replace(1, 1, 1, static_cast<char>(RBPF_VERDICT_HELD))};
    };
    const auto refused = rig.client.connect(false);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == support::ErrorKind::Board);
    CHECK(refused.error().message.find("another debugger") != std::string::npos);
}

TEST_CASE("a board whose agent speaks another version is told as such") {
    Rig rig;
    rig.board.answer = [](const std::string&) -> Payloads { return {""}; };
    const auto refused = rig.client.connect(false);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == support::ErrorKind::Board);
    CHECK(refused.error().message.find("version 1 of the debug protocol") != std::string::npos);
}

TEST_CASE("answers to another session on the same line are not taken for ours") {
    Rig rig;
    REQUIRE(rig.client.connect(false));
    rig.board.answer = [](const std::string&) -> Payloads {
        return {test::replyTo('q', RBPF_VERDICT_HELD), test::stopAt(8), test::replyTo('m', RBPF_VERDICT_OK, "ab")};
    };
    const auto bytes = rig.client.readMemory(0x10000000, 2);
    REQUIRE(bytes);
    CHECK(*bytes == std::vector<std::uint8_t>{'a', 'b'});
    CHECK(rig.client.ignored() == 2);
}

TEST_CASE("a read longer than a packet is put together from pieces, in as few round trips as possible") {
    Rig rig;
    REQUIRE(rig.client.connect(false));
    rig.board.answer = [](const std::string& request) -> Payloads {
        return {test::replyTo('m', RBPF_VERDICT_OK, std::string(headOf(request).size, '7'))};
    };
    const auto bytes = rig.client.readMemory(0x10000000, 250);
    REQUIRE(bytes);
    CHECK(bytes->size() == 250);
    CHECK(rig.board.requests.size() == 1 + 3);
    CHECK(headOf(rig.board.requests.back()).address == 0x10000000 + 248);
    CHECK(headOf(rig.board.requests.back()).size == 2);
}

TEST_CASE("a board that sends more than it was asked for is not believed") {
    Rig rig;
    rig.board.answer = [](const std::string&) -> Payloads { return {test::replyTo('m', RBPF_VERDICT_OK, "abc")}; };
    CHECK_FALSE(rig.client.readMemory(0x10000000, 2));
}

TEST_CASE("a long write is cut so that each request fits a packet") {
    Rig rig;
    REQUIRE(rig.client.connect(false));
    REQUIRE(rig.client.writeMemory(0x30000000, std::vector<std::uint8_t>(300, 0x5a)));
    std::size_t written = 0;
    for (std::size_t i = 1; i < rig.board.requests.size(); ++i) {
        const std::string& request = rig.board.requests[i];
        CHECK(request.size() <= kPacketBytes);
        CHECK(headOf(request).address == 0x30000000 + written);
        written += request.size() - sizeof(rbpf_debug_request_t);
    }
    CHECK(written == 300);
}

TEST_CASE("the board's table of points is kept: one write for each change, none for what is there already") {
    Rig rig;
    std::map<std::uint32_t, std::string> table; // by place in bytes
    rig.board.answer = [&](const std::string& request) -> Payloads {
        const auto head = headOf(request);
        if (head.request == RBPF_DEBUG_READ) {
            return {test::replyTo('m', RBPF_VERDICT_OK, head.address == 16 ? std::string(1, '\0') : "\xb7")};
        }
        CHECK(head.number == RBPF_AREA_POINTS);
        table.erase(table.lower_bound(head.address), table.end());
        for (std::size_t at = sizeof head; at < request.size(); at += 8) {
            table[static_cast<std::uint32_t>(head.address + at - sizeof head)] = request.substr(at, 8);
        }
        return {test::replyTo('X', table.size() > 3 ? RBPF_VERDICT_ADDRESS : RBPF_VERDICT_OK)};
    };
    REQUIRE(rig.client.insertPoint(Point::Breakpoint, 8, 0));
    REQUIRE(rig.client.insertPoint(Point::Write, 0x10000010, 8));
    REQUIRE(rig.client.insertPoint(Point::Read, 0x10000020, 4));
    CHECK(rig.board.requests.size() == 4); // and one look at the instruction
    REQUIRE(rig.client.insertPoint(Point::Write, 0x10000010, 8));
    CHECK(rig.board.requests.size() == 4);
    const auto full = rig.client.insertPoint(Point::Breakpoint, 24, 0);
    REQUIRE_FALSE(full);
    CHECK(full.error().message.find("no room for more than 3") != std::string::npos);
    REQUIRE(rig.client.removePoint(Point::Breakpoint, 8, 0));
    REQUIRE(table.size() == 2);
    CHECK(table[0] == test::payloadOf(boardPoint(Point::Write, 0x10000010, 8)));
    CHECK(table[8] == test::payloadOf(boardPoint(Point::Read, 0x10000020, 4)));
    REQUIRE(rig.client.removePoint(Point::Read, 0x10000020, 4));
    CHECK(table.size() == 1);
    REQUIRE(rig.client.removePoint(Point::Read, 0x10000020, 4));

    for (const std::uint32_t bad : {4U, 16U, 0x10000000U}) { // 16: the second half of an lddw
        CHECK_FALSE(rig.client.insertPoint(Point::Breakpoint, bad, 0));
    }
    CHECK_FALSE(rig.client.insertPoint(Point::Write, 0x10000000, 0));
    CHECK(table.size() == 1);
}

TEST_CASE("what stops is written as the board wants it: any binding as all bits, few keys filled up") {
    Rig rig;
    const auto sent = [&] {
        rbpf_debug_settings_t settings{};
        const std::string& request = rig.board.requests.back();
        CHECK(headOf(request).number == RBPF_AREA_SETTINGS);
        std::memcpy(reinterpret_cast<char*>(&settings) + headOf(request).address, request.data() + 8,
                    request.size() - 8);
        return settings;
    };
    REQUIRE(rig.client.stopOn(RBPF_STOP_BINDING | RBPF_STOP_STORE));
    CHECK(sent().stops == (RBPF_STOP_BINDING | RBPF_STOP_STORE));
    CHECK(sent().binding[3] == 0xffffffff);
    const std::vector<std::uint32_t> bindings{0x20, 0x41}, keys{7, 9};
    REQUIRE(rig.client.stopOn(RBPF_STOP_BINDING | RBPF_STOP_STORE, bindings, keys));
    CHECK(sent().stops == (RBPF_STOP_BINDING | RBPF_STOP_KEY));
    CHECK(sent().binding[1] == 1);
    CHECK(sent().binding[2] == 2);
    CHECK(sent().key[1] == 9);
    CHECK(sent().key[7] == 7);
    REQUIRE(rig.client.stopOn(RBPF_STOP_FAULT, bindings));
    CHECK(sent().binding[1] == 0);
    CHECK_FALSE(rig.client.stopOn(RBPF_STOP_BINDING, std::vector<std::uint32_t>{128}));
    CHECK_FALSE(rig.client.stopOn(RBPF_STOP_STORE, {}, std::vector<std::uint32_t>(9)));
    REQUIRE(rig.client.setHold(5000, true));
    CHECK(sent().holdMs == 5000);
    CHECK(sent().holdAborts == 1);
    CHECK_FALSE(rig.client.setHold(0x80000000, false));
    REQUIRE(rig.client.setHistory(true));
    CHECK(sent().history == (RBPF_HISTORY_ON | RBPF_HISTORY_DATA));
}

TEST_CASE("a request whose frame or whose answer got lost is made up for") {
    Rig rig;
    int asked = 0;
    rig.board.answer = [&](const std::string&) -> Payloads {
        return ++asked < 3 ? Payloads{} : Payloads{test::replyTo('m', RBPF_VERDICT_OK, "12")};
    };
    CHECK(rig.client.readMemory(0, 2).value() == std::vector<std::uint8_t>{'1', '2'});
    CHECK(asked == 3);
}

TEST_CASE("a board that says nothing is told as such, by the deadline") {
    Rig rig;
    rig.board.answer = [](const std::string&) -> Payloads { return {}; };
    const auto read = rig.client.registers();
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == support::ErrorKind::Link);
    CHECK(read.error().message.find("no answer") != std::string::npos);
}

TEST_CASE("an answer that comes late is not taken for the next one's") {
    Rig rig;
    rig.board.answer = [](const std::string& request) -> Payloads {
        const std::string reply =
            test::replyTo('m', RBPF_VERDICT_OK, headOf(request).address == 0x10000000 ? "1" : "2");
        return {reply, reply};
    };
    CHECK(rig.client.readMemory(0x10000000, 1).value()[0] == '1');
    CHECK(rig.client.readMemory(0x20000000, 1).value()[0] == '2');
    CHECK(rig.client.ignored() == 1);
}

TEST_CASE("a container that runs answers with its stop, and what is told comes in its order") {
    Rig rig;
    rig.board.answer = [](const std::string& request) -> Payloads {
        if (request[0] == RBPF_DEBUG_GO_ON) {
            rbpf_debug_state_t state{};
            state.tell = RBPF_TELL_START;
            const std::string start = test::payloadOf(state);
            state.tell = RBPF_TELL_CALL;
            return {start, test::payloadOf(state).substr(0, RBPF_STATE_SHORT_BYTES), "noise", test::stopAt(0x18)};
        }
        return {};
    };
    REQUIRE(rig.client.resume());
    CHECK(rig.client.running());
    CHECK_FALSE(rig.client.registers()); // not now
    rig.board.say(RBPF_FRAME_DIAGNOSTIC, "hello\n");
    Payloads seen;
    for (;;) {
        const auto event = rig.client.receive(0ms);
        REQUIRE(event);
        if (!*event) {
            break;
        }
        seen.emplace_back(std::holds_alternative<RunStart>(**event)      ? "start"
                          : std::holds_alternative<BindingCall>(**event) ? "call"
                          : std::holds_alternative<StopReply>(**event)   ? "stop"
                          : std::holds_alternative<ConsoleText>(**event) ? "text"
                                                                         : "other");
    }
    CHECK(seen == Payloads{"start", "call", "stop", "text"});
    CHECK_FALSE(rig.client.running());
    CHECK(rig.client.ignored() == 1);
}

TEST_CASE("an interrupt that got lost is followed by the question why the script stopped") {
    Rig rig;
    rig.board.answer = [](const std::string& request) -> Payloads {
        return request[0] == RBPF_DEBUG_WHY ? Payloads{test::stopAt(0x20)} : Payloads{};
    };
    REQUIRE(rig.client.resume());
    REQUIRE(rig.client.interrupt());
    std::optional<Event> event;
    for (int i = 0; i < 100 && !event; ++i) {
        event = rig.client.receive(10ms).value();
    }
    REQUIRE(event);
    CHECK(std::get<StopReply>(*event).reg[kRegisterPc] == 0x20);
}

TEST_CASE("registers of an idle container cannot be set, and the client says why") {
    Rig rig;
    rig.board.answer = [](const std::string& request) -> Payloads {
        return {request[0] == RBPF_DEBUG_ATTACH ? test::stopAt(0).replace(1, 1, 1, static_cast<char>(RBPF_CAUSE_IDLE))
                                                : test::replyTo(request[0], RBPF_VERDICT_OK)};
    };
    REQUIRE(rig.client.attach(0));
    const auto refused = rig.client.setRegister(3, 1);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.find("no run is in progress") != std::string::npos);
    CHECK_FALSE(rig.client.attach(256));
}

TEST_CASE("who loses the seat hears it and is refused") {
    Rig rig;
    REQUIRE(rig.client.connect(false));
    rbpf_debug_state_t taken{};
    taken.tell = RBPF_TELL_TAKEN;
    taken.detail = headOf(rig.board.requests[0]).address;
    rig.board.say(test::payloadOf(taken).substr(0, RBPF_STATE_HEAD_BYTES));
    CHECK(rig.client.writeMemory(0, {})); // that was ourselves
    ++taken.detail;
    rig.board.say(test::payloadOf(taken).substr(0, RBPF_STATE_HEAD_BYTES));
    const auto refused = rig.client.registers();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.find("taken") != std::string::npos);
    CHECK(std::holds_alternative<Taken>(*rig.client.receive(0ms).value()));
}

TEST_CASE("a container that the hold time resumed counts as running, and what that did is as it was set") {
    Rig rig;
    rbpf_debug_state_t resumed{};
    resumed.tell = RBPF_TELL_RESUMED;
    const bool aborts = GENERATE(false, true);
    REQUIRE(rig.client.setHold(1, aborts));
    rig.board.say(test::payloadOf(resumed).substr(0, RBPF_STATE_HEAD_BYTES));
    const auto event = rig.client.receive(0ms);
    REQUIRE(event);
    CHECK(std::get<Resumed>(**event).aborted == aborts);
    CHECK(rig.client.running());
}

TEST_CASE("the board counts runs to 65535, the client goes on counting") {
    Rig rig;
    rbpf_debug_state_t start{};
    start.tell = RBPF_TELL_START;
    std::vector<std::uint32_t> runs;
    for (const unsigned run : {0xfffeU, 0xffffU, 0U, 1U}) {
        start.run = static_cast<std::uint16_t>(run);
        rig.board.say(test::payloadOf(start));
        runs.push_back(std::get<RunStart>(*rig.client.receive(0ms).value()).run);
    }
    CHECK(runs == std::vector<std::uint32_t>{0xfffe, 0xffff, 0x10000, 0x10001});
}

TEST_CASE("a line that is cut is an error of the link everywhere") {
    Rig rig;
    rig.board.gone = true;
    CHECK(rig.client.receive(0ms).error().kind == support::ErrorKind::Link);
    CHECK(rig.client.registers().error().kind == support::ErrorKind::Link);
    CHECK(rig.client.resume().error().kind == support::ErrorKind::Link);
    CHECK_FALSE(rig.client.running());
}
