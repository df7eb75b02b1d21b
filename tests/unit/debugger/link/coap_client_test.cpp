// SPDX-License-Identifier: GPL-3.0-or-later
// One request over lines that lose, repeat, delay, cut and garble.
#include <catch2/catch.hpp>

#include <random>

#include <rbpf/wire.h>

#include "debugger/link/coap_client.hpp"
#include "rbpf_wire/coap_message.hpp"
#include "tests/fakes/fake_line.hpp"

using namespace rbpf;
using namespace rbpf::link;
using namespace rbpf::test;
using namespace std::chrono_literals;
using support::ErrorKind;
using transport::Clock;

namespace {

constexpr CoapTiming kQuick{20ms, 1.5, 6};
constexpr auto kPlenty = 10s;

Buffer text(const std::string& value) {
    return {value.begin(), value.end()};
}

CoapRequest getSensor() {
    CoapRequest request;
    request.add(wire::kOptionUriPath, "sensor");
    return request;
}

/// A board whose resource "sensor" says "21.5", and a client on a line to it.
struct Bench {
    FakeBoard board;
    FakeLine line;
    CoapClient client;
    explicit Bench(Mischief mischief = {})
        : line(board, std::move(mischief)), client(std::make_unique<BorrowedLine>(line), kQuick) {
        board.content["sensor"] = text("21.5");
    }
    support::Result<CoapReply> ask(std::chrono::milliseconds time = kPlenty, const std::stop_token& stop = {}) {
        return client.exchange(getSensor(), Clock::now() + time, stop);
    }
    void expectAnswer() {
        const auto reply = ask();
        REQUIRE(reply);
        CHECK(reply->code == wire::kCoapContent);
        CHECK(reply->payload == text("21.5"));
    }
};

} // namespace

TEST_CASE("a request gets its answer") {
    Bench().expectAnswer();
}

TEST_CASE("a lost request is sent again") {
    Bench bench({.loseRequest = [](unsigned n) { return n < 2; }});
    bench.expectAnswer();
    CHECK(bench.board.requestsRun == 1);
}

TEST_CASE("when the answer is lost the request is repeated but runs once") {
    Bench bench({.loseReply = [](unsigned n) { return n < 3; }});
    bench.expectAnswer();
    CHECK(bench.board.requestsRun == 1);
}

TEST_CASE("an answer cut off in the middle counts as lost") {
    Bench bench({.cutReply = [](unsigned n) { return n == 0; }});
    bench.expectAnswer();
}

TEST_CASE("an answer that comes twice does not pass for the next request's") {
    Bench bench({.repeatReply = [](unsigned) { return true; }});
    bench.expectAnswer();
    bench.board.content["sensor"] = text("22.0");
    const auto reply = bench.ask();
    REQUIRE(reply);
    CHECK(reply->payload == text("22.0"));
}

TEST_CASE("an answer that comes after a retransmission is taken once") {
    Bench bench({.late = 70ms});
    bench.expectAnswer();
    CHECK(bench.board.requestsRun == 1);
    bench.board.content["sensor"] = text("22.0");
    const auto reply = bench.ask();
    REQUIRE(reply);
    CHECK(reply->payload == text("22.0"));
}

TEST_CASE("bytes that come one by one make the same answer") {
    Bench({.pieceBytes = 1}).expectAnswer();
}

TEST_CASE("noise between frames does no harm") {
    std::mt19937 random(1);
    Bench bench({.before = [&random](unsigned) {
        Buffer noise(random() % 300);
        for (std::uint8_t& byte : noise) {
            byte = static_cast<std::uint8_t>(random());
        }
        return noise;
    }});
    for (int i = 0; i < 50; ++i) {
        bench.expectAnswer();
    }
}

TEST_CASE("a separate response is acknowledged, and so is its repetition") {
    Bench bench;
    Buffer separate;
    bench.board.setOverride(
        [&](const wire::CoapMessage& request, const std::string&) -> std::optional<std::vector<Buffer>> {
            Buffer empty(wire::kCoapHeaderBytes);
            wire::writeEmpty(empty.data(), wire::CoapType::Acknowledgement, request.messageId);
            separate.resize(64);
            wire::CoapBuilder builder(separate.data(), separate.size());
            builder.begin(wire::CoapType::Confirmable, wire::kCoapContent, 777, request.token);
            builder.payload({reinterpret_cast<const std::uint8_t*>("21.5"), 4});
            separate.resize(builder.finish());
            return std::vector<Buffer>{empty, separate};
        });
    bench.expectAnswer();
    CHECK(bench.board.acknowledgements == 1);
    bench.board.setOverride({});
    bench.line.inject(FakeLine::framed(RBPF_FRAME_COAP, separate)); // the board did not hear the acknowledgement
    bench.expectAnswer();
    CHECK(bench.board.acknowledgements == 2);
}

TEST_CASE("after an empty acknowledgement the request is not sent again") {
    Bench bench;
    unsigned seen = 0;
    bench.board.setOverride(
        [&](const wire::CoapMessage& request, const std::string&) -> std::optional<std::vector<Buffer>> {
            ++seen;
            Buffer empty(wire::kCoapHeaderBytes);
            wire::writeEmpty(empty.data(), wire::CoapType::Acknowledgement, request.messageId);
            return std::vector<Buffer>{empty};
        });
    const auto reply = bench.ask(300ms);
    REQUIRE(!reply);
    CHECK(reply.error().kind == ErrorKind::Link);
    CHECK(seen == 1);
}

TEST_CASE("answers to other programs on the line are passed over in silence") {
    Bench bench;
    const Buffer stranger = {0x44, 0x45, 0x12, 0x34, 1, 2, 3, 4, 0xFF, 'x'}; // confirmable, a foreign token
    bench.line.inject(FakeLine::framed(RBPF_FRAME_COAP, stranger));
    bench.expectAnswer();
    CHECK(bench.board.acknowledgements == 0);
    CHECK(bench.board.requestsRun == 1);
}

TEST_CASE("a reset ends the request with an error") {
    Bench bench;
    bench.board.setOverride(
        [](const wire::CoapMessage& request, const std::string&) -> std::optional<std::vector<Buffer>> {
            Buffer reset(wire::kCoapHeaderBytes);
            wire::writeEmpty(reset.data(), wire::CoapType::Reset, request.messageId);
            return std::vector<Buffer>{reset};
        });
    const auto reply = bench.ask();
    REQUIRE(!reply);
    CHECK(reply.error().kind == ErrorKind::Link);
    CHECK(reply.error().message.find("refused") != std::string::npos);
}

TEST_CASE("a silent board ends in an error by the deadline") {
    Bench bench({.loseRequest = [](unsigned) { return true; }});
    const auto reply = bench.ask(200ms);
    REQUIRE(!reply);
    CHECK(reply.error().kind == ErrorKind::Link);
    CHECK(reply.error().message == "fake: the board does not answer");
    CHECK(!reply.error().hint.empty());
}

TEST_CASE("a board that never stops talking does not keep a request beyond its deadline") {
    struct Chatter final : transport::Transport {
        support::Result<std::size_t> read(std::span<std::uint8_t> buffer, Clock::time_point) override {
            const Buffer frame = FakeLine::framed(RBPF_FRAME_DIAGNOSTIC, text("talk"));
            std::copy(frame.begin(), frame.end(), buffer.begin());
            return frame.size();
        }
        support::Result<void> write(std::span<const std::uint8_t>, Clock::time_point) override { return {}; }
        int descriptor() const override { return -1; }
        std::string name() const override { return "chatter"; }
    };
    CoapClient client(std::make_unique<Chatter>(), kQuick);
    const auto reply = client.exchange(getSensor(), Clock::now() + 100ms, {});
    REQUIRE(!reply);
    CHECK(reply.error().kind == ErrorKind::Link);
    CHECK(client.console().take().starts_with("talktalk"));
}

TEST_CASE("a line that sends nothing but noise does not keep a request beyond its deadline") {
    struct Noise final : transport::Transport {
        std::mt19937 random{7};
        support::Result<std::size_t> read(std::span<std::uint8_t> buffer, Clock::time_point) override {
            for (std::uint8_t& byte : buffer) {
                byte = static_cast<std::uint8_t>(random());
            }
            return buffer.size();
        }
        support::Result<void> write(std::span<const std::uint8_t>, Clock::time_point) override { return {}; }
        int descriptor() const override { return -1; }
        std::string name() const override { return "noise"; }
    };
    CoapClient client(std::make_unique<Noise>(), kQuick);
    CHECK(!client.exchange(getSensor(), Clock::now() + 100ms, {}));
}

TEST_CASE("a request can be cancelled before and while it waits") {
    Bench bench({.loseRequest = [](unsigned) { return true; }});
    std::stop_source source;
    source.request_stop();
    const auto before = bench.ask(kPlenty, source.get_token());
    REQUIRE(!before);
    CHECK(before.error().kind == ErrorKind::Cancelled);

    std::stop_source later;
    struct StopOnWrite final : transport::Transport {
        std::stop_source& source;
        explicit StopOnWrite(std::stop_source& s) : source(s) {}
        support::Result<std::size_t> read(std::span<std::uint8_t>, Clock::time_point) override { return 0; }
        support::Result<void> write(std::span<const std::uint8_t>, Clock::time_point) override {
            source.request_stop();
            return {};
        }
        int descriptor() const override { return -1; }
        std::string name() const override { return "stop"; }
    };
    CoapClient client(std::make_unique<StopOnWrite>(later), kQuick);
    const auto during = client.exchange(getSensor(), Clock::now() + kPlenty, later.get_token());
    REQUIRE(!during);
    CHECK(during.error().kind == ErrorKind::Cancelled);
}

TEST_CASE("a line that hangs up ends the request with an error at once") {
    Bench bench({.loseReply = [](unsigned) { return true; }, .hangUpAfterReplies = 1});
    const auto reply = bench.ask();
    REQUIRE(!reply);
    CHECK(reply.error().message == "fake: the board hung up");
}

TEST_CASE("malformed messages in good frames are passed over") {
    Bench bench({.before = [](unsigned n) {
        static const Buffer kMessages[] = {
            {}, {0x40}, {0x60, 0x45, 0, 1, 0xFF}, {0x69, 0x45, 0, 1}, {0x00, 0, 0, 0}, {0x40, 1, 0, 1}};
        return FakeLine::framed(RBPF_FRAME_COAP, kMessages[n % 6]);
    }});
    for (int i = 0; i < 6; ++i) {
        bench.expectAnswer();
    }
}

TEST_CASE("a request that fits into no message is refused before it is sent") {
    Bench bench;
    CoapRequest request;
    request.add(wire::kOptionUriPath, std::string(2000, 'a'));
    const auto reply = bench.client.exchange(request, Clock::now() + kPlenty, {});
    REQUIRE(!reply);
    CHECK(reply.error().kind == ErrorKind::Usage);
    CHECK(bench.board.requestsRun == 0);
}

TEST_CASE("console text is kept while requests run and bounded in length") {
    Bench bench;
    bench.line.inject(FakeLine::framed(RBPF_FRAME_DIAGNOSTIC, text("booting\n")));
    bench.expectAnswer();
    CHECK(bench.client.console().take() == "booting\n");
    for (int i = 0; i < 1000; ++i) {
        bench.client.console().add(Buffer(1024, 'x'));
    }
    CHECK(bench.client.console().take().size() == 256 * 1024);
}
