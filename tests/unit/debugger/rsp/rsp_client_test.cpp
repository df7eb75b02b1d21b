// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "debugger/rsp/rsp_client.hpp"
#include "tests/unit/debugger/rsp/scripted_board.hpp"

using namespace rbpf;
using namespace rbpf::rsp;
using namespace std::chrono_literals;
using Payloads = std::vector<std::string>;

namespace {

std::string stopWith(const std::string& pc) {
    std::string text = "T05thread:1;";
    for (char digit = '0'; digit <= '9'; ++digit) {
        text += std::string("0") + digit + ":0000000000000000;";
    }
    return text + "0a:00020010;0b:" + pc + ";rbpf:2,1,0,0;";
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

} // namespace

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
