// SPDX-License-Identifier: GPL-3.0-or-later
#include <random>

#include <catch2/catch.hpp>

#include "debugger/rsp/packets.hpp"

using namespace rbpf;
using namespace rbpf::rsp;

namespace {

std::string stopPayload() {
    std::string text = "T05thread:3;";
    const char* const names[] = {"00", "01", "02", "03", "04", "05", "06", "07", "08", "09"};
    for (const char* name : names) {
        text += std::string(name) + ":0" + name[1] + "00000000000080;";
    }
    return text + "0a:00020010;0b:18000000;";
}

} // namespace

TEST_CASE("a stop reply gives registers, slot and the vendor's part in any order") {
    const std::string vendor = "rbpf:6,1f4,b,10000200;";
    for (const std::string& text : {stopPayload() + vendor, "T05" + vendor + stopPayload().substr(3)}) {
        const auto stop = parseStop(text);
        REQUIRE(stop);
        CHECK(stop->cause == RBPF_CAUSE_FAULT);
        CHECK(stop->slot == 2);
        CHECK(stop->reg[7] == 0x8000000000000007);
        CHECK(stop->reg[10] == 0x10000200);
        CHECK(stop->reg[kRegisterPc] == 0x18);
        CHECK(stop->instructions == 500);
        CHECK(stop->status == -11);
        CHECK(stop->detail == 0x10000200);
        CHECK_FALSE(stop->watched);
    }
}

TEST_CASE("a watchpoint's stop names kind and address, and GDB gets it without the vendor's part") {
    const auto stop = parseStop(stopPayload() + "rwatch:10000010;rbpf:4,7,0,0;");
    REQUIRE(stop);
    REQUIRE(stop->watched);
    CHECK(stop->watched->point == Point::Read);
    CHECK(stop->watched->address == 0x10000010);
    const std::string text = gdbStopText(*stop);
    CHECK(text.find("rbpf") == std::string::npos);
    CHECK(text.find("0b:18000000;") != std::string::npos);
    CHECK(text.find("rwatch:10000010;") != std::string::npos);
    CHECK(parseStop(text)->reg == stop->reg);
}

TEST_CASE("a stop reply without all registers, cut off, or of nonsense is an error") {
    const std::string whole = stopPayload();
    for (std::size_t size = 0; size < whole.size() - 1; ++size) {
        CHECK_FALSE(parseStop(whole.substr(0, size)));
    }
    CHECK_FALSE(parseStop(whole + "rbpf:6,1,0;"));
    CHECK_FALSE(parseStop(whole + "rbpf:ff,1,0,0;"));
    CHECK_FALSE(parseStop(whole + "00:xyz;"));
    CHECK_FALSE(parseStop(whole + "thread:0;"));
}

TEST_CASE("registers as GDB has them: r10 and pc are four bytes") {
    Registers registers{};
    for (std::size_t i = 0; i < registers.size(); ++i) {
        registers[i] = i < 10 ? 0x1122334455667700 + i : 0x10000000 + i;
    }
    const std::string text = registersText(registers);
    CHECK(text.size() == 2 * 88);
    CHECK(parseRegisters(text) == registers);
    CHECK_FALSE(parseRegisters(text.substr(2)));
    CHECK_FALSE(parseRegisters(text + "00"));
}

TEST_CASE("requests are what the protocol says") {
    CHECK(setPointRequest(true, Point::Write, 0x10000010, 8) == "Z2,10000010,8");
    CHECK(setPointRequest(false, Point::Breakpoint, 0x18, 0) == "z0,18,0");
    CHECK(readMemoryRequest(0x20000000, 31) == "m20000000,1f");
    const std::vector<std::uint8_t> bytes{0xde, 0xad};
    CHECK(writeMemoryRequest(0x30000004, bytes) == "M30000004,2:dead");
    CHECK(setRegisterRequest(3, 0x0102) == "P3=0201000000000000");
    CHECK(setRegisterRequest(kRegisterPc, 0x18) == "Pb=18000000");
    const std::vector<std::uint32_t> bindings{0x20, 0x21}, keys{7};
    CHECK(stopOnRequest(0x1a, bindings, keys) == "QRbpfStop:1a;b20,21;k7");
    CHECK(monitorRequest("hi") == "qRcmd,6869");
}

TEST_CASE("refusals become sentences") {
    CHECK_FALSE(parseOk("E01"));
    CHECK(parseOk("E.held").error().message.find("another debugger") != std::string::npos);
    CHECK(parseOk("E.no such slot").error().message.find("no such slot") != std::string::npos);
    CHECK(parseOk("").error().message.find("does not know") != std::string::npos);
    CHECK_FALSE(parseOk("OKAY"));
    CHECK(parseOk("OK"));
}

TEST_CASE("image, frames and regions") {
    const auto image = parseImage("000102030405060708090a0b0c0d0e0f,1,200,10,f4240");
    REQUIRE(image);
    CHECK(image->buildId[15] == 15);
    CHECK(image->slot == 1);
    CHECK(image->stackBytes == 512);
    CHECK(image->budget == 1000000);
    CHECK_FALSE(parseImage("0001,1,200,10,0"));
    CHECK_FALSE(parseImage("000102030405060708090a0b0c0d0e0f,1,200,10"));

    bool more = true;
    CHECK(parseFrames("", more)->empty());
    CHECK_FALSE(more);
    const auto frames = parseFrames("18,10000200,1,2,3,4;20,100001f0,5,6,7,ffffffffffffffff;", more);
    REQUIRE(frames);
    CHECK(more);
    REQUIRE(frames->size() == 2);
    CHECK((*frames)[1].framePointer == 0x100001f0);
    CHECK((*frames)[1].saved[3] == 0xffffffffffffffff);
    CHECK_FALSE(parseFrames("18,10000200,1,2,3", more));

    const auto regions = parseRegions("1,200,3;2,10,1;5,80,3");
    REQUIRE(regions);
    REQUIRE(regions->size() == 3);
    CHECK((*regions)[2].index == 5);
    CHECK_FALSE(parseRegions("1,200"));
    CHECK_FALSE(parseRegions("63,200,3"));
}

TEST_CASE("every notification has its type") {
    const auto start = parseNotification("%Start:7,18,40000000,20,10000200");
    REQUIRE(start);
    CHECK(std::get<RunStart>(*start).r10 == 0x10000200);
    const auto memory = parseNotification(std::string("%Memory:30000000,a,}\x03}]", 23));
    REQUIRE(memory);
    CHECK(std::get<RunMemory>(*memory).bytes == std::vector<std::uint8_t>{'a', ',', 0x23, '}'});
    CHECK(std::get<RunRegion>(*parseNotification("%Region:5,80,3")).region.size == 0x80);
    CHECK(std::get<BindingWrite>(*parseNotification("%Write:10000000,")).bytes.empty());
    CHECK(std::get<BindingCall>(*parseNotification("%Call:c,20,ffffffffffffffff")).result == ~0ULL);
    const auto end = parseNotification("%End:7,6,64,0,b,10000000");
    REQUIRE(end);
    CHECK(std::get<RunEnd>(*end).cause == RBPF_CAUSE_FAULT);
    CHECK(std::get<RunEnd>(*end).status == -11);
    CHECK(std::get<Resumed>(*parseNotification("%Resumed:1,1")).aborted);
    CHECK(std::get<Gone>(*parseNotification("%Gone:1,c")).slot == 1);
    CHECK(std::get<Taken>(*parseNotification("%Taken:deadbeef")).session == 0xdeadbeef);
    for (const char* bad : {"%", "%Start", "%Start:1,2,3,4", "%Start:1,2,3,4,5,6", "%Memory:zz,a",
                            "%Memory:1ffffffff,a", "%Write:0,}", "%Call:1,2,", "%Resumed:1,2", "%Nothing:1"}) {
        CHECK_FALSE(parseNotification(bad));
    }
}

TEST_CASE("random payloads become values or errors") {
    std::mt19937 random(1);
    const std::vector<std::string> seeds{stopPayload() + "rbpf:6,1f4,b,0;",
                                         "%Start:7,18,40000000,20,10000200",
                                         "%Memory:30000000,}",
                                         "000102030405060708090a0b0c0d0e0f,1,200,10,f4240",
                                         "18,10000200,1,2,3,4;",
                                         "PacketSize=ffffffffffffffff;x"};
    for (int i = 0; i < 20000; ++i) {
        std::string text = seeds[random() % seeds.size()];
        for (unsigned changes = random() % 4; changes > 0 && !text.empty(); --changes) {
            text[random() % text.size()] = static_cast<char>(random());
            text.resize(random() % (text.size() + 2));
        }
        bool more = false;
        (void)parseStop(text);
        (void)parseNotification(text);
        (void)parseImage(text);
        (void)parseFrames(text, more);
        (void)parseRegions(text);
        (void)parseRegisters(text);
        (void)parseHex(text);
        if (const auto features = parseFeatures(text)) {
            CHECK(features->packetBytes >= 64);
            CHECK(features->packetBytes <= 65536);
        }
    }
}
