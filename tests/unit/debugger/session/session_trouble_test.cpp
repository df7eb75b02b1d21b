// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions on a real native board when things go wrong: faults, spent budgets, boards that vanish, scripts replaced,
// debug information of another build.
#include "debugger/dwarf/render.hpp"
#include "tests/unit/debugger/session/rig.hpp"

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

} // namespace

TEST_CASE("a fault stops where it happens and is explained with place, address and overshoot") {
    Rig rig(faultyScript());
    const Stop stop = rig.go(true);
    CHECK(stop.cause == RBPF_CAUSE_FAULT);
    CHECK(stop.location.line == faultyScript().line("table[index]"));
    CHECK_THAT(stop.sentence, Contains("wrote 4 bytes that end 4 bytes behind data at main.c:"));
    const auto story = rig->explain();
    REQUIRE(story);
    INFO(*story);
    CHECK_THAT(*story, Contains("WRITE_FAULT") && Contains("missed by 4 bytes") && Contains("bytecode") &&
                           Contains("registers r") && Contains("hint"));
    ok(rig->stepBackOver(Granularity::Line)); // to the beginning of this line, then to the one before
    CHECK(await<Stop>(*rig).location.line == faultyScript().line("table[index]"));
    ok(rig->stepBackOver(Granularity::Line));
    CHECK(await<Stop>(*rig).location.line == faultyScript().line("int index"));
    ok(rig->travel({0, 0, true}));
    CHECK(await<Stop>(*rig).cause == RBPF_CAUSE_FAULT);
    ok(rig->resume());
    CHECK(await<RunEnded>(*rig).cause == RBPF_CAUSE_FAULT);
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
    Rig rig(script);
    const Stop stop = rig.go(true);
    CHECK(stop.cause == RBPF_CAUSE_BUDGET);
    const auto story = rig->explain();
    REQUIRE(story);
    INFO(*story);
    CHECK_THAT(*story, Contains("used up its budget of") && Contains("the loop at main.c:") && Contains("went round"));
    ok(rig->stepBackInto(Granularity::Instruction));
    CHECK(await<Stop>(*rig).position.step == stop.position.step - 1);
}

TEST_CASE("a board that dies is found again, breakpoints are set again and the session goes on") {
    Rig rig(calmScript());
    rig.breakAt("bpf_store_local");
    ok(rig->resume());
    rig.board.kill();
    CHECK(await<Notice>(*rig).kind == Notice::Kind::LinkLost);
    CHECK(!rig->frames());
    CHECK(!rig->resume());
    rig.board.start();
    CHECK(await<Notice>(*rig).kind == Notice::Kind::Reconnected);
    CHECK(rig->running());
    rig.board.trigger();
    const Stop stop = await<Stop>(*rig);
    CHECK(stop.cause == RBPF_CAUSE_BREAKPOINT);
    CHECK(stop.location.line == calmScript().line("bpf_store_local"));
    ok(rig->detach(false));
    CHECK(rig.board.answer());
}

TEST_CASE("a board that dies while the script is halted comes back halted") {
    Rig rig(calmScript());
    rig.breakAt("bpf_store_local");
    rig.go(true);
    rig.board.kill();
    CHECK(await<Notice>(*rig).kind == Notice::Kind::LinkLost);
    rig.board.start();
    CHECK(await<Notice>(*rig).kind == Notice::Kind::Reconnected);
    CHECK(await<Stop>(*rig).cause == RBPF_CAUSE_IDLE);
    CHECK(rig->registers());
}

TEST_CASE("another build in the slot is named and not attached to") {
    LiveBoard board(calmScript());
    auto wrong = board.options(faultyScript());
    const auto refused = Session::attach(wrong);
    REQUIRE(!refused);
    CHECK_THAT(refused.error().message, Contains("slot 0 holds build"));
}

TEST_CASE("another build that comes while debugging is named and ends the session") {
    Rig rig(calmScript());
    ok(rig->resume());
    rig.board.install(faultyScript().image);
    const Notice notice = await<Notice>(*rig);
    CHECK(notice.kind == Notice::Kind::Replaced);
    const auto event = rig->wait(10s);
    REQUIRE(event);
    REQUIRE(*event);
    REQUIRE(std::holds_alternative<Ended>(**event));
    CHECK_THAT(std::get<Ended>(**event).sentence, Contains("replaced by another build"));
    CHECK(!rig->wait(1ms));
    CHECK(!rig->resume());
}

TEST_CASE("the same build installed again goes on being debugged") {
    Rig rig(calmScript());
    rig.breakAt("bpf_store_local");
    ok(rig->resume());
    rig.board.install(calmScript().image);
    CHECK(await<Notice>(*rig).kind == Notice::Kind::Replaced);
    rig.board.trigger();
    CHECK(await<Stop>(*rig).cause == RBPF_CAUSE_BREAKPOINT);
}

TEST_CASE("debug information of another build is named and not used; instructions can be stepped") {
    Rig rig(calmScript(), [](Options& options) { options.debugElf = faultyScript().elf; });
    CHECK_THAT(await<Notice>(*rig).sentence, Contains("debug information is of build"));
    CHECK(rig->debugInfo().empty());
    ok(rig->stepInto(Granularity::Line));
    rig.board.trigger();
    await<Stop>(*rig);
    ok(rig->stepInto(Granularity::Line));
    const Stop stop = await<Stop>(*rig);
    CHECK(stop.position.step == 1);
    CHECK(stop.location.line == 0);
    CHECK(rig->frames()->size() == 1);
}

TEST_CASE("a second debugger hears that the board is held, and may take it over") {
    Rig rig(calmScript());
    auto options = rig.board.options(calmScript());
    const auto second = Session::attach(options);
    REQUIRE(!second);
    CHECK_THAT(second.error().message, Contains("debug"));
    options.take = true;
    const auto third = Session::attach(options);
    REQUIRE(third);
    const auto event = rig->wait(10s);
    REQUIRE(event);
    REQUIRE(*event);
    CHECK(std::holds_alternative<Ended>(**event));
    CHECK((*third)->registers());
}

TEST_CASE("a hold time lets the script go on and says so") {
    Rig rig(calmScript(), [](Options& options) {
        options.holdMs = 300;
        options.stopOnEntry = true;
    });
    CHECK(rig.go(true).cause == RBPF_CAUSE_ENTRY);
    CHECK(await<Notice>(*rig).kind == Notice::Kind::Resumed);
    CHECK(rig->running());
    CHECK(await<RunEnded>(*rig).cause == RBPF_CAUSE_EXIT);
}

TEST_CASE("a session is saved and opened without a board") {
    Rig rig(calmScript());
    ok(rig->resume());
    rig.board.trigger();
    await<RunEnded>(*rig);
    const auto file = rig.board.folder() / "a.rbpfrec";
    ok(rig->save(file));
    rig.session.reset();
    rig.board.kill();
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
