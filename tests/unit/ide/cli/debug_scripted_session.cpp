// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/ide/cli/debug_scripted_session.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace rbpf::cli::debug {

using support::ErrorKind;
using support::Result;

namespace {

class ScriptedState : public dwarf::State {
public:
    explicit ScriptedState(ScriptedSession& session) : session_(session) {}
    std::optional<std::uint64_t> readRegister(unsigned number) const override {
        return session_.registerList.at(number);
    }
    std::optional<std::vector<std::uint8_t>> readMemory(std::uint32_t address, std::uint32_t size) const override {
        auto bytes = session_.readMemory(address, size);
        return bytes ? std::optional(*bytes) : std::nullopt;
    }

private:
    ScriptedSession& session_;
};

} // namespace

session::Stop ScriptedSession::stopAt(unsigned line, rbpf_cause_t cause) {
    session::Stop stop;
    stop.cause = cause;
    stop.position = {1, line * 10, true};
    stop.location = {line * 8, "src/main.c", "run", line, 1};
    stop.sentence = fmt::format("stopped at line {}", line);
    return stop;
}

void ScriptedSession::willStop(const session::Stop& stop) {
    events.emplace_back(stop);
}

Result<std::optional<session::Event>> ScriptedSession::wait(std::chrono::milliseconds) {
    if (waitError) {
        return tl::unexpected(*waitError);
    }
    if (events.empty()) {
        return std::nullopt;
    }
    session::Event event = std::move(events.front());
    events.pop_front();
    if (const auto* stop = std::get_if<session::Stop>(&event)) {
        now = *stop;
        isRunning = false;
        frameList = {{0, now.location, false, 0x10000200}};
    }
    return event;
}

Result<void> ScriptedSession::note(std::string call) {
    calls.push_back(std::move(call));
    return {};
}

Result<void> ScriptedSession::goes(std::string call) {
    isRunning = true;
    return note(std::move(call));
}

Result<void> ScriptedSession::travel(const session::Position& position) {
    return goes(position.live ? "travel live" : fmt::format("travel {} {}", position.run, position.step));
}

Result<session::Breakpoint> ScriptedSession::addBreakpoint(const session::BreakpointSpec& spec) {
    session::Breakpoint point;
    point.id = static_cast<int>(points.size()) + 1;
    point.spec = spec;
    point.verified = breakpointsExist;
    point.message = breakpointsExist ? "" : "line 99 has no code";
    points.push_back(point);
    return point;
}

Result<void> ScriptedSession::removeBreakpoint(int id) {
    std::erase_if(points, [id](const session::Breakpoint& one) { return one.id == id; });
    return note(fmt::format("remove {}", id));
}

Result<void> ScriptedSession::enableBreakpoint(int id, bool enabled) {
    return note(fmt::format("{} {}", enabled ? "enable" : "disable", id));
}

Result<std::vector<std::uint8_t>> ScriptedSession::readMemory(std::uint32_t address, std::uint32_t size) {
    for (const auto& [from, bytes] : memory) {
        if (address >= from && address + size <= from + bytes.size()) {
            const auto first = bytes.begin() + (address - from);
            return std::vector<std::uint8_t>(first, first + size);
        }
    }
    return support::fail(ErrorKind::Script, fmt::format("nothing can be read at 0x{:x}", address));
}

Result<dwarf::Value> ScriptedSession::evaluate(const std::string& expression, int, bool mayWrite) {
    calls.push_back((mayWrite ? "write " : "evaluate ") + expression);
    const auto found = values.find(expression);
    if (found == values.end()) {
        return support::fail(ErrorKind::Usage, "there is no \"" + expression + "\" here");
    }
    return found->second;
}

Result<std::shared_ptr<dwarf::State>> ScriptedSession::state(int) {
    return std::make_shared<ScriptedState>(*this);
}

Result<std::vector<session::Instruction>> ScriptedSession::disassemble(std::uint32_t address, std::uint32_t count) {
    std::vector<session::Instruction> list;
    std::ranges::copy_if(code, std::back_inserter(list), [&](const session::Instruction& one) {
        return one.address >= address && list.size() < count;
    });
    list.resize(std::min<std::size_t>(list.size(), count));
    return list;
}

Result<std::optional<session::Writer>> ScriptedSession::whoWroteRegister(int number) {
    calls.push_back(fmt::format("who register {}", number));
    return writer;
}

Result<std::optional<session::Writer>> ScriptedSession::whoWroteMemory(std::uint32_t address, std::uint32_t size) {
    calls.push_back(fmt::format("who memory 0x{:x} {}", address, size));
    return writer;
}

} // namespace rbpf::cli::debug
