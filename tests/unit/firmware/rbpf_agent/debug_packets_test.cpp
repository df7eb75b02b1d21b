// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/unit/firmware/rbpf_agent/debug_bench.hpp"

using namespace rbpf;
using namespace rbpf::agent;

namespace {

/// Halted before its second instruction, answering a request; one more instruction of two slots follows.
struct Stopped : DebugBench {
    Stopped() {
        board.install(0,
                      make({mov(6, 7), storeImm(0x18, 10, -8, 0x1234), lddw(3, 0x1122334455667788), mov(0, 0), leave()},
                           "coap/x"));
        attach();
        ask("Z0,8,0");
        send("c");
        request("x");
        halt = stop(replies().at(0));
    }
    Halt halt;
};

} // namespace

TEST_CASE("A board tells its packet size and what it supports") {
    DebugBench bench;
    const std::string reply = bench.ask("qSupported:multiprocess+;swbreak+;rbpf-session=12ab");
    CHECK(reply.find("PacketSize=100;") == 0);
    CHECK(reply.find(";vContSupported+;") != std::string::npos);
    CHECK(bench.ask("vCont?") == "vCont;c;C;s;S");
    CHECK(bench.ask("QStartNoAckMode") == "OK");
}

TEST_CASE("Unknown packets get the empty reply, malformed ones an error, each exactly one") {
    Stopped bench;
    const auto [request, reply] = GENERATE(table<const char*, const char*>({
        {"", ""},
        {"vMustReplyEmpty", ""},
        {"qTStatus", ""},
        {"!", ""},
        {"m", "E01"},
        {"m10", "E01"},
        {"m10,", "E01"},
        {"mx,1", "E01"},
        {"m0,1x", "E01"},
        {"p", "E01"},
        {"pc", "E01"},
        {"P0=12", "E01"},
        {"P0", "E01"},
        {"Z5,0,0", "E01"},
        {"Z0", "E01"},
        {"Z0,0,0;X", "E01"},
        {"M30000000,2:00", "E01"},
        {"X30000000,2:a", "E01"},
        {"vAttach;", "E01"},
        {"vAttach;0", "E02"},
        {"vAttach;5", "E02"},
        {"vAttach;2", "E02"},
        {"vCont;x", "E01"},
        {"vCont;c:7", "E01"},
        {"G00", "E01"},
        {"QRbpfStop:", "E01"},
        {"QRbpfStop:1;x", "E01"},
        {"QRbpfHold:1", "E01"},
        {"QRbpfHistory:2", "E01"},
        {"T9", "E01"},
        {"m100000000,1", "E01"},
        {"Z2,0,0", "E01"},
        {"Z2,0,41", "E01"},
        {"QRbpfStop:8;b100", "E01"},
        {"QRbpfStop:10;k0,1,2,3,4,5,6,7,8", "E1c"},
        {"qRcmd,0", "E01"},
        {"qXfer:features:read:target.xml:0", "E01"},
    }));
    INFO(request);
    CHECK(bench.ask(request) == reply);
}

TEST_CASE("A request longer than the board takes is dropped and the next one answered") {
    Stopped bench;
    CHECK(bench.ask("m" + std::string(3000, '0')) == "none");
    CHECK(bench.ask("p6") == littleEndian(7));
}

TEST_CASE("Without a container what needs one is refused") {
    DebugBench bench;
    for (const char* request :
         {"?", "g", "p0", "m0,1", "Z0,0,0", "c", "s", "vCont;c", "G", "M0,1:00", "qC", "qRbpfImage"}) {
        INFO(request);
        CHECK(bench.ask(request) == "E02");
    }
    CHECK(bench.ask("D") == "OK");
}

TEST_CASE("Registers are 88 bytes: r0 to r9 of eight, r10 and pc of four") {
    Stopped bench;
    REQUIRE(bench.halt.came);
    const std::string all = bench.ask("g");
    CHECK(all.size() == 2 * 88);
    CHECK(all.substr(6 * 16, 16) == littleEndian(7));
    CHECK(all.substr(160) == littleEndian(RBPF_ADDRESS(RBPF_REGION_STACK, 512), 4) + littleEndian(8, 4));
    CHECK(bench.ask("pa") == all.substr(160, 8));
    CHECK(bench.ask("P6=" + littleEndian(0xfedcba9876543210)) == "OK");
    CHECK(bench.ask("p6") == littleEndian(0xfedcba9876543210));
    CHECK(bench.ask("G" + all) == "OK");
    CHECK(bench.ask("g") == all);
}

TEST_CASE("The pc can be set to the start of an instruction and to nothing else") {
    Stopped bench;
    for (const std::uint32_t pc : {4u, 24u, 48u, 0xfffffff8u}) {
        INFO(pc);
        CHECK(bench.ask("Pb=" + littleEndian(pc, 4)) == "E0e");
    }
    CHECK(bench.ask("Pb=" + littleEndian(32, 4)) == "OK");
    CHECK(bench.ask("pb") == littleEndian(32, 4));
    const std::string all = bench.ask("g");
    CHECK(bench.ask("G" + std::string(168, '0') + littleEndian(24, 4)) == "E01");
    CHECK(bench.ask("g") == all);
}

TEST_CASE("Memory is read up to the edges of regions and never beyond") {
    Stopped bench;
    CHECK(bench.ask("m0,8") == "b706000007000000");
    CHECK(bench.ask("m2c,10") == "00000000"); // the text's last four bytes
    CHECK(bench.ask("m30,1") == "E0e");
    CHECK(bench.ask("m100001ff,1") == "00"); // the stack's last byte
    CHECK(bench.ask("m100001ff,100") == "00");
    CHECK(bench.ask("m10000200,1") == "E0e");
    CHECK(bench.ask("mfffffff,2") == "E0e");
    CHECK(bench.ask("m20000000,1") == "E0e"); // no read-only data
    CHECK(bench.ask("mf0000000,1") == "E0e");
    CHECK(bench.ask("m50000000,ffffffff").size() == 320); // the request's buffer, as much as a packet takes
    CHECK(bench.ask("m60000000,1").size() == 2);
}

TEST_CASE("Memory is written where the script may write, all or nothing") {
    Stopped bench;
    CHECK(bench.ask("M100001f8,2:abcd") == "OK");
    CHECK(bench.ask("m100001f8,3") == "abcd00");
    CHECK(bench.ask(std::string("X100001f9,2:}\x03z", 15)) == "OK");
    CHECK(bench.ask("m100001f8,3") == "ab237a");
    CHECK(bench.ask("X100001f8,0:") == "OK");
    CHECK(bench.ask("M100001ff,2:0102") == "E0e");
    CHECK(bench.ask("m100001ff,1") == "00");
    CHECK(bench.ask("M0,1:00") == "E0e");
    CHECK(bench.ask("M60000000,1:00") == "E0e"); // a granted region that is read-only
    CHECK(bench.ask("Mffffffff,2:0102") == "E0e");
}

TEST_CASE("Breakpoints must be at the start of an instruction and are limited in number") {
    Stopped bench;
    CHECK(bench.ask("Z0,18,0") == "E0e"); // in the middle of lddw
    CHECK(bench.ask("Z0,c,0") == "E0e");
    CHECK(bench.ask("Z0,30,0") == "E0e");
    CHECK(bench.ask("Z1,10,0") == "OK");
    CHECK(bench.ask("Z1,10,0") == "OK");
    for (int i = 0; i < 6; ++i) {
        CHECK(bench.ask("Z2,1000000" + std::to_string(i) + ",40") == "OK");
    }
    CHECK(bench.ask("Z0,0,0") == "E1c");
    CHECK(bench.ask("z2,10000000,40") == "OK");
    CHECK(bench.ask("z2,10000000,40") == "OK");
    CHECK(bench.ask("Z0,0,0") == "OK");
}

TEST_CASE("The image, regions, target and memory map are described") {
    Stopped bench;
    CHECK(bench.ask("qRbpfImage").substr(32) == ",0,200,0,0");
    CHECK(bench.ask("qRbpfRegions") == "1,200,3;4,18,3;5,100,3;6,10,1");
    CHECK(bench.ask("qRbpfFrames").empty());
    std::string xml, map, part;
    for (std::size_t at = 0; part.empty() || part[0] == 'm'; at = xml.size()) {
        char request[80];
        std::snprintf(request, sizeof request, "qXfer:features:read:target.xml:%zx,10", at);
        part = bench.ask(request);
        xml += part.substr(1);
    }
    CHECK(xml == "<target version=\"1.0\"><architecture>bpf</architecture></target>");
    part.clear();
    for (std::size_t at = 0; part.empty() || part[0] == 'm'; at = map.size()) {
        char request[80];
        std::snprintf(request, sizeof request, "qXfer:memory-map:read::%zx,fff", at);
        part = bench.ask(request);
        map += part.substr(1);
    }
    CHECK(map.find("type=\"rom\" start=\"0\" length=\"0x00000030\"") != std::string::npos);
    CHECK(map.find("</memory-map>") != std::string::npos);
}

TEST_CASE("Threads are containers") {
    Stopped bench;
    CHECK(bench.ask("qfThreadInfo") == "m1");
    CHECK(bench.ask("qsThreadInfo") == "l");
    CHECK(bench.ask("qC") == "QC1");
    CHECK(bench.ask("Hg0") == "OK");
    CHECK(bench.ask("Hc-1") == "OK");
    CHECK(bench.ask("T1") == "OK");
    CHECK(bench.ask("Hg2") == "E01");
}

TEST_CASE("A second debugger is told that the seat is held, until the first is silent for long") {
    DebugBench bench;
    REQUIRE(bench.ask("qSupported:rbpf-session=1").find("PacketSize") == 0);
    CHECK(bench.ask("qSupported:rbpf-session=2") == "E.held");
    CHECK(bench.ask("qSupported:xmlRegisters=i386") == "E.held");
    CHECK(bench.ask("qSupported:rbpf-session=1").find("PacketSize") == 0);
    bench.wait(RBPF_SEAT_MS - 1);
    bench.send("+");
    bench.wait(RBPF_SEAT_MS - 1);
    CHECK(bench.ask("qSupported:rbpf-session=2") == "E.held");
    bench.wait(1);
    CHECK(bench.ask("qSupported:rbpf-session=2").find("PacketSize") == 0);
}

TEST_CASE("Taking the seat keeps the container halted, forgets breakpoints and tells the old holder") {
    Stopped bench;
    bench.ask("qSupported:rbpf-session=1");
    bench.ask("Z0,8,0");
    bench.notes();
    CHECK(bench.ask("vRbpfTake:2") == "OK");
    CHECK(bench.notes() == std::vector<std::string>{"%Taken:2"});
    CHECK(bench.ask("qSupported:rbpf-session=1") == "E.held");
    const Halt halt = bench.stop(bench.ask("?"));
    CHECK(halt.pc() == 8);
    CHECK(bench.ask("Pb=" + littleEndian(0, 4)) == "OK");
    CHECK(bench.ask("c") == "none"); // over the address where the breakpoint was
    CHECK(bench.notes().size() == 1);
}

TEST_CASE("Leaving frees the seat") {
    DebugBench bench;
    bench.ask("qSupported:rbpf-session=1");
    CHECK(bench.ask(GENERATE("D", "k")) == "OK");
    CHECK(bench.ask("qSupported:rbpf-session=2").find("PacketSize") == 0);
}

TEST_CASE("A person's commands behind monitor are answered in words") {
    Stopped bench;
    const std::string status = bench.ask("qRcmd," + toHex("status"));
    CHECK(status == toHex("slot 0: halted, in a run after 1 instructions; stops on fault\n"));
    CHECK(bench.ask("qRcmd," + toHex("stop entry exit")) == "OK");
    CHECK(bench.ask("qRcmd," + toHex("status")).find(toHex(" stops on entry exit\n")) != std::string::npos);
    CHECK(bench.ask("qRcmd," + toHex("hold 500 abort")) == "OK");
    for (const char* bad : {"help", "stop nowhere", "hold", "hold 5 x", "hold 99999999999", ""}) {
        CHECK(bench.ask("qRcmd," + toHex(bad)).find(toHex("status\nstop")) == 0);
    }
}
