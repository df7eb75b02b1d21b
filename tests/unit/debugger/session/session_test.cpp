// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions on a real native board: breakpoints, steps, values, time travel.
#include <algorithm>

#include "debugger/dwarf/render.hpp"
#include "tests/unit/debugger/session/rig.hpp"

using namespace rbpf;
using namespace rbpf::session;
using namespace rbpf::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kSum = R"(
#include <rbpf/rbpf.h>
volatile int total;
__attribute__((noinline)) static int twice(int value)
{
    int doubled = value * 2;
    total += doubled;
    return doubled;
}
SEC("coap/go")
int answer(bpf_coap_ctx_t *request)
{
    int sum = 0;
    for (int i = 1; i <= 3; i++) {
        sum += twice(i);
    }
    bpf_store_local(5, sum);
    bpf_gcoap_resp_init(request, COAP_CODE_CONTENT);
    int length = bpf_coap_opt_finish(request, COAP_OPT_FINISH_PAYLOAD);
    length += bpf_fmt_u32_dec(bpf_coap_get_pdu(request), sum);
    return length;
}
)";

const Script& sumScript() {
    static const Script script(kSum);
    return script;
}

} // namespace

TEST_CASE("a run on the board stops at a breakpoint, shows its values and answers when it goes on") {
    Rig rig(sumScript());
    CHECK(rig->stop().cause == RBPF_CAUSE_IDLE);
    const int id = rig.breakAt("total += doubled");
    ok(rig->resume());
    rig.board.trigger();
    for (int round = 1; round <= 3; ++round) {
        const Stop stop = await<Stop>(*rig);
        CHECK(stop.cause == RBPF_CAUSE_BREAKPOINT);
        CHECK(stop.breakpoints == std::vector<int>{id});
        CHECK(stop.location.function == "twice");
        CHECK(rig.show("doubled") == std::to_string(2 * round));
        const auto frames = rig->frames();
        REQUIRE(frames);
        REQUIRE(frames->size() == 2);
        CHECK(frames->back().location.function == "answer");
        CHECK(frames->back().location.line == sumScript().line("sum += twice"));
        ok(rig->resume());
    }
    const auto ended = await<RunEnded>(*rig);
    CHECK(ended.cause == RBPF_CAUSE_EXIT);
    CHECK(rig.board.answer().value_or("none") == "12");
    REQUIRE(rig->breakpoints().size() == 1);
    CHECK(rig->breakpoints().front().hits == 3);
    ok(rig->detach(false));
}

TEST_CASE("a condition and a log message decide on the board") {
    Rig rig(sumScript());
    const unsigned line = sumScript().line("total += doubled");
    BreakpointSpec log;
    log.file = "main.c";
    log.line = line;
    log.logMessage = "doubled {doubled}";
    REQUIRE(rig->addBreakpoint(log));
    const int conditional = rig.breakAt("total += doubled", "doubled == 4");
    ok(rig->resume());
    rig.board.trigger();
    CHECK(await<Output>(*rig).text == "doubled 2\n");
    CHECK(await<Output>(*rig).text == "doubled 4\n");
    const Stop stop = await<Stop>(*rig);
    CHECK(stop.breakpoints == std::vector<int>{conditional});
    ok(rig->resume());
    CHECK(await<Output>(*rig).text == "doubled 6\n");
    await<RunEnded>(*rig);
    CHECK(rig.board.answer().value_or("none") == "12");
}

TEST_CASE("steps go over calls, into them and out of them, line by line") {
    Rig rig(sumScript());
    rig.breakAt("int sum = 0");
    Stop stop = rig.go(true);
    const unsigned call = sumScript().line("sum += twice");
    while (stop.location.line != call) {
        ok(rig->stepOver(Granularity::Line));
        stop = await<Stop>(*rig);
        INFO(stop.sentence);
        REQUIRE(stop.location.function == "answer");
    }
    ok(rig->stepInto(Granularity::Line));
    stop = await<Stop>(*rig);
    CHECK(stop.location.function == "twice");
    ok(rig->stepOut());
    stop = await<Stop>(*rig);
    CHECK(stop.location.function == "answer");
    CHECK(rig->frames()->size() == 1);
    int stops = 0;
    unsigned last = 0;
    while (stop.location.line != sumScript().line("bpf_store_local") && ++stops < 30) {
        last = stop.location.line;
        ok(rig->stepOver(Granularity::Line));
        stop = await<Stop>(*rig);
        CHECK(stop.location.function == "answer");
        CHECK(stop.location.line != last);
    }
    CHECK(rig.show("total") == "12");
    // Off the end: the run ends, and the next one stops at its beginning.
    for (int i = 0; i < 10 && rig->stop().cause != RBPF_CAUSE_ENTRY; ++i) {
        ok(rig->stepOver(Granularity::Line));
        for (bool over = false; !over;) {
            const auto event = rig->wait(10s);
            REQUIRE(event);
            REQUIRE(*event);
            over = std::holds_alternative<Stop>(**event);
            if (std::holds_alternative<RunEnded>(**event)) {
                CHECK(rig.board.answer().value_or("none") == "12");
                rig.board.trigger();
            }
        }
    }
    CHECK(rig->stop().cause == RBPF_CAUSE_ENTRY);
    CHECK(rig->stop().position.run == 2);
}

TEST_CASE("the state after every single step on the board is history's for that step") {
    Rig rig(sumScript());
    ok(rig->stepInto(Granularity::Instruction));
    rig.board.trigger();
    struct Seen {
        std::vector<std::uint64_t> registers;
        std::vector<std::vector<std::uint8_t>> memory;
        std::size_t frames;
    };
    std::vector<Seen> seen;
    const auto look = [&] {
        Seen now;
        now.registers = rig->registers().value();
        const auto regions = rig->regions();
        REQUIRE(regions);
        for (const Region& region : *regions) {
            if (region.readable && region.size > 0) {
                const auto bytes = rig->readMemory(region.address, region.size);
                REQUIRE(bytes);
                now.memory.push_back(*bytes);
            }
        }
        now.frames = rig->frames()->size();
        return now;
    };
    bool over = false;
    while (!over) {
        for (;;) {
            const auto event = rig->wait(10s);
            REQUIRE(event);
            REQUIRE(*event);
            if (std::holds_alternative<RunEnded>(**event)) {
                over = true;
                ok(rig->interrupt());
            } else if (std::holds_alternative<Stop>(**event)) {
                break;
            }
        }
        if (!over) {
            REQUIRE(rig->stop().position.step == seen.size());
            seen.push_back(look());
            ok(rig->stepInto(Granularity::Instruction));
        }
    }
    CHECK(rig.board.answer().value_or("none") == "12");
    REQUIRE(seen.size() > 50);
    for (std::size_t step = 0; step < seen.size(); ++step) {
        INFO(step);
        ok(rig->travel({1, step, false}));
        const Seen past = look();
        REQUIRE(past.registers == seen[step].registers);
        REQUIRE(past.frames == seen[step].frames);
        REQUIRE(past.memory == seen[step].memory);
    }
}

TEST_CASE("history goes back by line, to breakpoints and to who wrote a variable, and forwards to the present") {
    Rig rig(sumScript());
    const int id = rig.breakAt("bpf_gcoap_resp_init");
    Stop stop = rig.go(true);
    CHECK(stop.breakpoints == std::vector<int>{id});
    CHECK(rig.show("total") == "12");
    ok(rig->stepBackOver(Granularity::Line));
    stop = await<Stop>(*rig);
    CHECK(!stop.position.live);
    CHECK(stop.location.line == sumScript().line("bpf_store_local"));
    const int inner = rig.breakAt("total += doubled");
    for (const char* doubled : {"6", "4", "2"}) {
        ok(rig->reverseResume());
        stop = await<Stop>(*rig);
        CHECK(stop.breakpoints == std::vector<int>{inner});
        CHECK(rig.show("doubled") == doubled);
    }
    CHECK(rig.show("total") == "0");
    CHECK(!rig->evaluate("total = 1", 0, true));
    ok(rig->reverseResume());
    stop = await<Stop>(*rig);
    CHECK(stop.atHistoryEnd);
    CHECK(stop.position.step == 0);
    ok(rig->travel({0, 0, true}));
    stop = await<Stop>(*rig);
    CHECK(stop.position.live);
    const auto total = rig->evaluate("total", 0, false);
    REQUIRE(total);
    REQUIRE(total->address());
    const auto writer = rig->whoWroteMemory(*total->address(), 4);
    REQUIRE(writer);
    REQUIRE(*writer);
    CHECK((*writer)->location.line == sumScript().line("total += doubled"));
    CHECK((*writer)->before == 6);
    CHECK((*writer)->after == 12);
    const auto timeline = rig->timeline();
    REQUIRE(timeline);
    REQUIRE(timeline->size() == 3);
    CHECK((*timeline)[1].text == "bpf_store_local(key 5, value 12) = 0");
    CHECK((*timeline)[1].outside);
    ok(rig->resume());
    await<RunEnded>(*rig);
    CHECK(rig.board.answer().value_or("none") == "12");
}

TEST_CASE("a variable is watched on the board and in history") {
    Rig rig(sumScript());
    BreakpointSpec watch;
    watch.kind = BreakpointSpec::Kind::Watch;
    watch.expression = "total";
    const auto added = rig->addBreakpoint(watch);
    REQUIRE(added);
    ok(rig->resume());
    rig.board.trigger();
    for (const char* value : {"2", "6", "12"}) {
        const Stop stop = await<Stop>(*rig);
        CHECK(stop.cause == RBPF_CAUSE_WATCHPOINT);
        CHECK(stop.breakpoints == std::vector<int>{added->id});
        CHECK(rig.show("total") == value);
        if (std::string(value) != "12") {
            ok(rig->resume());
        }
    }
    for (const char* value : {"6", "2", "0"}) {
        ok(rig->reverseResume());
        CHECK(await<Stop>(*rig).cause == RBPF_CAUSE_WATCHPOINT);
        CHECK(rig.show("total") == value);
    }
    ok(rig->detach(false));
    CHECK(rig.board.answer().value_or("none") == "12");
}

TEST_CASE("what is assigned on the board is what the script goes on with, and history knows it") {
    Rig rig(sumScript());
    rig.breakAt("total += doubled", "doubled == 6");
    rig.go(true);
    CHECK(rig.show("total = 100") == "100");
    ok(rig->stepOver(Granularity::Line));
    await<Stop>(*rig);
    CHECK(rig.show("total") == "106");
    ok(rig->stepInto(Granularity::Instruction));
    await<Stop>(*rig);
    ok(rig->stepBackInto(Granularity::Instruction));
    await<Stop>(*rig);
    CHECK(rig.show("total") == "106");
    ok(rig->detach(false));
    CHECK(rig.board.answer().value_or("none") == "12");
}

TEST_CASE("entries, bindings, store keys and exits stop the board, and history in both directions") {
    Rig rig(sumScript());
    using Kind = BreakpointSpec::Kind;
    std::vector<std::pair<int, rbpf_cause_t>> order;
    const auto add = [&](Kind kind, std::uint32_t address, rbpf_cause_t cause) {
        BreakpointSpec spec;
        spec.kind = kind;
        spec.address = address;
        const auto added = rig->addBreakpoint(spec);
        REQUIRE(added);
        order.emplace_back(added->id, cause);
    };
    add(Kind::Entry, 0, RBPF_CAUSE_ENTRY);
    add(Kind::Store, 5, RBPF_CAUSE_STORE);
    add(Kind::Binding, 0x40, RBPF_CAUSE_BINDING); // gcoap_resp_init
    add(Kind::Exit, 0, RBPF_CAUSE_EXIT);
    BreakpointSpec elsewhere;
    elsewhere.kind = Kind::Store;
    elsewhere.address = 6;
    REQUIRE(rig->addBreakpoint(elsewhere));
    ok(rig->resume());
    rig.board.trigger();
    for (const auto& [id, cause] : order) {
        const Stop stop = await<Stop>(*rig);
        INFO(stop.sentence);
        CHECK(stop.cause == cause);
        CHECK(stop.breakpoints == std::vector<int>{id});
        if (cause != RBPF_CAUSE_EXIT) {
            ok(rig->resume());
        }
    }
    for (std::size_t i = 3; i-- > 0;) {
        ok(rig->reverseResume());
        const Stop stop = await<Stop>(*rig);
        INFO(stop.sentence);
        CHECK(stop.cause == order[i].second);
        CHECK(stop.breakpoints == std::vector<int>{order[i].first});
    }
    for (std::size_t i = 1; i < 3; ++i) {
        ok(rig->resume());
        CHECK(await<Stop>(*rig).breakpoints == std::vector<int>{order[i].first});
    }
    ok(rig->resume());
    CHECK(await<Stop>(*rig).position.live);
    ok(rig->detach(false));
    CHECK(rig.board.answer().value_or("none") == "12");
}

TEST_CASE("a variable that is optimised out here shows what it last was") {
    const Script optimised(kSum, false);
    Rig rig(optimised);
    rig.breakAt("return doubled");
    rig.go(true);
    rig.go();
    const auto variables = rig->variables(0);
    REQUIRE(variables);
    const auto value = std::find_if(variables->begin(), variables->end(),
                                    [](const Variable& variable) { return variable.name == "value"; });
    REQUIRE(value != variables->end());
    REQUIRE(value->value.availability == dwarf::Availability::OptimisedOut);
    REQUIRE(value->lastKnown);
    CHECK(dwarf::numberOf(*value->lastKnown) == 2u);
    CHECK(value->lastKnownAt < rig->stop().position);
}

TEST_CASE("breakpoints that moved, and those that can never be hit, say so") {
    Rig rig(sumScript());
    BreakpointSpec spec;
    spec.file = "main.c";
    spec.line = sumScript().line("SEC(");
    const auto moved = rig->addBreakpoint(spec);
    REQUIRE(moved);
    CHECK(moved->verified);
    CHECK(moved->message.find("moved from line") != std::string::npos);
    spec.line = 9999;
    const auto behind = rig->addBreakpoint(spec);
    REQUIRE(behind);
    CHECK(!behind->verified);
    CHECK(behind->message.find("no code at or behind") != std::string::npos);
    spec.condition = "1 +";
    CHECK(!rig->addBreakpoint(spec));
    spec.condition = "total = 3";
    CHECK(!rig->addBreakpoint(spec));
    CHECK(!rig->removeBreakpoint(77));
}
