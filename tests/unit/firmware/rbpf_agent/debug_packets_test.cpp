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

constexpr const char* kGreeting = "02000001"; // version 2, 256 bytes

} // namespace

TEST_CASE("A hello tells version and packet size; that of version 1 is not known") {
    DebugBench bench;
    bench.sendRaw(rsp::request(RBPF_DEBUG_HELLO, 0, 0x12ab));
    bench.board.settle();
    const std::string reply = bench.board.packets().at(0);
    CHECK(rsp::parseHello(reply)->packetBytes == 256);
    CHECK(bench.askRaw("qSupported:multiprocess+;swbreak+;rbpf-session=12ab") == "E01");
    CHECK(bench.ask("q3") == "E10"); // which has not moved the seat
}

TEST_CASE("Unknown and short packets get an error, each exactly one") {
    Stopped bench;
    for (const std::string& request : {std::string(), std::string("?"), std::string("m\0\0\0\0\0\0", 7),
                                       std::string("w\0\0\0\0\0\0\0", 8), std::string("vCont;c\0\0\0\0", 11)}) {
        INFO(toHex(request));
        CHECK(bench.askRaw(request) == "E01");
    }
    CHECK(bench.ask("A4") == "E02");
    CHECK(bench.ask("A1") == "E02");
    CHECK(bench.ask("Aff") == "E02");
}

TEST_CASE("A request longer than the board takes is dropped and the next one answered") {
    Stopped bench;
    CHECK(bench.askRaw("m" + std::string(3000, '0')) == "none");
    CHECK(bench.ask("p6") == littleEndian(7));
}

TEST_CASE("Without a container what needs one is refused") {
    DebugBench bench;
    for (const char* request : {"?", "p0", "m0,1", "Z0,0,0", "c", "s", "M0:00", "Pb=0", "\x03"}) {
        INFO(request);
        CHECK(bench.ask(request) == "E02");
    }
    CHECK(bench.ask("D") == "OK");
    CHECK(bench.ask("k") == "OK");
}

TEST_CASE("Registers are read and written by their place") {
    Stopped bench;
    REQUIRE(bench.halt.came);
    CHECK(bench.halt.reg[6] == 7);
    CHECK(bench.ask("pa") == littleEndian(RBPF_ADDRESS(RBPF_REGION_STACK, 512)));
    CHECK(bench.ask("P6=" + littleEndian(0xfedcba9876543210)) == "OK");
    CHECK(bench.ask("p6") == littleEndian(0xfedcba9876543210));
    CHECK(bench.stop(bench.ask("?")).reg[6] == 0xfedcba9876543210);
    CHECK(bench.ask("Pa=" + littleEndian(1) + "00") == "E0e"); // what lies behind them is not theirs
    CHECK(bench.area(RBPF_AREA_REGISTERS).size() == 88);
}

TEST_CASE("The pc can be set to the start of an instruction and to nothing else") {
    Stopped bench;
    for (const char* pc : {"4", "18", "30", "fffffff8", "10000000"}) {
        INFO(pc);
        CHECK(bench.ask(std::string("Pb=") + pc) == "E0e");
    }
    CHECK(bench.stop(bench.ask("?")).pc() == 8);
    CHECK(bench.ask("Pb=20") == "OK");
    CHECK(bench.stop(bench.ask("?")).pc() == 32);
}

TEST_CASE("Memory is read up to the edges of regions and never beyond") {
    Stopped bench;
    CHECK(bench.ask("m0,8") == "b706000007000000");
    CHECK(bench.ask("m2c,10") == "00000000"); // the text's last four bytes
    CHECK(bench.ask("m30,1") == "OK");        // no byte
    CHECK(bench.ask("m100001ff,1") == "00");  // the stack's last byte
    CHECK(bench.ask("m100001ff,100") == "00");
    CHECK(bench.ask("m10000200,1") == "OK");
    CHECK(bench.ask("mfffffff,2") == "OK");
    CHECK(bench.ask("m20000000,1") == "OK"); // no read-only data
    CHECK(bench.ask("mf0000000,1") == "OK");
    CHECK(bench.ask("m50000000,ffff").size() == 2 * 252); // the request's buffer, as much as a packet takes
    CHECK(bench.ask("m60000000,1").size() == 2);
}

TEST_CASE("Memory is written where the script may write, all or nothing") {
    Stopped bench;
    CHECK(bench.ask("M100001f8:abcd") == "OK");
    CHECK(bench.ask("m100001f8,3") == "abcd00");
    CHECK(bench.ask("M100001f8:") == "OK");
    CHECK(bench.ask("M100001ff:0102") == "E0e");
    CHECK(bench.ask("m100001ff,1") == "00");
    CHECK(bench.ask("M0:00") == "E0e");
    CHECK(bench.ask("M60000000:00") == "E0e"); // a granted region that is read-only
    CHECK(bench.ask("Mffffffff:0102") == "E0e");
}

TEST_CASE("The table of points has its end, and a write that ends before it shortens what is used") {
    Stopped bench;
    const std::vector<rbpf_debug_point_t> points(9, rbpf_debug_point_t{RBPF_ADDRESS(RBPF_REGION_STACK, 0), 1, 1, 0});
    const auto put = [&bench, &points](unsigned from, unsigned count) {
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(points.data());
        return bench.askRaw(rsp::request(RBPF_DEBUG_WRITE, RBPF_AREA_POINTS, 8 * from, 0, {bytes, 8 * count}));
    };
    CHECK(put(0, 8) == "OK");
    CHECK(put(0, 9) == "E0e");
    CHECK(put(8, 1) == "E0e");
    CHECK(put(0x1fffffff, 1) == "E0e");
    CHECK(put(8, 0) == "OK");
    CHECK(put(0x1fffffff, 0) == "OK"); // behind all: as many as there are
    CHECK(put(1, 0) == "OK");
    CHECK(bench.area(RBPF_AREA_POINTS).size() == 64);
}

TEST_CASE("Image, frames, regions and settings are areas; what is none has nothing and takes nothing") {
    Stopped bench;
    const auto image = rsp::parseImage(bench.area(RBPF_AREA_IMAGE));
    REQUIRE(image);
    CHECK(image->stackBytes == 512);
    CHECK(bench.area(RBPF_AREA_FRAMES).empty());
    CHECK(bench.area(RBPF_AREA_SETTINGS).size() == sizeof(rbpf_debug_settings_t));
    std::vector<std::string> regions;
    auto bytes = bench.area(RBPF_AREA_REGIONS); // as much as a packet carries, which on a 64-bit machine is not all
    bytes.resize(16 * 3 * sizeof(void*));
    const auto found = rsp::parseRegions(bytes);
    REQUIRE(found);
    for (const rsp::RegionInfo& region : *found) {
        char text[32];
        std::snprintf(text, sizeof text, "%d,%x,%d", region.index, static_cast<unsigned>(region.size), region.access);
        regions.emplace_back(text);
    }
    CHECK(regions == std::vector<std::string>{"1,200,3", "4,18,3", "5,100,3", "6,10,1"});
    for (unsigned area : {1u, 2u, 3u, 7u, 255u}) {
        const std::uint8_t byte[] = {0xE7};
        INFO(area);
        CHECK(bench.askRaw(rsp::request(RBPF_DEBUG_WRITE, area, 0, 0, byte)) == "E0e");
    }
}

TEST_CASE("A second debugger is told that the seat is held, until the first is silent for long") {
    DebugBench bench;
    REQUIRE(bench.ask("q1") == kGreeting);
    CHECK(bench.ask("q2") == "E10");
    CHECK(bench.ask("q1") == kGreeting);
    bench.wait(RBPF_SEAT_MS - 1);
    bench.send("+");
    bench.wait(RBPF_SEAT_MS - 1);
    CHECK(bench.ask("q2") == "E10");
    bench.wait(1);
    CHECK(bench.ask("q2") == kGreeting);
}

TEST_CASE("Taking the seat keeps the container halted, forgets breakpoints and tells the old holder") {
    Stopped bench;
    bench.ask("q1");
    bench.ask("Z0,8,0");
    bench.notes();
    CHECK(bench.ask("q!2") == kGreeting);
    CHECK(bench.notes() == std::vector<std::string>{"%Taken:2"});
    CHECK(bench.ask("q1") == "E10");
    const Halt halt = bench.stop(bench.ask("?"));
    CHECK(halt.pc() == 8);
    CHECK(bench.ask("Pb=0") == "OK");
    CHECK(bench.ask("c") == "none"); // over the address where the breakpoint was
    CHECK(bench.notes().size() == 1);
}

TEST_CASE("Leaving frees the seat") {
    DebugBench bench;
    bench.ask("q1");
    CHECK(bench.ask(GENERATE("D", "k")) == "OK");
    CHECK(bench.ask("q2") == kGreeting);
}
