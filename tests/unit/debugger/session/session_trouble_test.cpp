// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions on a real native board when things go wrong: faults, spent budgets, boards that vanish, scripts replaced,
// debug information of another build.
#include "debugger/dwarf/render.hpp"
#include "tests/unit/debugger/session/live_board.hpp"

using namespace rbpf;
using namespace rbpf::session;
using namespace rbpf::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

const Script& faultyScript() {
    static const Script script(R"(
#include <rbpf/rbpf.h>
int table[4];
SEC("coap/go")
int answer(bpf_coap_ctx_t *request)
{
    volatile int index = 4;
    table[index] = 7;
    return 0;
}
)");
    return script;
}

const Script& calmScript() {
    static const Script script(R"(
#include <rbpf/rbpf.h>
volatile int calls;
SEC("coap/go")
int answer(bpf_coap_ctx_t *request)
{
    calls++;
    bpf_store_local(1, calls);
    return 0;
}
)");
    return script;
}

std::unique_ptr<Session> attach(const Options& options) {
    auto session = Session::attach(options);
    if (!session) {
        FAIL(session.error().message);
    }
    return std::move(*session);
}

void ok(const support::Result<void>& done) {
    if (!done) {
        FAIL(done.error().message << " " << done.error().hint);
    }
}

} // namespace

TEST_CASE("a fault stops where it happens and is explained with place, address and overshoot") {
    LiveBoard board(faultyScript());
    auto session = attach(board.options(faultyScript()));
    ok(session->resume());
    board.trigger();
    const Stop stop = await<Stop>(*session);
    CHECK(stop.cause == RBPF_CAUSE_FAULT);
    CHECK(stop.location.line == faultyScript().line("table[index]"));
    CHECK_THAT(stop.sentence, Contains("wrote 4 bytes that end 4 bytes behind data at main.c:"));
    const auto story = session->explain();
    REQUIRE(story);
    INFO(*story);
    CHECK_THAT(*story, Contains("WRITE_FAULT") && Contains("missed by 4 bytes") && Contains("bytecode") &&
                           Contains("registers r") && Contains("hint"));
    ok(session->stepBackOver(Granularity::Line)); // to the beginning of this line, then to the one before
    CHECK(await<Stop>(*session).location.line == faultyScript().line("table[index]"));
    ok(session->stepBackOver(Granularity::Line));
    CHECK(await<Stop>(*session).location.line == faultyScript().line("int index"));
    ok(session->travel({0, 0, true}));
    CHECK(await<Stop>(*session).cause == RBPF_CAUSE_FAULT);
    ok(session->resume());
    CHECK(await<RunEnded>(*session).cause == RBPF_CAUSE_FAULT);
}

TEST_CASE("a spent budget names the loop that used it and how often it went round") {
    const Script script(R"(
#include <rbpf/rbpf.h>
volatile int count;
SEC("coap/go")
int answer(bpf_coap_ctx_t *request)
{
    count = 1;
    while (count > 0) {
        count = 5;
    }
    return 0;
}
)");
    LiveBoard board(script);
    auto session = attach(board.options(script));
    ok(session->resume());
    board.trigger();
    const Stop stop = await<Stop>(*session);
    CHECK(stop.cause == RBPF_CAUSE_BUDGET);
    const auto story = session->explain();
    REQUIRE(story);
    INFO(*story);
    CHECK_THAT(*story, Contains("used up its budget of") && Contains("the loop at main.c:") && Contains("went round"));
    ok(session->stepBackInto(Granularity::Instruction));
    CHECK(await<Stop>(*session).position.step == stop.position.step - 1);
}

TEST_CASE("a board that dies is found again, breakpoints are set again and the session goes on") {
    LiveBoard board(calmScript());
    auto session = attach(board.options(calmScript()));
    BreakpointSpec spec;
    spec.file = "main.c";
    spec.line = calmScript().line("bpf_store_local");
    REQUIRE(session->addBreakpoint(spec));
    ok(session->resume());
    board.kill();
    CHECK(await<Notice>(*session).kind == Notice::Kind::LinkLost);
    CHECK(!session->frames());
    CHECK(!session->resume());
    board.start();
    CHECK(await<Notice>(*session).kind == Notice::Kind::Reconnected);
    CHECK(session->running());
    board.trigger();
    const Stop stop = await<Stop>(*session);
    CHECK(stop.cause == RBPF_CAUSE_BREAKPOINT);
    CHECK(stop.location.line == spec.line);
    ok(session->detach(false));
    CHECK(board.answer());
}

TEST_CASE("a board that dies while the script is halted comes back halted") {
    LiveBoard board(calmScript());
    auto session = attach(board.options(calmScript()));
    BreakpointSpec spec;
    spec.file = "main.c";
    spec.line = calmScript().line("bpf_store_local");
    REQUIRE(session->addBreakpoint(spec));
    ok(session->resume());
    board.trigger();
    await<Stop>(*session);
    board.kill();
    CHECK(await<Notice>(*session).kind == Notice::Kind::LinkLost);
    board.start();
    CHECK(await<Notice>(*session).kind == Notice::Kind::Reconnected);
    CHECK(await<Stop>(*session).cause == RBPF_CAUSE_IDLE);
    CHECK(session->registers());
}

TEST_CASE("another build in the slot is named, whether it was there before or comes while debugging") {
    LiveBoard board(calmScript());
    auto wrong = board.options(faultyScript());
    const auto refused = Session::attach(wrong);
    REQUIRE(!refused);
    CHECK_THAT(refused.error().message, Contains("slot 0 holds build"));
    auto session = attach(board.options(calmScript()));
    ok(session->resume());
    board.install(faultyScript().image);
    const Notice notice = await<Notice>(*session);
    CHECK(notice.kind == Notice::Kind::Replaced);
    const auto event = session->wait(10s);
    REQUIRE(event);
    REQUIRE(*event);
    REQUIRE(std::holds_alternative<Ended>(**event));
    CHECK_THAT(std::get<Ended>(**event).sentence, Contains("replaced by another build"));
    CHECK(!session->wait(1ms));
    CHECK(!session->resume());
}

TEST_CASE("the same build installed again goes on being debugged") {
    LiveBoard board(calmScript());
    auto session = attach(board.options(calmScript()));
    BreakpointSpec spec;
    spec.file = "main.c";
    spec.line = calmScript().line("bpf_store_local");
    REQUIRE(session->addBreakpoint(spec));
    ok(session->resume());
    board.install(calmScript().image);
    CHECK(await<Notice>(*session).kind == Notice::Kind::Replaced);
    board.trigger();
    CHECK(await<Stop>(*session).cause == RBPF_CAUSE_BREAKPOINT);
}

TEST_CASE("debug information of another build is named and not used; instructions can be stepped") {
    LiveBoard board(calmScript());
    auto options = board.options(calmScript());
    options.debugElf = faultyScript().elf;
    auto session = attach(options);
    CHECK_THAT(await<Notice>(*session).sentence, Contains("debug information is of build"));
    CHECK(session->debugInfo().empty());
    ok(session->stepInto(Granularity::Line));
    board.trigger();
    await<Stop>(*session);
    ok(session->stepInto(Granularity::Line));
    const Stop stop = await<Stop>(*session);
    CHECK(stop.position.step == 1);
    CHECK(stop.location.line == 0);
    CHECK(session->frames()->size() == 1);
}

TEST_CASE("a second debugger hears that the board is held, and may take it over") {
    LiveBoard board(calmScript());
    auto first = attach(board.options(calmScript()));
    const auto second = Session::attach(board.options(calmScript()));
    REQUIRE(!second);
    CHECK_THAT(second.error().message, Contains("debug"));
    auto options = board.options(calmScript());
    options.take = true;
    auto third = attach(options);
    const auto event = first->wait(10s);
    REQUIRE(event);
    REQUIRE(*event);
    CHECK(std::holds_alternative<Ended>(**event));
    CHECK(third->registers());
}

TEST_CASE("a hold time lets the script go on and says so") {
    LiveBoard board(calmScript());
    auto options = board.options(calmScript());
    options.holdMs = 300;
    options.stopOnEntry = true;
    auto session = attach(options);
    ok(session->resume());
    board.trigger();
    CHECK(await<Stop>(*session).cause == RBPF_CAUSE_ENTRY);
    CHECK(await<Notice>(*session).kind == Notice::Kind::Resumed);
    CHECK(session->running());
    CHECK(await<RunEnded>(*session).cause == RBPF_CAUSE_EXIT);
}

TEST_CASE("a session is saved and opened without a board") {
    LiveBoard board(calmScript());
    auto session = attach(board.options(calmScript()));
    ok(session->resume());
    board.trigger();
    await<RunEnded>(*session);
    const auto file = board.folder() / "a.rbpfrec";
    ok(session->save(file));
    session.reset();
    board.kill();
    auto opened = Session::open(file);
    INFO((opened ? "" : opened.error().message));
    REQUIRE(opened);
    Session& past = **opened;
    CHECK(past.stop().cause == RBPF_CAUSE_EXIT);
    ok(past.travel({1, 0, false}));
    CHECK(await<Stop>(past).location.function == "answer");
    BreakpointSpec spec;
    spec.file = "main.c";
    spec.line = calmScript().line("bpf_store_local");
    const auto added = past.addBreakpoint(spec);
    REQUIRE(added);
    ok(past.resume());
    CHECK(await<Stop>(past).breakpoints == std::vector<int>{added->id});
    ok(past.resume());
    CHECK(await<Stop>(past).atHistoryEnd);
    CHECK(!past.setRegister(0, 1));
}
