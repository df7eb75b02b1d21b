// SPDX-License-Identifier: GPL-3.0-or-later
// Uploads and downloads of any length with boards of any message size, and with boards that break the rules.
#include <catch2/catch.hpp>

#include <random>

#include "debugger/link/block_transfer.hpp"
#include "rbpf_wire/coap_block.hpp"
#include "tests/fakes/fake_line.hpp"

using namespace rbpf;
using namespace rbpf::link;
using namespace rbpf::test;
using namespace std::chrono_literals;
using support::ErrorKind;

namespace {

constexpr CoapTiming kQuick{5ms, 1.5, 10};

Buffer randomBytes(std::size_t size, unsigned seed = 1) {
    std::mt19937 random(seed);
    Buffer bytes(size);
    for (std::uint8_t& byte : bytes) {
        byte = static_cast<std::uint8_t>(random());
    }
    return bytes;
}

CoapRequest putSlot(Buffer image, const std::string& slot = "0") {
    CoapRequest request;
    request.method = wire::kCoapPut;
    for (const std::string& segment : {std::string("rbpf"), std::string("slots"), slot}) {
        request.add(wire::kOptionUriPath, segment);
    }
    request.add(wire::kOptionContentFormat, wire::kFormatOctets);
    request.payload = std::move(image);
    return request;
}

CoapRequest get(const std::string& path) {
    CoapRequest request;
    request.add(wire::kOptionUriPath, path);
    return request;
}

struct Bench {
    FakeBoard& board;
    FakeLine line;
    CoapClient client;
    BlockTransfer transfer;
    explicit Bench(FakeBoard& board, Mischief mischief = {})
        : board(board), line(board, std::move(mischief)), client(std::make_unique<BorrowedLine>(line), kQuick),
          transfer(client) {}
    support::Result<CoapReply> perform(CoapRequest request, const std::function<void(std::size_t)>& sent = {}) {
        return transfer.perform(std::move(request), 20s, {}, sent);
    }
};

/// A CoAP answer with one option, as an override gives it.
std::vector<Buffer> answerWith(const wire::CoapMessage& request, std::uint8_t code, std::uint16_t option,
                               std::uint32_t value, const Buffer& payload, const Buffer& etag = {}) {
    Buffer bytes(payload.size() + 64);
    wire::CoapBuilder builder(bytes.data(), bytes.size());
    builder.beginResponse(request, code, 1);
    if (!etag.empty()) {
        builder.option(wire::kOptionETag, {etag.data(), etag.size()});
    }
    builder.optionUint(option, value);
    builder.payload({payload.data(), payload.size()});
    bytes.resize(builder.finish());
    return {bytes};
}

} // namespace

TEST_CASE("images of any length reach boards of any message size and read back the same") {
    for (const std::size_t messageBytes : {128u, 200u, 256u, 600u, 1088u, 1152u, 1280u}) {
        for (const std::size_t size : {0u, 1u, 63u, 64u, 65u, 128u, 500u, 1024u, 1025u, 5000u}) {
            INFO(messageBytes << " " << size);
            FakeBoard board(messageBytes);
            Bench bench(board);
            const Buffer image = randomBytes(size);
            const auto reply = bench.perform(putSlot(image));
            REQUIRE(reply);
            REQUIRE(reply->code == wire::kCoapChanged);
            CHECK(board.slots[0] == image);
            CoapRequest read = putSlot({});
            read.method = wire::kCoapGet;
            const auto back = bench.perform(read);
            REQUIRE(back);
            CHECK(back->payload == image);
        }
    }
}

TEST_CASE("an upload survives a line that loses, repeats, cuts and garbles") {
    std::mt19937 random(9);
    const auto sometimes = [&random](unsigned) { return random() % 8 == 0; };
    for (int round = 0; round < 5; ++round) {
        FakeBoard board(256);
        // The client gives a request up after 11 attempts, of which at least two in three get through.
        Bench bench(board, {.loseRequest = sometimes,
                            .loseReply = sometimes,
                            .repeatReply = sometimes,
                            .cutReply = sometimes,
                            .before = [&](unsigned n) { return n % 3 == 0 ? randomBytes(random() % 20, n) : Buffer(); },
                            .pieceBytes = 7});
        const Buffer image = randomBytes(1500);
        const auto reply = bench.perform(putSlot(image));
        INFO((reply ? "" : reply.error().message));
        REQUIRE(reply);
        CHECK(board.slots[0] == image);
        CHECK(board.installs == 1);
    }
}

TEST_CASE("progress counts up to the whole upload") {
    FakeBoard board(256);
    Bench bench(board);
    std::vector<std::size_t> done;
    REQUIRE(bench.perform(putSlot(randomBytes(300)), [&](std::size_t bytes) { done.push_back(bytes); }));
    CHECK(done == std::vector<std::size_t>{128, 256, 300});
}

TEST_CASE("a board that lowers the block size on the way gets smaller blocks") {
    FakeBoard board(1152);
    Bench bench(board);
    wire::Block1Receiver small(1 << 20, 1);
    Buffer staged;
    board.setOverride(
        [&](const wire::CoapMessage& request, const std::string& path) -> std::optional<std::vector<Buffer>> {
            if (request.code != wire::kCoapPut || !path.starts_with("rbpf/slots")) {
                return std::nullopt;
            }
            const auto step = small.take(request, 0);
            REQUIRE(step.action == wire::Block1Action::Store);
            CHECK(step.offset == staged.size());
            CHECK((staged.empty() || request.payload.size <= 32));
            staged.insert(staged.end(), request.payload.data, request.payload.data + request.payload.size);
            return answerWith(request, step.last ? wire::kCoapChanged : wire::kCoapContinue, wire::kOptionBlock1,
                              wire::encodeBlock(step.reply), {});
        });
    const Buffer image = randomBytes(3000);
    REQUIRE(bench.perform(putSlot(image)));
    CHECK(staged == image);
}

TEST_CASE("a board that refuses a block as too large is offered smaller ones from the start") {
    FakeBoard board(1152);
    Bench bench(board);
    board.setOverride([&](const wire::CoapMessage& request, const std::string&) -> std::optional<std::vector<Buffer>> {
        if (request.code != wire::kCoapPut || request.payload.size <= 64) {
            return std::nullopt;
        }
        return answerWith(request, wire::kCoapTooLarge, wire::kOptionBlock1, wire::encodeBlock({0, true, 2}), {});
    });
    const Buffer image = randomBytes(3000);
    REQUIRE(bench.perform(putSlot(image)));
    CHECK(board.slots[0] == image);
}

TEST_CASE("the board's refusals come back as its answers") {
    FakeBoard board(256, 1000);
    Bench bench(board);
    const auto large = bench.perform(putSlot(randomBytes(1001)));
    REQUIRE(large);
    CHECK(large->code == wire::kCoapTooLarge);
    CHECK(board.slots.empty());
}

TEST_CASE("of two clients that install at once one is first and the other begins anew") {
    FakeBoard board(256);
    FakeLine lineA(board);
    FakeLine lineB(board);
    const Buffer imageA = randomBytes(1000, 1);
    const Buffer imageB = randomBytes(1000, 2);
    CoapClient clientA(std::make_unique<BorrowedLine>(lineA), kQuick);
    CoapClient clientB(std::make_unique<BorrowedLine>(lineB), kQuick);
    BlockTransfer a(clientA);
    BlockTransfer b(clientB);
    support::Result<CoapReply> replyB;
    bool started = false;
    const auto replyA = a.perform(putSlot(imageA), 20s, {}, [&](std::size_t done) {
        if (done >= 384 && !started) {
            started = true;
            replyB = b.perform(putSlot(imageB), 20s, {});
        }
    });
    REQUIRE(replyA);
    CHECK(replyA->code == wire::kCoapChanged);
    REQUIRE(replyB);
    CHECK(replyB->code == wire::kCoapChanged);
    CHECK(board.installs == 2);
    CHECK(board.slots[0] == imageA);
}

TEST_CASE("an upload that is cut short again and again ends with the board's refusal") {
    FakeBoard board(256);
    FakeLine lineA(board);
    FakeLine lineB(board);
    const Buffer imageB = randomBytes(1000, 2);
    CoapClient clientA(std::make_unique<BorrowedLine>(lineA), kQuick);
    CoapClient clientB(std::make_unique<BorrowedLine>(lineB), kQuick);
    BlockTransfer a(clientA);
    BlockTransfer b(clientB);
    int cuts = 0;
    const auto reply = a.perform(putSlot(randomBytes(1000, 1)), 20s, {}, [&](std::size_t done) {
        if (done >= 384) {
            ++cuts;
            REQUIRE(b.perform(putSlot(imageB), 20s, {}));
        }
    });
    REQUIRE(reply);
    CHECK(reply->code == wire::kCoapIncomplete);
    CHECK(cuts == 7);
    CHECK(board.slots[0] == imageB);
}

TEST_CASE("an interrupted upload leaves the old image, and the next one works") {
    const Buffer old = randomBytes(50, 3);
    const Buffer image = randomBytes(1000, 4);
    for (std::size_t stopAfter = 128; stopAfter < 1000; stopAfter += 128) {
        FakeBoard board(256);
        board.slots[0] = old;
        {
            Bench bench(board);
            std::stop_source source;
            const auto reply = bench.transfer.perform(putSlot(image), 20s, source.get_token(), [&](std::size_t done) {
                if (done == stopAfter) {
                    source.request_stop();
                }
            });
            REQUIRE(!reply);
            CHECK(reply.error().kind == ErrorKind::Cancelled);
        }
        CHECK(board.slots[0] == old);
        Bench again(board);
        REQUIRE(again.perform(putSlot(image)));
        CHECK(board.slots[0] == image);
    }
}

TEST_CASE("a reply without end is given up") {
    FakeBoard board;
    Bench bench(board);
    board.setOverride([](const wire::CoapMessage& request, const std::string&) -> std::optional<std::vector<Buffer>> {
        wire::CoapBlock block;
        if (wire::findBlock(request, wire::kOptionBlock2, block) != wire::BlockFind::Present) {
            block = {0, false, 6};
        }
        return answerWith(request, wire::kCoapContent, wire::kOptionBlock2, wire::encodeBlock({block.number, true, 6}),
                          Buffer(1024, 'x'));
    });
    const auto reply = bench.perform(get("endless"));
    REQUIRE(!reply);
    CHECK(reply.error().kind == ErrorKind::Board);
    CHECK(reply.error().message == "fake: the board's reply has no end");
}

TEST_CASE("blocks that are out of order, half empty or start in the middle are refused") {
    struct Case {
        wire::CoapBlock first, second;
        std::size_t firstBytes;
    };
    const Case cases[] = {
        {{0, true, 2}, {2, false, 2}, 64}, // a gap
        {{0, true, 2}, {0, true, 2}, 64},  // the same again, for ever
        {{0, true, 2}, {1, false, 2}, 10}, // more to follow behind a part
        {{0, true, 2}, {1, false, 2}, 0},  // … behind nothing
        {{5, true, 2}, {1, false, 2}, 64}, // starts in the middle
    };
    for (const Case& one : cases) {
        FakeBoard board;
        Bench bench(board);
        unsigned calls = 0;
        board.setOverride(
            [&](const wire::CoapMessage& request, const std::string&) -> std::optional<std::vector<Buffer>> {
                const bool first = calls++ == 0;
                return answerWith(request, wire::kCoapContent, wire::kOptionBlock2,
                                  wire::encodeBlock(first ? one.first : one.second),
                                  Buffer(first ? one.firstBytes : 64, 'x'));
            });
        const auto reply = bench.perform(get("broken"));
        REQUIRE(!reply);
        CHECK(reply.error().kind == ErrorKind::Board);
        CHECK(calls <= 2);
    }
}

TEST_CASE("a reply that changes while it is read is not patched together") {
    FakeBoard board(256);
    board.etags = true;
    board.content["stats"] = randomBytes(500, 1);
    Bench bench(board);
    REQUIRE(bench.perform(get("stats")));
    unsigned calls = 0;
    board.setOverride([&](const wire::CoapMessage&, const std::string&) -> std::optional<std::vector<Buffer>> {
        if (++calls == 3) {
            board.content["stats"] = randomBytes(500, 2);
        }
        return std::nullopt;
    });
    const auto reply = bench.perform(get("stats"));
    REQUIRE(!reply);
    CHECK(reply.error().message.find("changed") != std::string::npos);
}

TEST_CASE("an upload to a board that does not ask for the next block is given up") {
    FakeBoard board(256);
    Bench bench(board);
    board.setOverride([](const wire::CoapMessage& request, const std::string&) -> std::optional<std::vector<Buffer>> {
        if (request.code != wire::kCoapPut) {
            return std::nullopt;
        }
        return std::vector<Buffer>{FakeBoard::reply(request, wire::kCoapChanged)};
    });
    const auto reply = bench.perform(putSlot(randomBytes(1000)));
    REQUIRE(!reply);
    CHECK(reply.error().kind == ErrorKind::Board);
}
