// SPDX-License-Identifier: GPL-3.0-or-later
// A Session that plays what a test wrote down: answers from its fields, events from its queue, calls into its list.
#pragma once

#include <deque>
#include <map>

#include "debugger/session/session.hpp"

namespace rbpf::cli::debug {

class ScriptedSession : public session::Session {
public:
    // What it answers.
    std::deque<session::Event> events;
    session::Stop now;
    bool isRunning = false;
    std::vector<session::Frame> frameList;
    std::vector<std::uint64_t> registerList = std::vector<std::uint64_t>(12);
    std::map<std::uint32_t, std::vector<std::uint8_t>> memory; ///< pieces by address
    std::vector<session::Region> regionList;
    std::vector<session::Variable> variableList;
    std::map<std::string, dwarf::Value> values;
    std::vector<session::Instruction> code;
    std::vector<std::string> files{"src/main.c"};
    std::vector<session::TimelineItem> items;
    std::optional<session::Writer> writer;
    std::vector<std::string> completions;
    bool breakpointsExist = true; ///< else addBreakpoint() says that there is no code
    std::optional<support::Error> waitError;

    // What was asked of it, a word each: "resume", "step line", "who memory 0x10 4".
    std::vector<std::string> calls;
    std::vector<session::Breakpoint> points;

    /// The script stops there at the next wait().
    void willStop(const session::Stop& stop);
    [[nodiscard]] static session::Stop stopAt(unsigned line, rbpf_cause_t cause = RBPF_CAUSE_STEP);

    support::Result<std::optional<session::Event>> wait(std::chrono::milliseconds) override;
    const session::Stop& stop() const override { return now; }
    bool running() const override { return isRunning; }
    support::Result<void> resume() override { return goes("resume"); }
    support::Result<void> stepInto(session::Granularity how) override { return goes("step " + word(how)); }
    support::Result<void> stepOver(session::Granularity how) override { return goes("next " + word(how)); }
    support::Result<void> stepOut() override { return goes("finish"); }
    support::Result<void> runTo(std::uint32_t address) override { return goes("run to " + std::to_string(address)); }
    support::Result<void> interrupt() override { return note("interrupt"); }
    support::Result<void> stepBackInto(session::Granularity how) override { return goes("back " + word(how)); }
    support::Result<void> stepBackOver(session::Granularity how) override { return goes("back over " + word(how)); }
    support::Result<void> stepBackOut() override { return goes("back out"); }
    support::Result<void> reverseResume() override { return goes("back resume"); }
    support::Result<void> travel(const session::Position& position) override;
    support::Result<session::Breakpoint> addBreakpoint(const session::BreakpointSpec& spec) override;
    support::Result<void> removeBreakpoint(int id) override;
    support::Result<void> enableBreakpoint(int id, bool enabled) override;
    std::vector<session::Breakpoint> breakpoints() const override { return points; }
    std::vector<unsigned> breakpointLines(const std::string&) const override { return {3, 4, 5}; }
    support::Result<std::vector<session::Frame>> frames() override { return frameList; }
    support::Result<std::vector<std::uint64_t>> registers() override { return registerList; }
    support::Result<void> setRegister(int, std::uint64_t) override { return note("set register"); }
    support::Result<std::vector<std::uint8_t>> readMemory(std::uint32_t address, std::uint32_t size) override;
    support::Result<void> writeMemory(std::uint32_t, std::span<const std::uint8_t>) override { return note("write"); }
    support::Result<std::vector<session::Region>> regions() override { return regionList; }
    support::Result<std::vector<session::Variable>> variables(int) override { return variableList; }
    support::Result<dwarf::Value> evaluate(const std::string& expression, int level, bool mayWrite) override;
    support::Result<std::shared_ptr<dwarf::State>> state(int level) override;
    const dwarf::DebugInfo& debugInfo() const override { return info_; }
    std::vector<std::string> complete(const std::string&, int) override { return completions; }
    support::Result<std::vector<session::Instruction>> disassemble(std::uint32_t address, std::uint32_t count) override;
    std::vector<std::string> sourceFiles() const override { return files; }
    support::Result<std::vector<session::TimelineItem>> timeline() override { return items; }
    support::Result<std::optional<session::Writer>> whoWroteRegister(int number) override;
    support::Result<std::optional<session::Writer>> whoWroteMemory(std::uint32_t address, std::uint32_t size) override;
    support::Result<session::Story> story() override { return session::Story{"the whole story", {}, {}, {}, {}}; }
    support::Result<std::string> explain() override { return std::string("the whole story"); }
    support::Result<void> save(const std::filesystem::path& file) override { return note("save " + file.string()); }
    support::Result<void> detach(bool abortRun) override { return note(abortRun ? "kill" : "detach"); }

private:
    support::Result<void> note(std::string call);
    support::Result<void> goes(std::string call);
    static std::string word(session::Granularity how) {
        return how == session::Granularity::Line ? "line" : "instruction";
    }

    dwarf::DebugInfo info_;
};

} // namespace rbpf::cli::debug
