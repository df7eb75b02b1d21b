// SPDX-License-Identifier: GPL-3.0-or-later
// Deploying: what cannot work is told before a byte is sent, what the board refuses is told in the caller's words.
#include <catch2/catch.hpp>

#include <rbpf/status.h>
#include <rbpf/wire.h>

#include "debugger/link/deploy.hpp"
#include "rbpf_wire/cbor.hpp"
#include "tests/fakes/fake_line.hpp"
#include "tests/fakes/image_builder.hpp"

using namespace rbpf;
using namespace rbpf::link;
using namespace rbpf::test;
using namespace std::chrono_literals;
using support::ErrorKind;

namespace {

constexpr std::uint16_t kPrintf = 0x01, kStrlen = 0x52;

/// r0 = 0; a call of bpf_printf at instruction 1; exit.
image::Image script(fakes::ImageParts parts = {}) {
    if (parts.text.empty()) {
        parts.text = fakes::program(
            {fakes::slot(0xB7, 0, 0, 0, 0), fakes::slot(0x85, 0, 0, 0, kPrintf), fakes::slot(0x95, 0, 0, 0, 0)});
    }
    auto image = image::read(fakes::buildImage(parts));
    REQUIRE(image);
    return *image;
}

template <typename Write>
Buffer cbor(Write write) {
    Buffer bytes(1024);
    wire::CborWriter writer(bytes.data(), bytes.size());
    write(writer);
    bytes.resize(writer.size());
    return bytes;
}

Buffer description(std::uint32_t protocol, std::uint8_t binding, std::uint32_t imageBytes) {
    return cbor([&](wire::CborWriter& w) {
        w.map(5);
        w.text(RBPF_KEY_PROTOCOL);
        w.uint(protocol);
        w.text(RBPF_KEY_FIRMWARE);
        w.text("0.4.1");
        w.text(RBPF_KEY_BOARD);
        w.text("fake");
        w.text(RBPF_KEY_BINDINGS);
        const std::uint8_t ids[] = {binding, 0};
        w.bytes({ids, sizeof ids});
        w.text(RBPF_KEY_TEXT);
        w.uint(imageBytes);
    });
}

Buffer slotList(const std::vector<std::pair<const char*, const char*>>& slots) {
    return cbor([&](wire::CborWriter& w) {
        w.array(slots.size());
        for (std::size_t i = 0; i < slots.size(); ++i) {
            w.map(3);
            w.text(RBPF_KEY_SLOT);
            w.uint(i);
            w.text(RBPF_KEY_STATE);
            w.text(slots[i].first);
            w.text(RBPF_KEY_NAME);
            w.text(slots[i].second);
        }
    });
}

struct Bench {
    FakeBoard board;
    FakeLine line{board};
    BoardClient client{std::make_unique<BorrowedLine>(line), CoapTiming{20ms, 1.5, 6}};

    explicit Bench(Buffer info = description(RBPF_PROTOCOL_VERSION, kPrintf, 65536)) {
        board.content["rbpf"] = std::move(info);
        board.content["rbpf/slots"] = slotList({{"ready", "other"}, {"empty", ""}, {"ready", "test"}});
    }

    support::Error failure(const image::Image& image, const DeployOptions& options = {}) {
        const auto done = deploy(client, image, options);
        REQUIRE(!done);
        CHECK(board.installs == 0);
        return done.error();
    }
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a script goes to the slot that holds the same script") {
    Bench bench;
    const image::Image image = script();
    std::size_t last = 0;
    DeployOptions options;
    options.progress = [&](std::uint32_t slot, std::size_t done, std::size_t total) {
        CHECK(slot == 2);
        CHECK(total == image.bytes.size());
        last = done;
    };
    const auto done = deploy(bench.client, image, options);
    REQUIRE(done);
    CHECK(done->slot == 2);
    CHECK(done->board.firmware == "0.4.1");
    CHECK(last == image.bytes.size());
    CHECK(bench.board.slots[2] == image.bytes);
}

TEST_CASE("a script that the board does not have goes to the first empty slot") {
    Bench bench;
    fakes::ImageParts parts;
    parts.name = "new";
    const auto done = deploy(bench.client, script(parts));
    REQUIRE(done);
    CHECK(done->slot == 1);
}

TEST_CASE("a slot that is asked for is taken, whatever it holds") {
    Bench bench;
    DeployOptions options;
    options.slot = 0;
    REQUIRE(deploy(bench.client, script(), options));
    CHECK(bench.board.slots.contains(0));
}

TEST_CASE("a slot that the board does not have is an error of the call") {
    Bench bench;
    DeployOptions options;
    options.slot = 3;
    const support::Error error = bench.failure(script(), options);
    CHECK(error.kind == ErrorKind::Usage);
    CHECK(error.message == "there is no slot 3");
    CHECK(has(error.hint, "3 slots"));
}

TEST_CASE("a board without an empty slot tells what its slots hold") {
    Bench bench;
    bench.board.content["rbpf/slots"] = slotList({{"ready", "a"}, {"faulted", "b"}});
    const support::Error error = bench.failure(script());
    CHECK(error.kind == ErrorKind::Board);
    CHECK(error.message == "every slot of the board is taken: 0 a, 1 b");
}

TEST_CASE("firmware of another protocol is refused, and the hint says which side is old") {
    Bench newer(description(RBPF_PROTOCOL_VERSION + 1, kPrintf, 65536));
    const support::Error error = newer.failure(script());
    CHECK(error.kind == ErrorKind::Board);
    CHECK(has(error.message, "firmware 0.4.1 on this fake speaks protocol"));
    CHECK(error.hint == "update rBPF Studio");
    Bench older(description(RBPF_PROTOCOL_VERSION - 1, kPrintf, 65536));
    CHECK(older.failure(script()).hint == "update the board's firmware");
}

TEST_CASE("a binding that the firmware lacks is named with the place of its call") {
    Bench bench(description(RBPF_PROTOCOL_VERSION, kStrlen, 65536));
    CHECK(bench.failure(script()).message == "firmware 0.4.1 lacks bpf_printf used at instruction 1");
    DeployOptions options;
    options.words.place = [](std::uint32_t insnIndex) { return "src/a.c:" + std::to_string(insnIndex + 10); };
    const support::Error error = bench.failure(script(), options);
    CHECK(error.kind == ErrorKind::Script);
    CHECK(error.message == "firmware 0.4.1 lacks bpf_printf used at src/a.c:11");
}

TEST_CASE("a script beyond the board's limits is refused with both figures") {
    Bench bench(description(RBPF_PROTOCOL_VERSION, kPrintf, 64));
    const image::Image image = script();
    const support::Error error = bench.failure(image);
    CHECK(error.kind == ErrorKind::Script);
    CHECK(error.message ==
          "the script's image takes " + std::to_string(image.bytes.size()) + " bytes, this fake has 64");
}

TEST_CASE("a rejection by the board is the script's fault and told in the caller's words") {
    Bench bench;
    bench.board.setOverride(
        [](const wire::CoapMessage& request, const std::string&) -> std::optional<std::vector<Buffer>> {
            if (request.code != wire::kCoapPut) {
                return std::nullopt;
            }
            const Buffer told = cbor([](wire::CborWriter& w) {
                w.map(2);
                w.text(RBPF_KEY_STATUS);
                w.integer(RBPF_STATUS_BAD_JUMP);
                w.text(RBPF_KEY_INDEX);
                w.uint(7);
            });
            return std::vector<Buffer>{FakeBoard::reply(request, wire::kCoapUnprocessable, told)};
        });
    CHECK(has(bench.failure(script()).message, "the board rejects the script: rejected BAD_JUMP"));
    DeployOptions options;
    options.words.rejection = [](const BoardFault& fault) { return "jump at " + std::to_string(*fault.insnIndex); };
    const support::Error error = bench.failure(script(), options);
    CHECK(error.kind == ErrorKind::Script);
    CHECK(error.message == "the board rejects the script: jump at 7");
}

TEST_CASE("a deploy that is cancelled in the middle installs nothing") {
    FakeBoard small(192); // 64-byte blocks
    small.content["rbpf"] = description(RBPF_PROTOCOL_VERSION, kPrintf, 65536);
    small.content["rbpf/slots"] = slotList({{"empty", ""}});
    FakeLine line(small);
    BoardClient client(std::make_unique<BorrowedLine>(line), CoapTiming{20ms, 1.5, 6});
    fakes::ImageParts parts;
    parts.rodata.resize(1024);
    std::stop_source source;
    DeployOptions options;
    options.stop = source.get_token();
    options.progress = [&](std::uint32_t, std::size_t, std::size_t) { source.request_stop(); };
    const auto done = deploy(client, script(parts), options);
    REQUIRE(!done);
    CHECK(done.error().kind == ErrorKind::Cancelled);
    CHECK(small.installs == 0);
}

TEST_CASE("the addresses of a script's CoAP entries are URLs where the board has a port") {
    fakes::ImageParts parts;
    parts.entries = {{"a", "coap/sensor", 0, 0}, {"b", "timer/1000", 0, 0}, {"c", "coap/x/y", 0, 0}};
    const image::Image image = script(parts);
    CHECK(coapAddresses(image, 5683) ==
          std::vector<std::string>{"coap://127.0.0.1:5683/sensor", "coap://127.0.0.1:5683/x/y"});
    CHECK(coapAddresses(image, 0) == std::vector<std::string>{"/sensor", "/x/y"});
}
