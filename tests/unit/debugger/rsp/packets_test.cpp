// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>
#include <random>

#include <catch2/catch.hpp>

#include <rbpf/image.h>

#include "debugger/rsp/packets.hpp"
#include "tests/unit/debugger/rsp/scripted_board.hpp"

using namespace rbpf;
using namespace rbpf::rsp;
using test::payloadOf;

namespace {

rbpf_debug_state_t someState(unsigned tell) {
    rbpf_debug_state_t state{};
    state.tell = static_cast<std::uint8_t>(tell);
    state.slot = 2;
    state.run = 7;
    state.pc = 0x18;
    state.instructions = 500;
    for (unsigned i = 0; i < 11; ++i) {
        state.reg[i] = 0x8000000000000000 + i;
    }
    return state;
}

template <typename Kind>
Kind only(const support::Result<std::vector<Event>>& told) {
    REQUIRE(told);
    REQUIRE(told->size() == 1);
    return std::get<Kind>(told->front());
}

} // namespace

TEST_CASE("a stop gives registers, slot, cause and what goes with it") {
    auto state = someState(RBPF_TELL_STOP);
    state.cause = RBPF_CAUSE_FAULT;
    state.status = 11;
    state.detail = 0x10000200;
    const auto stop = parseStop(payloadOf(state));
    REQUIRE(stop);
    CHECK(stop->cause == RBPF_CAUSE_FAULT);
    CHECK(stop->signal == 11);
    CHECK(stop->slot == 2);
    CHECK(stop->reg[7] == 0x8000000000000007);
    CHECK(stop->reg[kRegisterPc] == 0x18);
    CHECK(stop->instructions == 500);
    CHECK(stop->status == -11);
    CHECK(stop->detail == 0x10000200);
    CHECK_FALSE(stop->watched);

    state.cause = RBPF_CAUSE_STEP; // the rest is left over from another stop
    const auto step = parseStop(payloadOf(state));
    REQUIRE(step);
    CHECK(step->status == 0);
    CHECK(step->detail == 0);
}

TEST_CASE("a watchpoint's stop names kind and address, to GDB as well") {
    auto state = someState(RBPF_TELL_STOP);
    state.cause = RBPF_CAUSE_WATCHPOINT;
    state.detail = 0x10000010;
    const std::pair<unsigned, Point> kinds[] = {{RBPF_POINT_READ, Point::Read},
                                                {RBPF_POINT_WRITE, Point::Write},
                                                {RBPF_POINT_READ | RBPF_POINT_WRITE, Point::Access}};
    for (const auto& [mode, point] : kinds) {
        state.mode = static_cast<std::uint8_t>(mode);
        const auto stop = parseStop(payloadOf(state));
        REQUIRE(stop);
        REQUIRE(stop->watched);
        CHECK(stop->watched->point == point);
        CHECK(stop->watched->address == 0x10000010);
    }
    state.mode = RBPF_POINT_READ;
    const std::string text = gdbStopText(*parseStop(payloadOf(state)));
    CHECK(text.starts_with("T05"));
    CHECK(text.find("0b:18000000;") != std::string::npos);
    CHECK(text.find("07:0700000000000080;") != std::string::npos);
    CHECK(text.find("thread:3;") != std::string::npos);
    CHECK(text.find("rwatch:10000010;") != std::string::npos);
}

TEST_CASE("a stop that is cut off, too long or of an unknown cause is an error, and so is a refusal in its place") {
    auto state = someState(RBPF_TELL_STOP);
    const std::string whole = payloadOf(state);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CHECK_FALSE(parseStop(whole.substr(0, size)));
    }
    CHECK_FALSE(parseStop(whole + "x"));
    state.cause = 11;
    CHECK_FALSE(parseStop(payloadOf(state)));
    CHECK(parseStop(test::replyTo('A', RBPF_VERDICT_STATE)).error().message.find("no script") != std::string::npos);
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

TEST_CASE("requests are what the protocol says, byte by byte") {
    using namespace std::string_literals;
    const std::vector<std::uint8_t> bytes{0xde, 0xad};
    CHECK(request(RBPF_DEBUG_READ, RBPF_AREA_MEMORY, 0x20000010, 31) == "m\x00\x1f\x00\x10\x00\x00\x20"s);
    CHECK(request(RBPF_DEBUG_WRITE, RBPF_AREA_POINTS, 8, 0, bytes) == "X\x06\x00\x00\x08\x00\x00\x00\xde\xad"s);
    CHECK(request(RBPF_DEBUG_HELLO, 1, 0x01020304) == "q\x01\x00\x00\x04\x03\x02\x01"s);
    CHECK(boardPoint(Point::Breakpoint, 24, 0).size == 1);
    CHECK(boardPoint(Point::Breakpoint, 24, 0).mode == RBPF_POINT_BREAK);
    CHECK(boardPoint(Point::Access, 24, 8).mode == (RBPF_POINT_READ | RBPF_POINT_WRITE));
    CHECK(boardPoint(Point::Write, 24, 8).size == 8);
}

TEST_CASE("refusals become sentences") {
    CHECK(parseReply(test::replyTo('X', RBPF_VERDICT_OK)).value().empty());
    CHECK(parseReply(test::replyTo('m', RBPF_VERDICT_OK, "hi")).value() == std::vector<std::uint8_t>{'h', 'i'});
    CHECK(parseReply(test::replyTo('q', RBPF_VERDICT_HELD)).error().message.find("another debugger") !=
          std::string::npos);
    CHECK(parseReply(test::replyTo('w', RBPF_VERDICT_UNKNOWN)).error().message.find("does not know") !=
          std::string::npos);
    CHECK(parseReply(test::replyTo('X', RBPF_VERDICT_ADDRESS)).error().message.find("outside") != std::string::npos);
    CHECK(parseReply(test::replyTo('X', 77)).error().message.find("77") != std::string::npos);
    CHECK_FALSE(parseReply("X"));
}

TEST_CASE("a hello of another version is named with both versions") {
    rbpf_debug_hello_t hello{{'q', RBPF_VERDICT_OK, 0, 0}, RBPF_DEBUG_VERSION, 256};
    CHECK(parseHello(payloadOf(hello))->packetBytes == 256);
    CHECK(parseHello(payloadOf(hello))->readBytes() == 252);
    hello.version = 9;
    CHECK(parseHello(payloadOf(hello)).error().message.find("version 9 of the debug protocol") != std::string::npos);
    const auto old = parseHello(""); // what version 1 says to what it does not know
    CHECK(old.error().message.find("version 1 of the debug protocol") != std::string::npos);
    CHECK(old.error().hint.find("firmware") != std::string::npos);
    hello.version = RBPF_DEBUG_VERSION;
    hello.packetBytes = 10;
    CHECK_FALSE(parseHello(payloadOf(hello)));
}

TEST_CASE("image, frames and regions") {
    rbpf_image_header_t header{};
    header.magic = RBPF_IMAGE_MAGIC;
    header.buildId[15] = 15;
    header.stackBytes = 512;
    header.dataBytes = 8;
    header.bssBytes = 16;
    header.budget = 1000000;
    const auto bytesOf = [](const auto& value) {
        const auto* first = reinterpret_cast<const std::uint8_t*>(&value);
        return std::vector<std::uint8_t>(first, first + sizeof value);
    };
    auto bytes = bytesOf(header);
    const auto image = parseImage(bytes);
    REQUIRE(image);
    CHECK(image->buildId[15] == 15);
    CHECK(image->stackBytes == 512);
    CHECK(image->dataBytes == 24);
    CHECK(image->budget == 1000000);
    bytes.pop_back();
    CHECK_FALSE(parseImage(bytes));
    CHECK_FALSE(parseImage({}));
    CHECK(parseImage(bytesOf(std::uint32_t{RBPF_FC_MAGIC}))->buildId == ImageInfo{}.buildId);

    CHECK(parseFrames({})->empty());
    const struct {
        std::uint64_t saved[4];
        std::uint32_t pc, frame;
    } both[2] = {{{5, 6, 7, 8}, 4, 0x10000200}, {{1, 2, 3, ~0ULL}, 3, 0x100001f0}};
    const auto frames = parseFrames(bytesOf(both));
    REQUIRE(frames);
    REQUIRE(frames->size() == 2);
    CHECK((*frames)[0].returnPc == 24); // innermost first
    CHECK((*frames)[0].saved[3] == ~0ULL);
    CHECK((*frames)[1].framePointer == 0x10000200);
    CHECK_FALSE(parseFrames(std::vector<std::uint8_t>(41)));

    for (const std::size_t address : {4, 8}) { // of boards of 32 and 64 bits
        std::vector<std::uint8_t> table(16 * 3 * address);
        table[1 * 3 * address + 1] = 2;
        table[1 * 3 * address + 2 * address + 1] = 2;
        table[6 * 3 * address] = 16;
        table[address] = 0x77; // an address
        const auto regions = parseRegions(table);
        REQUIRE(regions);
        REQUIRE(regions->size() == 2);
        CHECK((*regions)[0].index == 1);
        CHECK((*regions)[0].size == 512);
        CHECK((*regions)[0].access == 3);
        CHECK((*regions)[1].index == 6);
        CHECK((*regions)[1].access == 1);
        table.pop_back();
        CHECK_FALSE(parseRegions(table));
    }
}

TEST_CASE("everything that is told has its type") {
    CHECK(only<RunStart>(parseTold(payloadOf(someState(RBPF_TELL_START)))).r10 == 0x800000000000000a);
    const auto call =
        only<BindingCall>(parseTold(payloadOf(someState(RBPF_TELL_CALL)).substr(0, RBPF_STATE_SHORT_BYTES)));
    CHECK(call.step == 499);
    CHECK(call.result == 0x8000000000000000);
    auto end = someState(RBPF_TELL_END);
    end.cause = RBPF_CAUSE_FAULT;
    end.status = 11;
    const std::string endText = payloadOf(end).substr(0, RBPF_STATE_SHORT_BYTES);
    CHECK(only<RunEnd>(parseTold(endText)).status == -11);
    const auto head = [](unsigned tell) { return payloadOf(someState(tell)).substr(0, RBPF_STATE_HEAD_BYTES); };
    CHECK(only<Resumed>(parseTold(head(RBPF_TELL_RESUMED))).slot == 2);
    CHECK(only<Gone>(parseTold(head(RBPF_TELL_GONE))).slot == 2);
    auto taken = someState(RBPF_TELL_TAKEN);
    taken.detail = 0xdeadbeef;
    CHECK(only<Taken>(parseTold(payloadOf(taken).substr(0, RBPF_STATE_HEAD_BYTES))).session == 0xdeadbeef);

    rbpf_debug_piece_t piece{RBPF_TELL_WROTE, 1, 0, 0x10000010, 2};
    CHECK(only<BindingWrite>(parseTold(payloadOf(piece) + "hi")).bytes == std::vector<std::uint8_t>{'h', 'i'});
    piece.tell = RBPF_TELL_MEMORY;
    CHECK(only<RunMemory>(parseTold(payloadOf(piece) + "hi")).address == 0x10000010);
    piece = {RBPF_TELL_MEMORY, 0, 0, 0x50000000, 256}; // the first piece of a region tells of the region
    const auto both = parseTold(payloadOf(piece) + std::string(96, 'x'));
    REQUIRE(both);
    REQUIRE(both->size() == 2);
    CHECK(std::get<RunRegion>((*both)[0]).region.size == 256);
    CHECK(std::get<RunRegion>((*both)[0]).region.access == 1);
    CHECK(parseTold(payloadOf(piece).replace(4, 4, std::string("\x60\0\0\x50", 4)))->empty()); // behind the last byte

    CHECK_FALSE(parseTold(payloadOf(piece) + std::string(97, 'x')));
    CHECK_FALSE(parseTold(payloadOf(piece).substr(1)));
    CHECK_FALSE(parseTold(""));
    CHECK_FALSE(parseTold(payloadOf(someState(RBPF_TELL_START)).substr(1)));
    CHECK_FALSE(parseTold(endText + "x"));
    end.cause = RBPF_CAUSE_STEP;
    CHECK_FALSE(parseTold(payloadOf(end).substr(0, RBPF_STATE_SHORT_BYTES)));
    CHECK_FALSE(parseTold(payloadOf(someState(RBPF_TELL_STOP))));
}

TEST_CASE("damaged payloads and noise become values or errors") {
    std::mt19937 random(7);
    rbpf_debug_piece_t piece{RBPF_TELL_MEMORY, 1, 0, 0x50000000, 2};
    const std::vector<std::string> seeds{payloadOf(someState(RBPF_TELL_STOP)),
                                         payloadOf(someState(RBPF_TELL_END)).substr(0, RBPF_STATE_SHORT_BYTES),
                                         payloadOf(piece) + "hi",
                                         test::greeting(256),
                                         test::replyTo('m', RBPF_VERDICT_OK, "abc"),
                                         std::string(80, 'x')};
    for (int round = 0; round < 20000; ++round) {
        std::string text = seeds[random() % seeds.size()];
        for (unsigned changes = random() % 4; changes > 0 && !text.empty(); --changes) {
            text[random() % text.size()] = static_cast<char>(random());
            text.resize(random() % (text.size() + 2));
        }
        const std::vector<std::uint8_t> bytes(text.begin(), text.end());
        (void)parseStop(text);
        (void)parseReply(text);
        (void)parseImage(bytes);
        (void)parseFrames(bytes);
        (void)parseRegions(bytes);
        (void)parseRegisters(text);
        if (const auto features = parseHello(text)) {
            CHECK(features->packetBytes >= sizeof(rbpf_debug_state_t));
        }
        if (const auto told = parseTold(text)) {
            CHECK(told->size() <= 2);
        }
    }
}
