// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "debugger/rsp/rsp_client.hpp"
#include "tests/unit/debugger/rsp/scripted_board.hpp"

using namespace rbpf;
using namespace rbpf::rsp;
using namespace std::chrono_literals;
using Payloads = std::vector<std::string>;

namespace {

std::string stopWith(const std::string& pc, const std::string& instructions = "1") {
    std::string text = "T05thread:1;";
    for (char digit = '0'; digit <= '9'; ++digit) {
        text += std::string("0") + digit + ":0000000000000000;";
    }
    return text + "0a:00020010;0b:" + pc + ";rbpf:2," + instructions + ",0,0;";
}

struct Rig {
    test::ScriptedBoard board;
    RspClient client{std::make_unique<test::ScriptedLine>(board)};
    Rig() {
        client.setDeadline(60ms); // of which a lost frame costs a third
        board.answer = [](const std::string& request) -> Payloads {
            return {request.starts_with("qSupported") ? "PacketSize=40;QStartNoAckMode+" : "OK"};
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
        if (request.starts_with("qSupported")) {
            return {"PacketSize=40"};
        }
        if (request.starts_with("vAttach")) {
            return {stopWith("18000000")};
        }
        if (request == "qC") {
            return {attached ? "QC1" : "E02"};
        }
        if (request == "X0,0:") {
            return {attached && halted ? "OK" : "E02"};
        }
        if (request == "?") {
            return {stop()};
        }
        if (request == "c" && attached) {
            ++goes;
            if (hearsGo) {
                reached = "2";
                halted = tellsStop; // the second time round it runs on
            }
            return hearsGo && tellsStop ? Payloads{stop()} : Payloads{};
        }
        return {attached ? "OK" : "E02"};
    }

private:
    [[nodiscard]] std::string stop() const { return stopWith("18000000", reached); }
    std::string reached = "1";
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

TEST_CASE("a stop reply that got lost is asked for") {
    AgentRig rig;
    rig.board.answer = [&](const std::string& request) {
        return request == "c" ? (rig.agent.answer(request), Payloads{}) : rig.agent.answer(request);
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
        if (request.starts_with("m1")) {
            kept = "11";
            return {};
        }
        if (request == "vCont?") {
            return {kept, kept, "vCont;c;C;s;S"};
        }
        return request.starts_with("m2") ? Payloads{"22"} : rig.agent.answer(request);
    };
    CHECK_FALSE(rig.client.readMemory(0x10000000, 1));
    CHECK(rig.client.readMemory(0x20000000, 1).value()[0] == 0x22);
}

TEST_CASE("the seat is asked for with the session's number, and refused in words") {
    Rig rig;
    const auto features = rig.client.connect(false);
    REQUIRE(features);
    CHECK(features->packetBytes == 64);
    REQUIRE(rig.board.requests.size() == 1);
    CHECK(rig.board.requests[0].find("rbpf-session=") != std::string::npos);

    rig.board.answer = [](const std::string&) -> Payloads { return {"E.held"}; };
    const auto refused = rig.client.connect(false);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == support::ErrorKind::Board);
    CHECK(refused.error().message.find("another debugger") != std::string::npos);
}

TEST_CASE("answers to another session on the same line are not taken for ours") {
    Rig rig;
    rig.board.answer = [](const std::string& request) -> Payloads {
        if (request.starts_with("qSupported")) {
            return {"00112233", "PacketSize=100"};
        }
        return {"E.held", "aabb"};
    };
    REQUIRE(rig.client.connect(false));
    const auto bytes = rig.client.readMemory(0x10000000, 2);
    REQUIRE(bytes);
    CHECK(*bytes == std::vector<std::uint8_t>{0xaa, 0xbb});
}

TEST_CASE("a read longer than a packet is put together from pieces, in as few round trips as possible") {
    Rig rig;
    REQUIRE(rig.client.connect(false));
    rig.board.answer = [](const std::string& request) -> Payloads {
        const auto size = std::stoul(request.substr(request.find(',') + 1), nullptr, 16);
        return {std::string(2 * size, '7')};
    };
    const auto bytes = rig.client.readMemory(0x10000000, 70);
    REQUIRE(bytes);
    CHECK(bytes->size() == 70);
    CHECK(rig.board.requests.size() == 1 + 3);
    CHECK(rig.board.requests.back() == "m10000040,6");
}

TEST_CASE("a long write is cut so that each request fits a packet") {
    Rig rig;
    REQUIRE(rig.client.connect(false));
    REQUIRE(rig.client.writeMemory(0x30000000, std::vector<std::uint8_t>(100, 0x5a)));
    std::size_t written = 0;
    for (std::size_t i = 1; i < rig.board.requests.size(); ++i) {
        const std::string& request = rig.board.requests[i];
        CHECK(request.size() <= 64);
        written += (request.size() - request.find(':') - 1) / 2;
    }
    CHECK(written == 100);
}

TEST_CASE("a request whose frame or whose answer got lost is made up for") {
    Rig rig;
    int asked = 0;
    rig.board.answer = [&](const std::string&) -> Payloads { return ++asked < 3 ? Payloads{} : Payloads{"1122"}; };
    CHECK(rig.client.readMemory(0, 2).value() == std::vector<std::uint8_t>{0x11, 0x22});
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
        return {request.starts_with("m1") ? "11" : "22", request.starts_with("m1") ? "11" : "22"};
    };
    CHECK(rig.client.readMemory(0x10000000, 1).value()[0] == 0x11);
    CHECK(rig.client.readMemory(0x20000000, 1).value()[0] == 0x22);
    CHECK(rig.client.ignored() == 1);
}

TEST_CASE("a container that runs answers with its stop, and notifications come in their order") {
    Rig rig;
    rig.board.answer = [](const std::string& request) -> Payloads {
        if (request == "c") {
            return {"%Start:1,0,0,0,10000200", "%Call:3,20,1", "noise", stopWith("18000000")};
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
        return request == "?" ? Payloads{stopWith("20000000")} : Payloads{};
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

TEST_CASE("the end of a wait whose script was replaced is no answer to the attaching that follows") {
    Rig rig;
    REQUIRE(rig.client.resume());
    rig.board.say("%Gone:0,c");
    REQUIRE(std::holds_alternative<Gone>(*rig.client.receive(0ms).value()));
    rig.board.answer = [](const std::string& request) -> Payloads {
        return request == "vAttach;1" ? Payloads{"W00", stopWith("18000000")} : Payloads{"W00", "1122"};
    };
    const auto stop = rig.client.attach(0);
    REQUIRE(stop);
    CHECK(stop->reg[kRegisterPc] == 0x18);
    CHECK(rig.client.readMemory(0, 2).value() == std::vector<std::uint8_t>{0x11, 0x22});
}

TEST_CASE("who loses the seat hears it and is refused") {
    Rig rig;
    REQUIRE(rig.client.connect(false));
    rig.board.say("%Taken:0");
    const auto refused = rig.client.registers();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.find("taken") != std::string::npos);
    CHECK(std::holds_alternative<Taken>(*rig.client.receive(0ms).value()));
}

TEST_CASE("a container that the hold time resumed counts as running") {
    Rig rig;
    rig.board.say("%Resumed:0,0");
    REQUIRE(rig.client.receive(0ms));
    CHECK(rig.client.running());
}

TEST_CASE("monitor text comes in pieces or at once") {
    Rig rig;
    rig.board.answer = [](const std::string& request) -> Payloads {
        return request == "qRcmd,61" ? Payloads{"O6869", "O21", "OK"} : Payloads{"686f"};
    };
    CHECK(rig.client.monitor("a").value() == "hi!");
    CHECK(rig.client.monitor("b").value() == "ho");
}

TEST_CASE("a line that is cut is an error of the link everywhere") {
    Rig rig;
    rig.board.gone = true;
    CHECK(rig.client.receive(0ms).error().kind == support::ErrorKind::Link);
    CHECK(rig.client.registers().error().kind == support::ErrorKind::Link);
    CHECK(rig.client.resume().error().kind == support::ErrorKind::Link);
    CHECK_FALSE(rig.client.running());
}
