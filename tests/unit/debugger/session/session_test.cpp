// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions on a real native board: breakpoints, steps, values, time travel.
#include <algorithm>

#include "debugger/dwarf/render.hpp"
#include "tests/unit/debugger/session/live_board.hpp"

using namespace rbpf;
using namespace rbpf::session;
using namespace rbpf::test;
using namespace std::chrono_literals;

namespace {

const Script& sumScript() {
    static const Script script(R"(
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

int addLine(Session& session, unsigned line, const std::string& condition = "") {
    BreakpointSpec spec;
    spec.file = "main.c";
    spec.line = line;
    spec.condition = condition;
    const auto added = session.addBreakpoint(spec);
    REQUIRE(added);
    INFO(added->message);
    CHECK(added->verified);
    return added->id;
}

std::string show(Session& session, const std::string& expression, int level = 0) {
    const auto value = session.evaluate(expression, level, true);
    const auto state = session.state(level);
    if (!value || !state) {
        return value ? state.error().message : value.error().message;
    }
    return dwarf::render(*value, **state);
}

} // namespace

TEST_CASE("a run on the board stops at a breakpoint, shows its values and answers when it goes on") {
    LiveBoard board(sumScript());
    auto session = attach(board.options(sumScript()));
    CHECK(session->stop().cause == RBPF_CAUSE_IDLE);
    const int id = addLine(*session, sumScript().line("total += doubled"));
    ok(session->resume());
    board.trigger();
    for (int round = 1; round <= 3; ++round) {
        const Stop stop = await<Stop>(*session);
        CHECK(stop.cause == RBPF_CAUSE_BREAKPOINT);
        CHECK(stop.breakpoints == std::vector<int>{id});
        CHECK(stop.location.function == "twice");
        CHECK(show(*session, "doubled") == std::to_string(2 * round));
        const auto frames = session->frames();
        REQUIRE(frames);
        REQUIRE(frames->size() == 2);
        CHECK(frames->back().location.function == "answer");
        CHECK(frames->back().location.line == sumScript().line("sum += twice"));
        ok(session->resume());
    }
    const auto ended = await<RunEnded>(*session);
    CHECK(ended.cause == RBPF_CAUSE_EXIT);
    CHECK(board.answer().value_or("none") == "12");
    REQUIRE(session->breakpoints().size() == 1);
    CHECK(session->breakpoints().front().hits == 3);
    ok(session->detach(false));
}

TEST_CASE("a condition, an ignore count and a log message decide on the board") {
    LiveBoard board(sumScript());
    auto session = attach(board.options(sumScript()));
    const unsigned line = sumScript().line("total += doubled");
    BreakpointSpec log;
    log.file = "main.c";
    log.line = line;
    log.logMessage = "doubled {doubled}";
    REQUIRE(session->addBreakpoint(log));
    const int conditional = addLine(*session, line, "doubled == 4");
    ok(session->resume());
    board.trigger();
    CHECK(await<Output>(*session).text == "doubled 2\n");
    CHECK(await<Output>(*session).text == "doubled 4\n");
    const Stop stop = await<Stop>(*session);
    CHECK(stop.breakpoints == std::vector<int>{conditional});
    ok(session->resume());
    CHECK(await<Output>(*session).text == "doubled 6\n");
    await<RunEnded>(*session);
    CHECK(board.answer().value_or("none") == "12");
}

TEST_CASE("steps go over calls, into them and out of them, line by line") {
    LiveBoard board(sumScript());
    auto session = attach(board.options(sumScript()));
    addLine(*session, sumScript().line("int sum = 0"));
    ok(session->resume());
    board.trigger();
    Stop stop = await<Stop>(*session);
    const unsigned call = sumScript().line("sum += twice");
    while (stop.location.line != call) {
        ok(session->stepOver(Granularity::Line));
        stop = await<Stop>(*session);
        INFO(stop.sentence);
        REQUIRE(stop.location.function == "answer");
    }
    ok(session->stepInto(Granularity::Line));
    stop = await<Stop>(*session);
    CHECK(stop.location.function == "twice");
    ok(session->stepOut());
    stop = await<Stop>(*session);
    CHECK(stop.location.function == "answer");
    CHECK(session->frames()->size() == 1);
    int stops = 0;
    unsigned last = 0;
    while (stop.location.line != sumScript().line("bpf_store_local") && ++stops < 30) {
        last = stop.location.line;
        ok(session->stepOver(Granularity::Line));
        stop = await<Stop>(*session);
        CHECK(stop.location.function == "answer");
        CHECK(stop.location.line != last);
    }
    CHECK(show(*session, "total") == "12");
    // Off the end: the run ends, and the next one stops at its beginning.
    for (int i = 0; i < 10 && session->stop().cause != RBPF_CAUSE_ENTRY; ++i) {
        ok(session->stepOver(Granularity::Line));
        for (bool over = false; !over;) {
            const auto event = session->wait(10s);
            REQUIRE(event);
            REQUIRE(*event);
            over = std::holds_alternative<Stop>(**event);
            if (std::holds_alternative<RunEnded>(**event)) {
                CHECK(board.answer().value_or("none") == "12");
                board.trigger();
            }
        }
    }
    CHECK(session->stop().cause == RBPF_CAUSE_ENTRY);
    CHECK(session->stop().position.run == 2);
}

TEST_CASE("the state after every single step on the board is history's for that step") {
    LiveBoard board(sumScript());
    auto session = attach(board.options(sumScript()));
    ok(session->stepInto(Granularity::Instruction));
    board.trigger();
    struct Seen {
        std::vector<std::uint64_t> registers;
        std::vector<std::vector<std::uint8_t>> memory;
        std::size_t frames;
    };
    std::vector<Seen> seen;
    const auto look = [&] {
        Seen now;
        now.registers = session->registers().value();
        const auto regions = session->regions();
        REQUIRE(regions);
        for (const Region& region : *regions) {
            if (region.readable && region.size > 0) {
                const auto bytes = session->readMemory(region.address, region.size);
                REQUIRE(bytes);
                now.memory.push_back(*bytes);
            }
        }
        now.frames = session->frames()->size();
        return now;
    };
    bool over = false;
    while (!over) {
        for (;;) {
            const auto event = session->wait(10s);
            REQUIRE(event);
            REQUIRE(*event);
            if (std::holds_alternative<RunEnded>(**event)) {
                over = true;
                ok(session->interrupt());
            } else if (std::holds_alternative<Stop>(**event)) {
                break;
            }
        }
        if (!over) {
            REQUIRE(session->stop().position.step == seen.size());
            seen.push_back(look());
            ok(session->stepInto(Granularity::Instruction));
        }
    }
    CHECK(board.answer().value_or("none") == "12");
    REQUIRE(seen.size() > 50);
    for (std::size_t step = 0; step < seen.size(); ++step) {
        INFO(step);
        ok(session->travel({1, step, false}));
        const Seen past = look();
        REQUIRE(past.registers == seen[step].registers);
        REQUIRE(past.frames == seen[step].frames);
        REQUIRE(past.memory == seen[step].memory);
    }
}

TEST_CASE("history goes back by line, to breakpoints and to who wrote a variable, and forwards to the present") {
    LiveBoard board(sumScript());
    auto session = attach(board.options(sumScript()));
    const int id = addLine(*session, sumScript().line("bpf_gcoap_resp_init"));
    ok(session->resume());
    board.trigger();
    Stop stop = await<Stop>(*session);
    CHECK(stop.breakpoints == std::vector<int>{id});
    CHECK(show(*session, "total") == "12");
    ok(session->stepBackOver(Granularity::Line));
    stop = await<Stop>(*session);
    CHECK(!stop.position.live);
    CHECK(stop.location.line == sumScript().line("bpf_store_local"));
    const int inner = addLine(*session, sumScript().line("total += doubled"));
    for (const char* doubled : {"6", "4", "2"}) {
        ok(session->reverseResume());
        stop = await<Stop>(*session);
        CHECK(stop.breakpoints == std::vector<int>{inner});
        CHECK(show(*session, "doubled") == doubled);
    }
    CHECK(show(*session, "total") == "0");
    CHECK(!session->evaluate("total = 1", 0, true));
    ok(session->reverseResume());
    stop = await<Stop>(*session);
    CHECK(stop.atHistoryEnd);
    CHECK(stop.position.step == 0);
    ok(session->travel({0, 0, true}));
    stop = await<Stop>(*session);
    CHECK(stop.position.live);
    const auto total = session->evaluate("total", 0, false);
    REQUIRE(total);
    REQUIRE(total->address());
    const auto writer = session->whoWroteMemory(*total->address(), 4);
    REQUIRE(writer);
    REQUIRE(*writer);
    CHECK((*writer)->location.line == sumScript().line("total += doubled"));
    CHECK((*writer)->before == 6);
    CHECK((*writer)->after == 12);
    const auto timeline = session->timeline();
    REQUIRE(timeline);
    REQUIRE(timeline->size() == 3);
    CHECK((*timeline)[1].text == "bpf_store_local(key 5, value 12) = 0");
    CHECK((*timeline)[1].outside);
    ok(session->resume());
    await<RunEnded>(*session);
    CHECK(board.answer().value_or("none") == "12");
}

TEST_CASE("a variable is watched on the board and in history") {
    LiveBoard board(sumScript());
    auto session = attach(board.options(sumScript()));
    BreakpointSpec watch;
    watch.kind = BreakpointSpec::Kind::Watch;
    watch.expression = "total";
    const auto added = session->addBreakpoint(watch);
    REQUIRE(added);
    ok(session->resume());
    board.trigger();
    for (const char* value : {"2", "6", "12"}) {
        const Stop stop = await<Stop>(*session);
        CHECK(stop.cause == RBPF_CAUSE_WATCHPOINT);
        CHECK(stop.breakpoints == std::vector<int>{added->id});
        CHECK(show(*session, "total") == value);
        if (std::string(value) != "12") {
            ok(session->resume());
        }
    }
    for (const char* value : {"6", "2", "0"}) {
        ok(session->reverseResume());
        CHECK(await<Stop>(*session).cause == RBPF_CAUSE_WATCHPOINT);
        CHECK(show(*session, "total") == value);
    }
    ok(session->detach(false));
    CHECK(board.answer().value_or("none") == "12");
}

TEST_CASE("what is assigned on the board is what the script goes on with, and history knows it") {
    LiveBoard board(sumScript());
    auto session = attach(board.options(sumScript()));
    addLine(*session, sumScript().line("total += doubled"), "doubled == 6");
    ok(session->resume());
    board.trigger();
    await<Stop>(*session);
    CHECK(show(*session, "total = 100") == "100");
    ok(session->stepOver(Granularity::Line));
    await<Stop>(*session);
    CHECK(show(*session, "total") == "106");
    ok(session->stepInto(Granularity::Instruction));
    await<Stop>(*session);
    ok(session->stepBackInto(Granularity::Instruction));
    await<Stop>(*session);
    CHECK(show(*session, "total") == "106");
    ok(session->detach(false));
    CHECK(board.answer().value_or("none") == "12");
}

TEST_CASE("entries, bindings, store keys and exits stop the board, and history in both directions") {
    LiveBoard board(sumScript());
    auto session = attach(board.options(sumScript()));
    using Kind = BreakpointSpec::Kind;
    std::vector<std::pair<int, rbpf_cause_t>> order;
    const auto add = [&](Kind kind, std::uint32_t address, rbpf_cause_t cause) {
        BreakpointSpec spec;
        spec.kind = kind;
        spec.address = address;
        const auto added = session->addBreakpoint(spec);
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
    REQUIRE(session->addBreakpoint(elsewhere));
    ok(session->resume());
    board.trigger();
    for (const auto& [id, cause] : order) {
        const Stop stop = await<Stop>(*session);
        INFO(stop.sentence);
        CHECK(stop.cause == cause);
        CHECK(stop.breakpoints == std::vector<int>{id});
        if (cause != RBPF_CAUSE_EXIT) {
            ok(session->resume());
        }
    }
    for (std::size_t i = 3; i-- > 0;) {
        ok(session->reverseResume());
        const Stop stop = await<Stop>(*session);
        INFO(stop.sentence);
        CHECK(stop.cause == order[i].second);
        CHECK(stop.breakpoints == std::vector<int>{order[i].first});
    }
    for (std::size_t i = 1; i < 3; ++i) {
        ok(session->resume());
        CHECK(await<Stop>(*session).breakpoints == std::vector<int>{order[i].first});
    }
    ok(session->resume());
    CHECK(await<Stop>(*session).position.live);
    ok(session->detach(false));
    CHECK(board.answer().value_or("none") == "12");
}

TEST_CASE("a variable that is optimised out here shows what it last was") {
    LiveBoard board(sumScript());
    auto session = attach(board.options(sumScript()));
    addLine(*session, sumScript().line("total += doubled"), "doubled == 4");
    ok(session->resume());
    board.trigger();
    await<Stop>(*session);
    const auto variables = session->variables(0);
    REQUIRE(variables);
    const auto value = std::find_if(variables->begin(), variables->end(),
                                    [](const Variable& variable) { return variable.name == "value"; });
    REQUIRE(value != variables->end());
    REQUIRE(value->value.availability == dwarf::Availability::OptimisedOut);
    REQUIRE(value->lastKnown);
    CHECK(dwarf::numberOf(*value->lastKnown) == 2u);
    CHECK(value->lastKnownAt < session->stop().position);
}

TEST_CASE("breakpoints that moved, and those that can never be hit, say so") {
    LiveBoard board(sumScript());
    auto session = attach(board.options(sumScript()));
    BreakpointSpec spec;
    spec.file = "main.c";
    spec.line = sumScript().line("SEC(");
    const auto moved = session->addBreakpoint(spec);
    REQUIRE(moved);
    CHECK(moved->verified);
    CHECK(moved->message.find("moved from line") != std::string::npos);
    spec.line = 9999;
    const auto behind = session->addBreakpoint(spec);
    REQUIRE(behind);
    CHECK(!behind->verified);
    CHECK(behind->message.find("no code at or behind") != std::string::npos);
    spec.condition = "1 +";
    CHECK(!session->addBreakpoint(spec));
    spec.condition = "total = 3";
    CHECK(!session->addBreakpoint(spec));
    CHECK(!session->removeBreakpoint(77));
}
