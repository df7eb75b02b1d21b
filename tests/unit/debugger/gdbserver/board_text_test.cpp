// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include <cstring>

#include "debugger/gdbserver/board_text.hpp"
#include "tests/unit/debugger/rsp/scripted_board.hpp"

using namespace rbpf;
using namespace rbpf::gdbserver;

namespace {

struct Rig {
    test::ScriptedBoard board;
    rsp::RspClient client{std::make_unique<test::ScriptedLine>(board)};
    rsp::StopReply stop;
    MonitorState state;
    rbpf_debug_settings_t settings{}; ///< what was written to the board
    Rig() {
        board.answer = [this](const std::string& request) -> std::vector<std::string> {
            rbpf_debug_request_t head{};
            std::memcpy(&head, request.data(), sizeof head);
            std::memcpy(reinterpret_cast<char*>(&settings) + head.address, request.data() + sizeof head,
                        request.size() - sizeof head);
            return {test::replyTo('X', RBPF_VERDICT_OK)};
        };
    }
    std::string said(std::string_view command) { return monitor(command, client, stop, state).value(); }
};

} // namespace

TEST_CASE("a document is handed out in pieces of any size") {
    std::string xml, part = "m";
    while (part[0] == 'm') {
        char request[80];
        std::snprintf(request, sizeof request, "features:read:target.xml:%zx,10", xml.size());
        part = transferred(request);
        REQUIRE_FALSE(part.empty());
        CHECK(part.size() <= 17);
        xml += part.substr(1);
    }
    CHECK(xml == "<target version=\"1.0\"><architecture>bpf</architecture></target>");
    const std::string map = transferred("memory-map:read::0,fff");
    CHECK(map.starts_with("l<memory-map><memory type=\"rom\" start=\"0\""));
    CHECK(map.ends_with("</memory-map>"));
    CHECK(transferred("features:read:other.xml:0,10").empty());
    for (const char* bad :
         {"features:read:target.xml:", "features:read:target.xml:0", "features:read:target.xml:ffff,1",
          "features:read:target.xml:x,1", "memory-map:read::0,1,2"}) {
        CHECK(transferred(bad) == "E01");
    }
}

TEST_CASE("a person's commands behind monitor set the board and are answered in words") {
    Rig rig;
    rig.stop.instructions = 12;
    rig.state.slot = 1;
    CHECK(rig.said("status") == "slot 1: halted, in a run after 12 instructions; stops on fault budget\n");
    CHECK(rig.said("stop entry exit").empty());
    CHECK(rig.settings.stops == (RBPF_STOP_ENTRY | RBPF_STOP_EXIT));
    rig.stop.cause = RBPF_CAUSE_IDLE;
    CHECK(rig.said("status") == "slot 1: halted, no run in progress; stops on entry exit\n");
    CHECK(rig.said("hold 500 abort").empty());
    CHECK(rig.settings.holdMs == 500);
    CHECK(rig.settings.holdAborts == 1);
    CHECK(rig.said("hold 0").empty());
    CHECK(rig.settings.holdAborts == 0);
    CHECK(rig.said("stop").empty());
    CHECK(rig.settings.stops == 0);
    const std::size_t written = rig.board.requests.size();
    for (const char* bad :
         {"help", "stop nowhere", "hold", "hold 5 x", "hold 99999999999", "hold 2147483648", "hold -1", ""}) {
        INFO(bad);
        CHECK(rig.said(bad).starts_with("status\nstop"));
    }
    CHECK(rig.board.requests.size() == written);
}
