// SPDX-License-Identifier: GPL-3.0-or-later
// Typed requests: what a board tells arrives in the right fields, and nonsense arrives as an Error.
#include <catch2/catch.hpp>

#include <random>

#include <rbpf/status.h>
#include <rbpf/wire.h>

#include "debugger/link/board_client.hpp"
#include "rbpf_wire/cbor.hpp"
#include "tests/fakes/fake_line.hpp"

using namespace rbpf;
using namespace rbpf::link;
using namespace rbpf::test;
using namespace std::chrono_literals;
using support::ErrorKind;

namespace {

template <typename Write>
Buffer cbor(Write write) {
    Buffer bytes(4096);
    wire::CborWriter writer(bytes.data(), bytes.size());
    write(writer);
    bytes.resize(writer.size());
    return bytes;
}

void writeInfo(wire::CborWriter& w) {
    w.map(5);
    w.text(RBPF_KEY_PROTOCOL);
    w.uint(1);
    w.text(RBPF_KEY_FIRMWARE);
    w.text("0.1.0");
    w.text(RBPF_KEY_BINDINGS);
    const std::uint8_t ids[] = {0x01, 0x00, 0x72, 0x00};
    w.bytes({ids, sizeof ids});
    w.text(RBPF_KEY_SLOTS);
    w.uint(4);
    w.text(RBPF_KEY_CAPABILITIES);
    w.array(2);
    w.text("debug");
    w.text("udp");
}

void writeSlots(wire::CborWriter& w) {
    w.array(1);
    w.map(4);
    w.text(RBPF_KEY_SLOT);
    w.uint(2);
    w.text(RBPF_KEY_STATE);
    w.text("ready");
    w.text(RBPF_KEY_NAME);
    w.text("thermostat");
    w.text(RBPF_KEY_ENTRIES);
    w.array(1);
    w.map(2);
    w.text(RBPF_KEY_NAME);
    w.text("main");
    w.text(RBPF_KEY_TRIGGER);
    w.text("timer/1000");
}

void writeRun(wire::CborWriter& w) {
    w.map(6);
    w.text(RBPF_KEY_HALT);
    w.uint(1);
    w.text(RBPF_KEY_RESULT);
    w.integer(-160);
    w.text(RBPF_KEY_INSTRUCTIONS);
    w.uint(41);
    w.text(RBPF_KEY_STATUS);
    w.integer(RBPF_STATUS_WRITE_FAULT);
    w.text(RBPF_KEY_INDEX);
    w.uint(12);
    w.text(RBPF_KEY_CONTEXT);
    const std::uint8_t context[] = {9, 8};
    w.bytes({context, sizeof context});
}

void writeStats(wire::CborWriter& w) {
    w.map(3);
    w.text(RBPF_KEY_RUNS);
    w.uint(1ull << 40);
    w.text(RBPF_KEY_FAULTS);
    w.uint(1);
    w.text(RBPF_KEY_LAST);
    w.map(3);
    w.text(RBPF_KEY_SLOT);
    w.uint(3);
    w.text(RBPF_KEY_STATUS);
    w.integer(RBPF_STATUS_READ_FAULT);
    w.text(RBPF_KEY_DETAIL);
    w.uint(0x20000004);
}

void writeStore(wire::CborWriter& w) {
    w.map(2);
    w.uint(1);
    w.uint(100);
    w.uint(0xFFFFFFFF);
    w.uint(7);
}

struct Bench {
    FakeBoard board;
    FakeLine line;
    BoardClient client;
    explicit Bench(Mischief mischief = {})
        : line(board, std::move(mischief)), client(std::make_unique<BorrowedLine>(line), CoapTiming{20ms, 1.5, 6}) {}

    /// Answers every POST at `path` with `payload`.
    void answerPost(const std::string& path, const Buffer& payload) {
        board.setOverride(
            [=](const wire::CoapMessage& request, const std::string& asked) -> std::optional<std::vector<Buffer>> {
                if (request.code != wire::kCoapPost || asked != path) {
                    return std::nullopt;
                }
                return std::vector<Buffer>{FakeBoard::reply(request, wire::kCoapChanged, payload)};
            });
    }
};

} // namespace

TEST_CASE("a board's description is read") {
    Bench bench;
    bench.board.content["rbpf"] = cbor(writeInfo);
    const auto info = bench.client.info();
    REQUIRE(info);
    CHECK(info->protocol == 1);
    CHECK(info->firmware == "0.1.0");
    CHECK(info->bindings == std::vector<std::uint16_t>{1, 0x72});
    CHECK(info->slots == 4);
    CHECK(info->capabilities == std::vector<std::string>{"debug", "udp"});
}

TEST_CASE("slots with their entries are read") {
    Bench bench;
    bench.board.content["rbpf/slots"] = cbor(writeSlots);
    const auto slots = bench.client.slots();
    REQUIRE(slots);
    REQUIRE(slots->size() == 1);
    CHECK(slots->front().slot == 2);
    CHECK(slots->front().state == "ready");
    CHECK(slots->front().name == "thermostat");
    REQUIRE(slots->front().entries.size() == 1);
    CHECK(slots->front().entries.front().trigger == "timer/1000");
}

TEST_CASE("an image is installed with progress, read back and removed") {
    Bench bench;
    const Buffer image(3000, 0x5A);
    Options options;
    std::size_t last = 0;
    options.progress = [&](std::size_t done, std::size_t total) {
        CHECK(total == 3000);
        CHECK(done > last);
        last = done;
    };
    REQUIRE(bench.client.install(1, image, options));
    CHECK(last == 3000);
    CHECK(bench.board.slots[1] == image);
    const auto back = bench.client.readBack(1);
    REQUIRE(back);
    CHECK(*back == image);
    REQUIRE(bench.client.remove(1));
    CHECK(bench.board.slots.empty());
}

TEST_CASE("an install on a slow line has its deadline for every block, not for the whole image") {
    FakeBoard board(128); // 64-byte blocks
    FakeLine line(board, {.late = 40ms});
    BoardClient client(std::make_unique<BorrowedLine>(line));
    const Buffer image(30 * 64, 0x5A);
    Options options;
    options.deadline = 1000ms; // less than the thirty replies take
    REQUIRE(client.install(1, image, options));
    CHECK(board.slots[1] == image);
    const auto back = client.readBack(1, options);
    REQUIRE(back);
    CHECK(*back == image);
}

TEST_CASE("an install on a line that dies in its middle ends by the deadline of its block") {
    FakeBoard board(128);
    FakeLine line(board, {.loseReply = [](unsigned reply) { return reply > 5; }});
    BoardClient client(std::make_unique<BorrowedLine>(line), CoapTiming{20ms, 1.5, 100});
    Options options;
    options.deadline = 200ms;
    const auto done = client.install(1, Buffer(30 * 64, 0x5A), options);
    REQUIRE(!done);
    CHECK(done.error().kind == ErrorKind::Link);
    CHECK(board.installs == 0);
}

TEST_CASE("a run's result, context and fault are read") {
    Bench bench;
    bench.answerPost("rbpf/slots/0/invoke", cbor(writeRun));
    const auto run = bench.client.invoke(0, "main", {1, 2});
    REQUIRE(run);
    CHECK(run->halt == 1);
    CHECK(run->result == -160);
    CHECK(run->instructions == 41);
    CHECK(run->context == std::vector<std::uint8_t>{9, 8});
    REQUIRE(run->fault);
    CHECK(run->fault->status == RBPF_STATUS_WRITE_FAULT);
    CHECK(run->fault->insnIndex == 12u);
    CHECK(!run->fault->detail);
}

TEST_CASE("an invoke names its entry and sends its context") {
    Bench bench;
    std::string entry;
    Buffer context;
    bench.board.setOverride(
        [&](const wire::CoapMessage& request, const std::string&) -> std::optional<std::vector<Buffer>> {
            wire::Bytes value;
            REQUIRE(wire::findQuery(request, "entry", value));
            entry.assign(value.data, value.data + value.size);
            context.assign(request.payload.data, request.payload.data + request.payload.size);
            return std::vector<Buffer>{FakeBoard::reply(request, wire::kCoapChanged, cbor(writeRun))};
        });
    REQUIRE(bench.client.invoke(0, "on_tick", {1, 2, 3}));
    CHECK(entry == "on_tick");
    CHECK(context == Buffer{1, 2, 3});
}

TEST_CASE("firing a trigger gives every script's run") {
    Bench bench;
    bench.answerPost("rbpf/hooks/event/button", cbor([](wire::CborWriter& w) {
                         w.array(2);
                         writeRun(w);
                         writeRun(w);
                     }));
    const auto runs = bench.client.fire("event/button", {});
    REQUIRE(runs);
    CHECK(runs->size() == 2);
}

TEST_CASE("the store is listed, read and written as numbers") {
    Bench bench;
    bench.board.content["rbpf/store/global"] = cbor(writeStore);
    bench.board.content["rbpf/store/0/5"] = cbor([](wire::CborWriter& w) { w.uint(77); });
    const auto list = bench.client.storeList("global");
    REQUIRE(list);
    CHECK(*list == std::vector<std::pair<std::uint32_t, std::uint32_t>>{{1, 100}, {0xFFFFFFFF, 7}});
    const auto value = bench.client.storeGet("0", 5);
    REQUIRE(value);
    CHECK(*value == 77);
    Buffer written;
    bench.board.setOverride(
        [&](const wire::CoapMessage& request, const std::string& path) -> std::optional<std::vector<Buffer>> {
            CHECK(request.code == wire::kCoapPut);
            CHECK(path == "rbpf/store/global/9");
            written.assign(request.payload.data, request.payload.data + request.payload.size);
            return std::vector<Buffer>{FakeBoard::reply(request, wire::kCoapChanged)};
        });
    REQUIRE(bench.client.storeSet("global", 9, 0x12345678));
    CHECK(written == Buffer{0x1A, 0x12, 0x34, 0x56, 0x78});
}

TEST_CASE("statistics with the last fault are read") {
    Bench bench;
    bench.board.content["rbpf/stats"] = cbor(writeStats);
    const auto stats = bench.client.stats();
    REQUIRE(stats);
    CHECK(stats->runs == 1ull << 40);
    REQUIRE(stats->last);
    CHECK(stats->last->slot == 3u);
    CHECK(stats->last->detail == 0x20000004u);
}

TEST_CASE("a failure that the board reports is told in words and kept in numbers") {
    Bench bench;
    bench.board.setOverride([](const wire::CoapMessage& request,
                               const std::string&) -> std::optional<std::vector<Buffer>> {
        return std::vector<Buffer>{FakeBoard::reply(request, wire::kCoapUnprocessable, cbor([](wire::CborWriter& w) {
                                                        w.map(3);
                                                        w.text(RBPF_KEY_STATUS);
                                                        w.integer(RBPF_STATUS_UNKNOWN_BINDING);
                                                        w.text(RBPF_KEY_INDEX);
                                                        w.uint(14);
                                                        w.text(RBPF_KEY_DETAIL);
                                                        w.uint(0x72);
                                                    }))};
    });
    const auto result = bench.client.install(0, {1, 2, 3});
    REQUIRE(!result);
    CHECK(result.error().kind == ErrorKind::Board);
    CHECK(result.error().message.find("bpf_gpio_write") != std::string::npos);
    REQUIRE(bench.client.lastFault());
    CHECK(bench.client.lastFault()->status == RBPF_STATUS_UNKNOWN_BINDING);
    CHECK(bench.client.lastFault()->insnIndex == 14u);
    bench.board.setOverride({});
    CHECK(bench.client.readBack(9).error().message == "the board answered 4.04 Not Found");
    CHECK(!bench.client.lastFault());
}

TEST_CASE("any resource can be asked for, with a query, and its refusal is an answer") {
    Bench bench;
    bench.board.content["a/b"] = {'h', 'i'};
    const auto good = bench.client.request(1, "/a/b?unit=c&raw=1");
    REQUIRE(good);
    CHECK(good->code == wire::kCoapContent);
    CHECK(good->payload == std::vector<std::uint8_t>{'h', 'i'});
    const auto missing = bench.client.request(1, "nothing");
    REQUIRE(missing);
    CHECK(missing->code == wire::kCoapNotFound);
}

TEST_CASE("console text that came during a request is given by the next log call") {
    Bench bench;
    bench.board.content["rbpf"] = cbor(writeInfo);
    bench.line.inject(FakeLine::framed(RBPF_FRAME_DIAGNOSTIC, {'h', 'i', '\n'}));
    REQUIRE(bench.client.info());
    CHECK(bench.client.log(0ms) == std::string("hi\n"));
    CHECK(bench.client.log(0ms) == std::string());
}

TEST_CASE("answers that are cut off or of wrong types are errors that name what is wrong") {
    struct Case {
        Buffer payload;
        const char* part;
    };
    const Case cases[] = {
        {{}, "not CBOR"},
        {{0x80}, "expected a map"},
        {cbor([](wire::CborWriter& w) { w.map(0); }), "\"protocol\" is missing"},
        {cbor([](wire::CborWriter& w) {
             w.map(1);
             w.text(RBPF_KEY_PROTOCOL);
             w.text("one");
         }),
         "\"protocol\" is not a number"},
        {cbor([](wire::CborWriter& w) {
             w.map(2);
             w.text(RBPF_KEY_PROTOCOL);
             w.uint(1);
             w.text(RBPF_KEY_CAPABILITIES);
             w.map(0);
         }),
         "\"caps\" is not a list"},
    };
    for (const Case& one : cases) {
        Bench bench;
        bench.board.content["rbpf"] = one.payload;
        const auto info = bench.client.info();
        REQUIRE(!info);
        CHECK(info.error().kind == ErrorKind::Board);
        INFO(info.error().message);
        CHECK(info.error().message.find(one.part) != std::string::npos);
    }
}

TEST_CASE("no prefix of an answer and no flipped bit of it crashes a reader") {
    struct Resource {
        const char* path;
        Buffer payload;
    };
    const Resource resources[] = {{"rbpf", cbor(writeInfo)},
                                  {"rbpf/slots", cbor(writeSlots)},
                                  {"rbpf/stats", cbor(writeStats)},
                                  {"rbpf/store/global", cbor(writeStore)}};
    const auto readAll = [](Bench& bench) {
        (void)bench.client.info();
        (void)bench.client.slots();
        (void)bench.client.stats();
        (void)bench.client.storeList("global");
    };
    for (const Resource& resource : resources) {
        for (std::size_t cut = 0; cut < resource.payload.size(); ++cut) {
            Bench bench;
            bench.board.content[resource.path] =
                Buffer(resource.payload.begin(), resource.payload.begin() + static_cast<std::ptrdiff_t>(cut));
            readAll(bench);
        }
        for (std::size_t bit = 0; bit < resource.payload.size() * 8; ++bit) {
            Bench bench;
            Buffer payload = resource.payload;
            payload[bit / 8] = static_cast<std::uint8_t>(payload[bit / 8] ^ (1u << (bit % 8)));
            bench.board.content[resource.path] = payload;
            readAll(bench);
        }
    }
    Bench bench;
    bench.board.content["rbpf/slots"] = Buffer(resources[1].payload.begin(), resources[1].payload.end() - 1);
    CHECK(!bench.client.slots());
}

TEST_CASE("a response of a class that is no response is an error") {
    Bench bench;
    bench.board.setOverride(
        [](const wire::CoapMessage& request, const std::string&) -> std::optional<std::vector<Buffer>> {
            return std::vector<Buffer>{FakeBoard::reply(request, wire::coapCode(7, 1))};
        });
    const auto result = bench.client.remove(0);
    REQUIRE(!result);
    CHECK(result.error().kind == ErrorKind::Board);
}
