// SPDX-License-Identifier: GPL-3.0-or-later
// Moving and looking on a real native board where things are not the usual: to a place, out backwards, without debug
// information, without history, in a run that was there before the debugger, in callers' frames.
#include "tests/unit/debugger/session/rig.hpp"

using namespace rbpf;
using namespace rbpf::session;
using namespace rbpf::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

const Script& deepScript() {
    static const Script script(R"(
#include <rbpf/rbpf.h>
volatile int total, wait;
__attribute__((noinline)) static int add(int value)
{
    total += value;
    return total;
}
SEC("coap/go")
int answer(bpf_coap_ctx_t *request)
{
    uint32_t last = bpf_ztimer_now();
    int first = add(3);
    int second = add(4);
    while (wait) {
        bpf_ztimer_periodic_wakeup(&last, 5000);
    }
    bpf_store_local(1, first + second);
    return request == 0;
}
)");
    return script;
}

std::uint32_t addressOf(Rig& rig, const std::string& text) {
    const auto match = rig->debugInfo().placesOfLine("main.c", rig.script.line(text));
    REQUIRE(match);
    return match->places.front().address;
}

} // namespace

TEST_CASE("a run to a place ends there, on the board and in history") {
    Rig rig(deepScript());
    rig.breakAt("int first = add");
    rig.go(true);
    ok(rig->runTo(addressOf(rig, "bpf_store_local")));
    Stop stop = await<Stop>(*rig);
    CHECK(stop.cause == RBPF_CAUSE_STEP);
    CHECK(stop.location.line == deepScript().line("bpf_store_local"));
    CHECK(rig.show("total") == "7");
    CHECK(!rig->runTo(3));
    CHECK(!rig->runTo(0x100000));

    ok(rig->reverseResume());
    CHECK(await<Stop>(*rig).location.line == deepScript().line("int first = add"));
    ok(rig->runTo(addressOf(rig, "return total")));
    stop = await<Stop>(*rig);
    CHECK(!stop.position.live);
    CHECK(stop.location.function == "add");
    CHECK(rig.show("total") == "3");
}

TEST_CASE("a run to a place that is not reached ends at a breakpoint before it") {
    Rig rig(deepScript());
    const int id = rig.breakAt("int second = add");
    ok(rig->stepInto(Granularity::Line));
    rig.board.trigger();
    await<Stop>(*rig);
    ok(rig->runTo(addressOf(rig, "bpf_store_local")));
    CHECK(await<Stop>(*rig).breakpoints == std::vector<int>{id});
    ok(rig->detach(false));
    CHECK(rig.board.answer());
}

TEST_CASE("a step back out of a function ends before its call") {
    Rig rig(deepScript());
    const int id = rig.breakAt("return total");
    rig.go(true);
    rig.go();
    CHECK(rig.show("total") == "7");
    ok(rig->removeBreakpoint(id));
    ok(rig->stepBackOut());
    const Stop stop = await<Stop>(*rig);
    CHECK(!stop.position.live);
    CHECK(stop.location.function == "answer");
    CHECK(stop.location.line == deepScript().line("int second = add"));
    CHECK(rig->frames()->size() == 1);
    CHECK(rig.show("total") == "3");
    ok(rig->stepBackOut()); // there is no caller: the beginning
    CHECK(await<Stop>(*rig).position == Position{1, 0, false});
}

TEST_CASE("who wrote a register: an instruction, the user, or nobody since the run began") {
    Rig rig(deepScript());
    rig.breakAt("return total");
    rig.go(true);
    const auto start = rig->whoWroteRegister(10);
    REQUIRE(start);
    REQUIRE(*start);
    CHECK((*start)->by == Writer::By::Instruction); // the call gave it a new frame
    ok(rig->travel({1, 0, false}));
    await<Stop>(*rig);
    const auto before = rig->whoWroteRegister(1);
    REQUIRE(before);
    REQUIRE(*before);
    CHECK((*before)->by == Writer::By::Start);
    ok(rig->travel({0, 0, true}));
    await<Stop>(*rig);
    ok(rig->setRegister(6, 0x1234));
    ok(rig->stepInto(Granularity::Instruction));
    CHECK(await<Stop>(*rig).position.live);
    const auto user = rig->whoWroteRegister(6);
    REQUIRE(user);
    REQUIRE(*user);
    CHECK((*user)->by == Writer::By::User);
    CHECK((*user)->after == 0x1234);
    const auto result = rig->whoWroteRegister(0);
    REQUIRE(result);
    REQUIRE(*result);
    CHECK((*result)->by == Writer::By::Instruction);
    CHECK((*result)->location.function == "add");
    CHECK(!rig->whoWroteRegister(11));
    CHECK(!rig->whoWroteRegister(-1));
}

TEST_CASE("a caller's frame has the registers that calls keep, and says of the others that they are lost") {
    Rig rig(deepScript());
    rig.breakAt("return total");
    rig.go(true);
    const auto inner = rig->state(0);
    const auto outer = rig->state(1);
    REQUIRE(inner);
    REQUIRE(outer);
    for (unsigned number = 0; number <= 11; ++number) {
        INFO("r" << number);
        CHECK((*inner)->readRegister(number));
        CHECK((*outer)->readRegister(number).has_value() == (number >= 6));
    }
    CHECK(*(*outer)->readRegister(10) != *(*inner)->readRegister(10));
    const auto lost = rig->evaluate("$r1", 1, false);
    REQUIRE(lost);
    CHECK(!lost->available());
    const auto computed = rig->evaluate("$r1 + 1", 1, false);
    CHECK(!computed);
    CHECK(rig.show("$r10", 1) != rig.show("$r10", 0));
}

TEST_CASE("without debug information an image is stepped by instruction and stopped at entries and addresses") {
    Rig rig(deepScript(), [](Options& options) { options.debugElf.clear(); });
    CHECK(rig->sourceFiles().empty());
    BreakpointSpec entry;
    entry.kind = BreakpointSpec::Kind::Function;
    entry.function = "answer";
    const auto added = rig->addBreakpoint(entry);
    REQUIRE(added);
    CHECK(added->verified);
    BreakpointSpec line;
    line.file = "main.c";
    line.line = 5;
    const auto refused = rig->addBreakpoint(line);
    REQUIRE(refused);
    CHECK(!refused->verified);
    CHECK_THAT(refused->message, Contains("no debug information"));
    Stop stop = rig.go(true);
    CHECK(stop.breakpoints == std::vector<int>{added->id});
    CHECK(stop.location.function == "answer");
    CHECK(stop.location.line == 0);
    for (std::uint64_t step = 1; step <= 4; ++step) {
        ok(rig->stepInto(Granularity::Line));
        stop = await<Stop>(*rig);
        CHECK(stop.position.step == step);
    }
    CHECK(rig.show("$r10 > 0") == "1");
    const auto locals = rig->variables(0);
    CHECK((!locals || locals->empty()));
    CHECK(!rig->evaluate("total", 0, false));
    ok(rig->stepBackOver(Granularity::Line));
    CHECK(await<Stop>(*rig).position.step == 3);
    while (rig->frames()->size() == 1) {
        ok(rig->stepInto(Granularity::Instruction));
        await<Stop>(*rig);
    }
    ok(rig->stepOut());
    await<Stop>(*rig);
    CHECK(rig->frames()->size() == 1);
    ok(rig->detach(false));
    CHECK(rig.board.answer());
}

TEST_CASE("with history off the script goes forwards only, and what needs history says why not") {
    Rig rig(deepScript(), [](Options& options) { options.history = false; });
    const int id = rig.breakAt("int second = add");
    CHECK(rig.go(true).breakpoints == std::vector<int>{id});
    CHECK(rig->stop().position.live);
    for (const auto& refused :
         {rig->stepBackOver(Granularity::Line), rig->stepBackInto(Granularity::Instruction), rig->stepBackOut(),
          rig->reverseResume(), rig->save(rig.board.folder() / "a.rbpfrec"), rig->travel({1, 0, false})}) {
        REQUIRE(!refused);
        INFO(refused.error().message);
        CHECK_THAT(refused.error().message, Contains("history is off"));
    }
    const auto writer = rig->whoWroteRegister(0);
    CHECK((!writer || !*writer));
    ok(rig->stepOver(Granularity::Line));
    CHECK(await<Stop>(*rig).location.line == deepScript().line("while (wait)"));
    CHECK(rig.show("total") == "7");
    ok(rig->resume());
    const auto ended = await<RunEnded>(*rig);
    CHECK(ended.run == 1);
    CHECK(ended.cause == RBPF_CAUSE_EXIT);
    CHECK(!std::filesystem::exists(rig.board.folder() / "a.rbpfrec"));
}

TEST_CASE("a run that was in progress at attach is followed forwards, and the next one is recorded") {
    Rig rig(deepScript());
    rig.breakAt("int first = add");
    rig.go(true);
    CHECK(rig.show("wait = 1") == "1");
    ok(rig->detach(false));

    auto attached = Session::attach(rig.board.options(deepScript()));
    REQUIRE(attached);
    Session& late = **attached;
    CHECK(late.stop().cause == RBPF_CAUSE_INTERRUPT);
    const Notice notice = await<Notice>(late);
    CHECK(notice.kind == Notice::Kind::HistoryIncomplete);
    CHECK_THAT(notice.sentence, Contains("history begins with the next run"));
    CHECK(late.frames()->back().location.function == "answer");
    const auto back = late.stepBackOver(Granularity::Line);
    REQUIRE(!back);
    CHECK_THAT(back.error().message + back.error().hint, Contains("history begins with"));
    CHECK(!late.save(rig.board.folder() / "b.rbpfrec"));
    ok(late.stepOver(Granularity::Instruction));
    await<Stop>(late);
    REQUIRE(late.evaluate("wait = 0", 0, true));
    ok(late.resume());
    CHECK(await<RunEnded>(late).cause == RBPF_CAUSE_EXIT);
    CHECK(rig.board.answer());

    ok(late.interrupt());
    CHECK(await<Stop>(late).cause == RBPF_CAUSE_IDLE);
    ok(late.stepInto(Granularity::Instruction));
    rig.board.trigger();
    CHECK(await<Stop>(late).position == Position{1, 0, true});
    ok(late.stepInto(Granularity::Instruction));
    await<Stop>(late);
    ok(late.stepBackInto(Granularity::Instruction));
    CHECK(await<Stop>(late).position.step == 0);
    for (auto event = late.wait(1ms); event && *event; event = late.wait(1ms)) {
        CHECK(!std::holds_alternative<Notice>(**event)); // there is no gap
    }
}

TEST_CASE("a hold limit that aborts ends the run, tells so, and whoever asked is answered") {
    Rig rig(deepScript(), [](Options& options) {
        options.holdMs = 200;
        options.holdAborts = true;
    });
    rig.breakAt("int second = add");
    rig.go(true);
    const Notice notice = await<Notice>(*rig);
    CHECK(notice.kind == Notice::Kind::Resumed);
    CHECK_THAT(notice.sentence, Contains("aborted"));
    const RunEnded ended = await<RunEnded>(*rig);
    CHECK(ended.cause == RBPF_CAUSE_FAULT);
    CHECK_THAT(ended.sentence, Contains("ABORTED"));
    CHECK(rig.board.answer());
    CHECK(rig->running()); // and waits for the next trigger
}
