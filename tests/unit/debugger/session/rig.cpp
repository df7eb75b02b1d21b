// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/debugger/session/rig.hpp"

#include "debugger/dwarf/render.hpp"

namespace rbpf::test {

using namespace session;
using namespace std::chrono_literals;

void ok(const support::Result<void>& done) {
    if (!done) {
        FAIL(done.error().message << " " << done.error().hint);
    }
}

Rig::Rig(const Script& script, const std::function<void(Options&)>& change) : script(script), board(script) {
    Options options = board.options(script);
    if (change) {
        change(options);
    }
    auto attached = Session::attach(options);
    if (!attached) {
        FAIL(attached.error().message);
    }
    session = std::move(*attached);
}

int Rig::breakAt(const std::string& text, const std::string& condition) {
    BreakpointSpec spec;
    spec.file = "main.c";
    spec.line = script.line(text);
    spec.condition = condition;
    const auto added = session->addBreakpoint(spec);
    REQUIRE(added);
    INFO(added->message);
    CHECK(added->verified);
    return added->id;
}

Stop Rig::go(bool fires) {
    ok(session->resume());
    if (fires) {
        board.trigger();
    }
    return await<Stop>(*session);
}

std::string Rig::show(const std::string& expression, int level) {
    const auto value = session->evaluate(expression, level, true);
    const auto state = session->state(level);
    if (!value || !state) {
        return value ? state.error().message : value.error().message;
    }
    return dwarf::render(*value, **state);
}

bool stopped(Session& session) {
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < until) {
        const auto event = session.wait(1s);
        REQUIRE(event);
        if (*event && std::holds_alternative<Stop>(**event)) {
            return true;
        }
        if (*event && std::holds_alternative<RunEnded>(**event)) {
            return false;
        }
    }
    FAIL("neither a stop nor an end");
    return false;
}

} // namespace rbpf::test
