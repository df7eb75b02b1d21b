// SPDX-License-Identifier: GPL-3.0-or-later
// Breakpoints on a real native board: which hits count, which copies of a function they reach, and what happens when
// they are set while the script runs.
#include <rbpf/image.h>

#include "tests/unit/debugger/session/rig.hpp"

using namespace rbpf;
using namespace rbpf::session;
using namespace rbpf::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

/// A run lasts until somebody sets `done`.
const Script& loopScript() {
    static const Script script(R"(
#include <rbpf/rbpf.h>
volatile int rounds, done;
static inline __attribute__((always_inline)) int scaled(int value)
{
    int wide = value * 10;
    return wide + rounds;
}
SEC("coap/go")
int answer(bpf_coap_ctx_t *request)
{
    uint32_t last = bpf_ztimer_now();
    int sum = scaled(1);
    while (!done) {
        rounds++;
        bpf_ztimer_periodic_wakeup(&last, 5000);
    }
    sum += scaled(2);
    bpf_store_local(1, sum);
    return request == 0;
}
)");
    return script;
}

const Script& countScript() {
    static const Script script(R"(
#include <rbpf/rbpf.h>
volatile int count;
char large[100];
SEC("coap/go")
int answer(bpf_coap_ctx_t *request)
{
    for (int i = 1; i <= 6; i++) {
        count = i;
    }
    large[1] = 7;
    bpf_store_local(1, count);
    return request == 0;
}
)");
    return script;
}

/// What the session tells next, whatever it is; a failure if it stays silent.
Event next(Session& session) {
    const auto event = session.wait(20s);
    REQUIRE(event);
    REQUIRE(*event);
    return **event;
}

Breakpoint shown(Session& session, int id) {
    for (const Breakpoint& one : session.breakpoints()) {
        if (one.id == id) {
            return one;
        }
    }
    FAIL("breakpoint " << id << " is gone");
    return {};
}

} // namespace

TEST_CASE("an ignore count lets that many hits pass, and each of them is counted") {
    Rig rig(countScript());
    BreakpointSpec spec;
    spec.file = "main.c";
    spec.line = countScript().line("count = i");
    spec.ignore = 3;
    spec.condition = "i != 2";
    const auto added = rig->addBreakpoint(spec);
    REQUIRE(added);
    CHECK(rig.go(true).breakpoints == std::vector<int>{added->id});
    CHECK(rig.show("i") == "5"); // 1, 3 and 4 passed
    CHECK(shown(*rig, added->id).hits == 4);
    CHECK(rig.go().breakpoints == std::vector<int>{added->id});
    CHECK(rig.show("i") == "6");
    ok(rig->resume());
    CHECK(!stopped(*rig));
}

TEST_CASE("a temporary breakpoint stops once and is gone") {
    Rig rig(countScript());
    BreakpointSpec spec;
    spec.file = "main.c";
    spec.line = countScript().line("count = i");
    spec.temporary = true;
    const auto added = rig->addBreakpoint(spec);
    REQUIRE(added);
    CHECK(rig.go(true).breakpoints == std::vector<int>{added->id});
    CHECK(rig->breakpoints().empty());
    ok(rig->resume());
    CHECK(!stopped(*rig));
}

TEST_CASE("a breakpoint set while the script runs stops that very run, and nobody sees the board pause for it") {
    Rig rig(loopScript());
    ok(rig->resume());
    const int early = rig.breakAt("int sum = scaled");
    rig.board.trigger();
    CHECK(std::holds_alternative<RunStarted>(next(*rig)));
    const auto stop = next(*rig);
    REQUIRE(std::holds_alternative<Stop>(stop));
    CHECK(std::get<Stop>(stop).breakpoints == std::vector<int>{early});
    ok(rig->removeBreakpoint(early));
    ok(rig->resume());

    const int id = rig.breakAt("rounds++");
    const auto inLoop = next(*rig);
    REQUIRE(std::holds_alternative<Stop>(inLoop));
    CHECK(std::get<Stop>(inLoop).breakpoints == std::vector<int>{id});
    CHECK(std::get<Stop>(inLoop).position.run == 1);
    CHECK(rig.go().breakpoints == std::vector<int>{id});
    ok(rig->resume());
    ok(rig->enableBreakpoint(id, false));
    for (auto event = rig->wait(50ms); event && *event && std::holds_alternative<Stop>(**event);
         event = rig->wait(50ms)) {
        ok(rig->resume()); // met before the board heard of it
    }
    CHECK(rig->running());
    ok(rig->interrupt());
    CHECK(await<Stop>(*rig).cause == RBPF_CAUSE_INTERRUPT);
    CHECK(rig.show("done = 1") == "1");
    ok(rig->resume());
    CHECK(!stopped(*rig));
}

TEST_CASE("an interrupt is seen even if the board is just being told of a breakpoint") {
    Rig rig(loopScript());
    ok(rig->resume());
    rig.board.trigger();
    await<RunStarted>(*rig);
    rig.breakAt("sum += scaled");
    ok(rig->interrupt());
    CHECK(await<Stop>(*rig).cause == RBPF_CAUSE_INTERRUPT);
    ok(rig->detach(true));
}

TEST_CASE("an interrupt is not lost on a stop that does not count") {
    Rig rig(loopScript());
    rig.breakAt("rounds++", "rounds < 0"); // the board stops there all the time, and goes on
    ok(rig->resume());
    rig.board.trigger();
    await<RunStarted>(*rig);
    for (int round = 0; round < 20; ++round) {
        ok(rig->interrupt());
        CHECK(await<Stop>(*rig).cause == RBPF_CAUSE_INTERRUPT);
        ok(rig->resume());
        (void)rig->wait(std::chrono::milliseconds(round));
    }
    ok(rig->detach(true));
}

TEST_CASE("a breakpoint in an inlined function stops in all its copies, with the frames that C has there") {
    Rig rig(loopScript());
    BreakpointSpec spec;
    spec.kind = BreakpointSpec::Kind::Function;
    spec.function = "scaled";
    const auto function = rig->addBreakpoint(spec);
    REQUIRE(function);
    CHECK(function->places.size() == 2);
    BreakpointSpec inside;
    inside.file = "main.c";
    inside.line = loopScript().line("return wide + rounds");
    const auto line = rig->addBreakpoint(inside);
    REQUIRE(line);
    CHECK(line->places.size() == 2);
    const auto expect = [&](const Stop& stop, const std::string& callers, const char* value) {
        INFO(stop.sentence);
        CHECK(stop.location.function == "scaled");
        const auto frames = rig->frames();
        REQUIRE(frames);
        REQUIRE(frames->size() == 2);
        CHECK((*frames)[0].inlined);
        CHECK((*frames)[1].location.function == "answer");
        CHECK((*frames)[1].location.line == loopScript().line(callers));
        CHECK((*frames)[0].framePointer == (*frames)[1].framePointer);
        CHECK(rig.show("value") == value);
        CHECK_THAT(rig.show("wide", 1), Contains("wide")); // not the caller's
    };
    expect(rig.go(true), "int sum = scaled", "1");
    while (rig->stop().breakpoints != std::vector<int>{line->id}) {
        rig.go();
    }
    expect(rig->stop(), "int sum = scaled", "1");
    CHECK(rig.show("done = 1", 1) == "1");
    expect(rig.go(), "sum += scaled", "2");
    ok(rig->removeBreakpoint(line->id));
    ok(rig->stepOut());
    const Stop out = await<Stop>(*rig);
    CHECK(out.location.function == "answer");
    CHECK(rig->frames()->size() == 1);
    ok(rig->detach(false));
}

TEST_CASE("what the board cannot watch or hold is refused with the limit, and the session goes on") {
    Rig rig(countScript());
    BreakpointSpec watch;
    watch.kind = BreakpointSpec::Kind::Watch;
    watch.expression = "large";
    const auto refused = rig->addBreakpoint(watch);
    REQUIRE(!refused);
    CHECK_THAT(refused.error().message, Contains("1 to 64 bytes"));
    watch.expression = "large[1]";
    REQUIRE(rig->addBreakpoint(watch));

    std::vector<int> many;
    for (std::uint32_t address = 0; address < 100; ++address) { // more than any board has room for
        BreakpointSpec spec;
        spec.kind = BreakpointSpec::Kind::Watch;
        spec.address = RBPF_ADDRESS(RBPF_REGION_STACK, address);
        spec.size = 1;
        const auto added = rig->addBreakpoint(spec);
        REQUIRE(added);
        many.push_back(added->id);
    }
    const auto gone = rig->resume();
    REQUIRE(!gone);
    INFO(gone.error().message << " " << gone.error().hint);
    CHECK_THAT(gone.error().message, Contains("the board has no room for"));
    CHECK(!rig->running());
    for (const int id : many) {
        ok(rig->removeBreakpoint(id));
    }
    const Stop stop = rig.go(true);
    CHECK(stop.cause == RBPF_CAUSE_WATCHPOINT);
    CHECK(rig.show("large[1] + 0") == "7");
}
