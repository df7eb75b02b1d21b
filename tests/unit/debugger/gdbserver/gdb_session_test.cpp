// SPDX-License-Identifier: GPL-3.0-or-later
// A GDB played by the test on a socket, a board played by the test on a line.
#include <catch2/catch.hpp>

#include <cstring>

#include <sys/socket.h>

#include "debugger/gdbserver/gdb_session.hpp"
#include "tests/unit/debugger/rsp/scripted_board.hpp"

using namespace rbpf;
using namespace rbpf::gdbserver;
using namespace std::chrono_literals;
using Payloads = std::vector<std::string>;

namespace {

std::string stopAt(std::uint32_t pc, unsigned cause = RBPF_CAUSE_BREAKPOINT, std::uint32_t detail = 0,
                   unsigned mode = 0) {
    rbpf_debug_state_t state{};
    state.tell = RBPF_TELL_STOP;
    state.cause = static_cast<std::uint8_t>(cause);
    state.detail = detail;
    state.mode = static_cast<std::uint8_t>(mode);
    state.pc = pc;
    state.instructions = 1;
    for (unsigned i = 0; i < 10; ++i) {
        state.reg[i] = i;
    }
    state.reg[10] = RBPF_ADDRESS(1, 512);
    return test::payloadOf(state);
}

std::string head(unsigned tell, std::size_t bytes, unsigned cause = 0) {
    rbpf_debug_state_t state{};
    state.tell = static_cast<std::uint8_t>(tell);
    state.cause = static_cast<std::uint8_t>(cause);
    return test::payloadOf(state).substr(0, bytes);
}

struct Rig {
    test::ScriptedBoard board;
    rsp::RspClient client{std::make_unique<test::ScriptedLine>(board)};
    int peer = -1;
    std::unique_ptr<GdbSocket> socket;
    Options options;
    std::unique_ptr<GdbSession> session;
    std::string told;

    Rig() {
        client.setDeadline(60ms);
        board.answer = [](const std::string& request) { return answerOf(request); };
        int pair[2];
        REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0);
        peer = pair[0];
        socket = std::make_unique<GdbSocket>(transport::Fd(pair[1]));
        options.history = false;
        options.tell = [this](const std::string& sentence) { told += sentence + "\n"; };
        session = std::make_unique<GdbSession>(*socket, client, options);
        REQUIRE(session->begin());
        REQUIRE(ask("QStartNoAckMode").ends_with("$OK#9a"));
    }
    ~Rig() { close(peer); }

    static Payloads answerOf(const std::string& request) {
        rbpf_debug_request_t head{};
        std::memcpy(&head, request.data(), std::min(request.size(), sizeof head));
        std::string memory = "\xaa\xbb"; // and zeros
        memory.resize(head.size);
        switch (head.request) {
        case RBPF_DEBUG_HELLO:
            return {test::greeting(256)};
        case RBPF_DEBUG_ATTACH:
        case RBPF_DEBUG_WHY:
        case RBPF_DEBUG_STEP:
            return {stopAt(0x18)};
        case RBPF_DEBUG_READ:
            return {test::replyTo('m', RBPF_VERDICT_OK, head.address >> 28 == 15 ? "" : memory)};
        case RBPF_DEBUG_GO_ON:
        case RBPF_DEBUG_INTERRUPT:
            return {};
        default:
            return {test::replyTo(request[0], RBPF_VERDICT_OK)};
        }
    }
    [[nodiscard]] std::string lastRequest() const { return board.requests.back(); }
    std::string heard() const {
        std::string text(65536, '\0');
        const ssize_t got = recv(peer, text.data(), text.size(), MSG_DONTWAIT);
        text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return text;
    }
    std::string say(const std::string& bytes) {
        REQUIRE(send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
        CHECK(session->serveGdb());
        CHECK(session->serveBoard());
        return heard();
    }
    std::string ask(const std::string& payload) { return say(framed(payload)); }
};

} // namespace

TEST_CASE("registers come from the stop reply: no round trip to the board") {
    Rig rig;
    const auto before = rig.board.requests.size();
    const std::string registers = rig.ask("g");
    CHECK(registers.size() == 2 * 88 + 4);
    CHECK(rig.ask("pb") == framed("18000000"));
    CHECK(rig.ask("?").starts_with("$T05"));
    CHECK(rig.board.requests.size() == before);
    CHECK(rig.ask("P3=2a00000000000000") == framed("OK"));
    CHECK(rig.lastRequest().substr(0, 9) == rsp::request('X', RBPF_AREA_REGISTERS, 24) + "\x2a");
    CHECK(rig.ask("p3") == framed("2a00000000000000"));
}

TEST_CASE("memory is the board's; what it does not have is a short error") {
    Rig rig;
    CHECK(rig.ask("m10000000,2") == framed("aabb"));
    CHECK(rig.ask("mf0000000,2") == framed("E0e"));
    CHECK(rig.ask("M30000000,2:0102") == framed("OK"));
    CHECK(rig.lastRequest() == rsp::request('X', RBPF_AREA_MEMORY, 0x30000000) + "\x01\x02");
    CHECK(rig.ask("X30000000,2:#}") == framed("OK")); // framed() escapes both
    CHECK(rig.lastRequest() == rsp::request('X', RBPF_AREA_MEMORY, 0x30000000) + "#}");
    CHECK(rig.ask("X30000000,0:") == framed("OK"));
}

TEST_CASE("breakpoints in read-only memory are like all others") {
    Rig rig;
    CHECK(rig.ask("Z1,18,0") == framed("OK"));
    const std::string table = rsp::request('X', RBPF_AREA_POINTS);
    CHECK(rig.lastRequest() == table + test::payloadOf(rsp::boardPoint(rsp::Point::Breakpoint, 24, 0)));
    CHECK(rig.ask("z1,18,0") == framed("OK"));
    CHECK(rig.lastRequest() == table);
    CHECK(rig.ask("Z2,10000000,4") == framed("OK"));
    CHECK(rig.lastRequest() == table + test::payloadOf(rsp::boardPoint(rsp::Point::Write, 0x10000000, 4)));
}

TEST_CASE("a continue is answered when the script stops; until then GDB gets the console's text") {
    Rig rig;
    CHECK(rig.ask("vCont;c:1").empty());
    rig.board.say(RBPF_FRAME_DIAGNOSTIC, "hi");
    rig.board.say(head(RBPF_TELL_END, RBPF_STATE_SHORT_BYTES, RBPF_CAUSE_EXIT));
    rig.board.say(stopAt(0x20, RBPF_CAUSE_WATCHPOINT, 0x10000010, RBPF_POINT_WRITE));
    REQUIRE(rig.session->serveBoard());
    const std::string heard = rig.heard();
    CHECK(heard.starts_with(framed("O6869")));
    CHECK(heard.find("watch:10000010;") != std::string::npos);
    CHECK(rig.ask("pb") == framed("20000000"));
}

TEST_CASE("an interrupt goes to the board only while the script runs") {
    Rig rig;
    CHECK(rig.say("\x03").empty());
    CHECK(rig.lastRequest()[0] != RBPF_DEBUG_INTERRUPT);
    CHECK(rig.ask("c").empty());
    CHECK(rig.say("\x03").empty());
    CHECK(rig.lastRequest()[0] == RBPF_DEBUG_INTERRUPT);
}

TEST_CASE("reverse execution is offered with history only") {
    Rig rig;
    CHECK(rig.ask("qSupported:x").find("Reverse") == std::string::npos);
    CHECK(rig.ask("bs") == framed(""));
}

TEST_CASE("what cannot be read is refused, what is not known is left unanswered") {
    Rig rig;
    for (const char* bad : {"m10", "m,", "M0,2:01", "Z", "Z9,0,0", "P", "Pff=00", "pc0", "G00", "X0,5:a"}) {
        CHECK(rig.ask(bad).starts_with("$E"));
    }
    for (const char* unknown : {"qRbpfImage", "vRbpfTake", "vMustReplyEmpty", "qSymbol::", "!", ""}) {
        CHECK(rig.ask(unknown) == framed(""));
    }
    CHECK(rig.say("$g#00garbage").empty());
}

TEST_CASE("a script that is replaced ends GDB's program") {
    Rig rig;
    CHECK(rig.ask("c").empty());
    rig.board.say(head(RBPF_TELL_GONE, RBPF_STATE_HEAD_BYTES));
    REQUIRE(rig.session->serveBoard());
    CHECK(rig.heard() == framed("X09"));
    CHECK(rig.session->over());
    CHECK(rig.told.find("replaced") != std::string::npos);
}

TEST_CASE("detaching lets the script go on, killing aborts its run") {
    Rig detached;
    CHECK(detached.ask("D") == framed("OK"));
    CHECK(detached.lastRequest()[0] == RBPF_DEBUG_DETACH);
    CHECK(detached.session->over());
    Rig killed;
    CHECK(killed.ask("k").empty());
    CHECK(killed.lastRequest()[0] == RBPF_DEBUG_KILL);
}

TEST_CASE("a frame of GDB's is good only with its checksum") {
    CHECK(framed("OK") == "$OK#9a");
    CHECK(framed("a#b") == "$a}\x03"
                           "b#43");
    GdbDecoder decoder;
    std::vector<GdbDecoder::Item> items;
    for (const char byte : std::string("+junk$OK#9a$OK#9b\x03-$$#24")) {
        if (const auto item = decoder.put(byte)) {
            items.push_back(*item);
        }
    }
    using Item = GdbDecoder::Item;
    CHECK(items == std::vector<Item>{Item::Packet, Item::Damaged, Item::Interrupt, Item::Nak, Item::Packet});
}

TEST_CASE("a packet without an end does not grow for ever") {
    GdbDecoder decoder;
    CHECK_FALSE(decoder.put('$'));
    for (std::size_t i = 0; i < 3 * GdbDecoder::kMostBytes; ++i) {
        CHECK_FALSE(decoder.put('a'));
    }
    CHECK(decoder.payload().size() <= GdbDecoder::kMostBytes);
    CHECK_FALSE(decoder.put('#'));
    CHECK_FALSE(decoder.put('0'));
    CHECK(decoder.put('0') == GdbDecoder::Item::Damaged);
}
