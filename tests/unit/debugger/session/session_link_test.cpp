// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions over a cable that is pulled out, noisy or loses frames, and with boards that start again behind it.
#include <atomic>

#include <rbpf/debug.h>
#include <rbpf/image.h>

#include "debugger/link/board_client.hpp"
#include "debugger/transport/shared_port.hpp"
#include "tests/fakes/line_relay.hpp"
#include "tests/unit/debugger/session/live_board.hpp"

using namespace rbpf;
using namespace rbpf::session;
using namespace rbpf::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

const Script& counting() {
    static const Script script(R"(
#include <rbpf/rbpf.h>
volatile int calls;
SEC("coap/go")
int answer(bpf_coap_ctx_t *request)
{
    calls++;
    bpf_store_local(1, calls);
    calls += 2;
    return 0;
}
)");
    return script;
}

const Script& other() {
    static const Script script("\nint answer(void)\n{\n    return 7;\n}\n");
    return script;
}

void ok(const support::Result<void>& done) {
    if (!done) {
        FAIL(done.error().message << " " << done.error().hint);
    }
}

/// A native board at the end of a cable, and a session with a breakpoint in its script.
struct Bench {
    LiveBoard board{counting()};
    LineRelay cable{board.record().serial};
    std::unique_ptr<Session> session;
    BreakpointSpec spec;

    Bench() {
        cable.publish(board.folder() / "boards" / "cabled.json", "cabled", board.record().coap);
        auto options = board.options(counting());
        options.board = "cabled";
        options.deadline = 1500ms; // three attempts, half a second each
        auto attached = Session::attach(options);
        if (!attached) {
            FAIL(attached.error().message);
        }
        session = std::move(*attached);
        spec.file = "main.c";
        spec.line = counting().line("bpf_store_local");
        REQUIRE(session->addBreakpoint(spec));
    }

    /// The board's power goes and comes; the workstation's port stays open.
    void reset() {
        board.kill();
        board.start();
        cable.connect(board.record().serial);
    }
    /// Notices up to Reconnected, in which LinkLost must be; what was said.
    std::string reconnected() {
        const Notice lost = await<Notice>(*session);
        CHECK(lost.kind == Notice::Kind::LinkLost);
        for (;;) {
            const Notice notice = await<Notice>(*session);
            if (notice.kind == Notice::Kind::Reconnected) {
                return lost.sentence;
            }
        }
    }
    Stop stopAtBreakpoint() {
        board.trigger();
        Stop stop = await<Stop>(*session);
        CHECK(stop.cause == RBPF_CAUSE_BREAKPOINT);
        CHECK(stop.location.line == spec.line);
        return stop;
    }
    /// The first frame that begins so meets its fate, all others pass.
    std::shared_ptr<std::atomic<int>> once(Towards towards, const std::string& beginning, LineRelay::Fate fate) {
        auto met = std::make_shared<std::atomic<int>>(0);
        cable.judge([=](Towards way, std::span<const std::uint8_t> frame) {
            const bool is = way == towards && debugPayload(frame).starts_with(beginning) && (*met)++ == 0;
            return is ? fate : LineRelay::Fate::Passes;
        });
        return met;
    }
};

} // namespace

TEST_CASE("a cable that is pulled out and plugged into another port is found by the board's name") {
    Bench bench;
    ok(bench.session->resume());
    const std::string before = bench.cable.path();
    bench.cable.cut();
    CHECK(await<Notice>(*bench.session).kind == Notice::Kind::LinkLost);
    const auto refused = bench.session->frames();
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().message, Contains("not connected"));
    CHECK_FALSE(bench.session->interrupt());
    // Something else has the name of the old port by now.
    LineRelay squatter(bench.cable.path());
    bench.cable.plug();
    CHECK(bench.cable.path() != before);
    CHECK(await<Notice>(*bench.session).kind == Notice::Kind::Reconnected);
    CHECK(bench.session->running());
    bench.stopAtBreakpoint();
    ok(bench.session->detach(false));
}

TEST_CASE("a cable that is pulled out while the script is halted leaves it halted where it is") {
    Bench bench;
    ok(bench.session->resume());
    const Stop stop = bench.stopAtBreakpoint();
    bench.cable.cut();
    CHECK(await<Notice>(*bench.session).kind == Notice::Kind::LinkLost);
    bench.cable.plug();
    CHECK(await<Notice>(*bench.session).kind == Notice::Kind::Reconnected);
    CHECK(await<Stop>(*bench.session).location.line == stop.location.line);
    ok(bench.session->stepOver(Granularity::Line));
    CHECK(await<Stop>(*bench.session).location.line == bench.spec.line + 1);
    ok(bench.session->resume());
    CHECK(await<RunEnded>(*bench.session).cause == RBPF_CAUSE_EXIT);
}

TEST_CASE("a board that is reset behind an open port is noticed, and its breakpoints are set again") {
    Bench bench;
    ok(bench.session->resume());
    bench.reset();
    CHECK_THAT(bench.reconnected(), Contains("was reset"));
    CHECK(bench.session->running());
    bench.stopAtBreakpoint();
    bench.reset(); // and once more, halted in a run that is over now
    CHECK_THAT(bench.reconnected(), Contains("was reset"));
    CHECK(await<Stop>(*bench.session).cause == RBPF_CAUSE_IDLE);
    ok(bench.session->resume());
    bench.stopAtBreakpoint();
}

TEST_CASE("a board that is reset in the middle of a step is waited for; the step ends where it starts anew") {
    Bench bench;
    ok(bench.session->resume());
    bench.stopAtBreakpoint();
    const auto stepped = std::make_shared<std::atomic<bool>>(false);
    bench.cable.judge([stepped](Towards towards, std::span<const std::uint8_t> frame) {
        *stepped = *stepped || (towards == Towards::Board && debugPayload(frame).starts_with("s"));
        return *stepped ? LineRelay::Fate::Lost : LineRelay::Fate::Passes; // from then on nothing gets through
    });
    ok(bench.session->stepInto(Granularity::Instruction));
    const Notice lost = await<Notice>(*bench.session);
    CHECK(lost.kind == Notice::Kind::LinkLost);
    CHECK_THAT(lost.sentence, Contains("no answer"));
    CHECK(*stepped);
    bench.cable.judge(nullptr);
    bench.reset();
    CHECK(await<Notice>(*bench.session).kind == Notice::Kind::Reconnected);
    bench.board.trigger();
    const Stop stop = await<Stop>(*bench.session); // the step of a script that waits: to its next run's beginning
    CHECK(stop.cause == RBPF_CAUSE_ENTRY);
    CHECK(stop.location.function == "answer");
    ok(bench.session->resume());
    CHECK(await<Stop>(*bench.session).cause == RBPF_CAUSE_BREAKPOINT);
}

TEST_CASE("a frame that gets lost or is damaged changes nothing but the time") {
    Bench bench;
    ok(bench.session->resume());
    using Fate = LineRelay::Fate;
    for (const Fate fate : {Fate::Lost, Fate::Damaged}) {
        bench.stopAtBreakpoint();
        auto met = bench.once(Towards::Board, "s", fate); // a step that the board does not hear
        ok(bench.session->stepInto(Granularity::Instruction));
        const Stop first = await<Stop>(*bench.session);
        CHECK(*met == 2);
        met = bench.once(Towards::Workstation, {static_cast<char>(RBPF_TELL_STOP)}, fate); // a stop that nobody hears
        ok(bench.session->stepInto(Granularity::Instruction));
        CHECK(await<Stop>(*bench.session).position.step == first.position.step + 1);
        CHECK(*met == 2);
        met = bench.once(Towards::Board, "m", fate);
        REQUIRE(bench.session->readMemory(RBPF_ADDRESS(RBPF_REGION_DATA, 0), 4));
        CHECK(*met == 2);
        met = bench.once(Towards::Board, "c", fate); // and a continue
        ok(bench.session->resume());
        CHECK(await<RunEnded>(*bench.session).cause == RBPF_CAUSE_EXIT);
        CHECK(*met == 2);
    }
    ok(bench.session->detach(false));
}

TEST_CASE("noise on the line is passed over, whether the script runs or is halted") {
    Bench bench;
    std::vector<std::uint8_t> noise;
    for (unsigned i = 0; i < 3000; ++i) {
        noise.push_back(static_cast<std::uint8_t>(i * i * 31 + i / 7));
        if (i % 97 == 0) {
            noise.insert(noise.end(), {0xC0, 0xAD, 'T', '0', '5', 0xC0, 0xDB}); // nearly a stop reply
        }
    }
    ok(bench.session->resume());
    for (int round = 0; round < 3; ++round) {
        bench.cable.noise(noise);
        bench.stopAtBreakpoint();
        bench.cable.noise(noise);
        REQUIRE(bench.session->readMemory(RBPF_ADDRESS(RBPF_REGION_DATA, 0), 4));
        bench.cable.noise(noise);
        ok(bench.session->stepOver(Granularity::Line));
        CHECK(await<Stop>(*bench.session).location.line == bench.spec.line + 1);
        ok(bench.session->resume());
        CHECK(await<RunEnded>(*bench.session).cause == RBPF_CAUSE_EXIT); // the next trigger finds it free
    }
}

TEST_CASE("a board that comes back with another script, or none, ends the session with the reason") {
    const bool replaced = GENERATE(true, false);
    Bench bench;
    ok(bench.session->resume());
    bench.cable.cut();
    CHECK(await<Notice>(*bench.session).kind == Notice::Kind::LinkLost);
    bench.cable.connect(""); // at the board's end, too: what it says is for who works on it now
    if (replaced) {
        bench.board.install(other().image);
    } else {
        auto line = transport::openShared(bench.board.record().serial);
        REQUIRE(line);
        REQUIRE(link::BoardClient(std::move(*line)).remove(0));
    }
    bench.cable.connect(bench.board.record().serial);
    bench.cable.plug();
    const auto until = transport::Clock::now() + 20s;
    std::string end;
    while (end.empty() && transport::Clock::now() < until) {
        const auto event = bench.session->wait(200ms);
        REQUIRE(event);
        if (*event && std::holds_alternative<Ended>(**event)) {
            end = std::get<Ended>(**event).sentence;
        }
    }
    CHECK_THAT(end, Contains(replaced ? "holds build" : "slot 0 is empty"));
    CHECK_FALSE(bench.session->resume());
}

TEST_CASE("a cable that is pulled out in the middle of a deploy leaves the old script, and a second try works") {
    LiveBoard board(counting());
    LineRelay cable(board.record().serial);
    const auto connect = [&] {
        auto line = transport::openShared(cable.path());
        REQUIRE(line);
        return link::BoardClient(std::move(*line));
    };
    auto large = other().image;
    large.resize(20000); // many blocks
    link::Options options;
    options.deadline = 20s;
    options.progress = [&](std::size_t done, std::size_t) {
        if (done > 4000) {
            cable.cut();
        }
    };
    const auto cut = connect().install(0, large, options);
    REQUIRE_FALSE(cut);
    CHECK(cut.error().kind == support::ErrorKind::Link);
    CHECK_THAT(cut.error().message, Contains("hung up") || Contains("closed") || Contains("disappeared"));
    options.progress = nullptr;
    cable.plug();
    auto client = connect();
    CHECK(client.readBack(0, options).value() == counting().image);
    REQUIRE(client.install(0, other().image, options));
    CHECK(client.readBack(0, options).value() == other().image);
}
