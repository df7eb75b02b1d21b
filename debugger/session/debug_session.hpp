// SPDX-License-Identifier: GPL-3.0-or-later
// The one implementation of Session: with a board behind it, or (open()) with a recording only. Each .cpp file named
// session_*.cpp holds one part of it.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>

#include "debugger/rsp/rsp_client.hpp"
#include "debugger/session/board_points.hpp"
#include "debugger/session/explain.hpp"
#include "debugger/session/history.hpp"
#include "debugger/session/places.hpp"
#include "debugger/session/program.hpp"
#include "debugger/session/recorder.hpp"
#include "debugger/session/session.hpp"
#include "debugger/session/step_goal.hpp"
#include "debugger/session/target.hpp"
#include "debugger/session/travel.hpp"
#include "debugger/session/unwind.hpp"

namespace rbpf::session {

class DebugSession final : public Session {
public:
    DebugSession(Options options, Program program, History history);
    /// For tests and attach(): connects over an open client. `reconnect` makes a new one after a link loss.
    using Connect = std::function<support::Result<std::unique_ptr<rsp::RspClient>>()>;
    support::Result<void> begin(Connect connect);
    /// Stands at the end of what was recorded.
    support::Result<void> beginRecorded();

    support::Result<std::optional<Event>> wait(std::chrono::milliseconds wait) override;
    const Stop& stop() const override { return stop_; }
    bool running() const override { return running_; }

    support::Result<void> resume() override;
    support::Result<void> stepInto(Granularity granularity) override;
    support::Result<void> stepOver(Granularity granularity) override;
    support::Result<void> stepOut() override;
    support::Result<void> runTo(std::uint32_t address) override;
    support::Result<void> interrupt() override;
    support::Result<void> stepBackInto(Granularity granularity) override;
    support::Result<void> stepBackOver(Granularity granularity) override;
    support::Result<void> stepBackOut() override;
    support::Result<void> reverseResume() override;
    support::Result<void> travel(const Position& position) override;

    support::Result<Breakpoint> addBreakpoint(const BreakpointSpec& spec) override;
    support::Result<void> removeBreakpoint(int id) override;
    support::Result<void> enableBreakpoint(int id, bool enabled) override;
    std::vector<Breakpoint> breakpoints() const override { return breakpoints_.shown(); }
    std::vector<unsigned> breakpointLines(const std::string& file) const override;

    support::Result<std::vector<Frame>> frames() override;
    support::Result<std::vector<std::uint64_t>> registers() override;
    support::Result<void> setRegister(int number, std::uint64_t value) override;
    support::Result<std::vector<std::uint8_t>> readMemory(std::uint32_t address, std::uint32_t size) override;
    support::Result<void> writeMemory(std::uint32_t address, std::span<const std::uint8_t> bytes) override;
    support::Result<std::vector<Region>> regions() override;
    support::Result<std::vector<Variable>> variables(int level) override;
    support::Result<std::shared_ptr<dwarf::State>> state(int level) override;
    const dwarf::DebugInfo& debugInfo() const override { return program_.info(); }
    support::Result<dwarf::Value> evaluate(const std::string& expression, int level, bool mayWrite) override;
    std::vector<std::string> complete(const std::string& text, int level) override;
    support::Result<std::vector<Instruction>> disassemble(std::uint32_t address, std::uint32_t count) override;
    std::vector<std::string> sourceFiles() const override { return program_.info().files(); }

    support::Result<std::vector<TimelineItem>> timeline() override;
    support::Result<std::optional<Writer>> whoWroteRegister(int number) override;
    support::Result<std::optional<Writer>> whoWroteMemory(std::uint32_t address, std::uint32_t size) override;
    support::Result<Story> story() override;
    support::Result<std::string> explain() override;

    support::Result<void> save(const std::filesystem::path& recording) override;
    support::Result<void> detach(bool abortRun) override;

private:
    /// What the board is doing for the user besides breakpoints.
    struct Task {
        std::optional<StepGoal> goal;
        std::set<std::uint32_t> stops; ///< breakpoints of this task alone
        bool atEntry = false;          ///< the run may end on the way: stop before the next one
        bool single = false;           ///< one instruction at a time
        bool needsDepth = false;       ///< compare the depth of calls at its stops
    };

    // session_events.cpp: what comes from the board.
    void handle(const rsp::Event& event);
    void onStop(const rsp::StopReply& reply);
    void onGone();
    void end(std::string sentence);
    void showLive(const rsp::StopReply& reply);
    [[nodiscard]] Position livePosition() const;
    [[nodiscard]] std::vector<BreakpointEntry*> entriesHit(const rsp::StopReply& reply);
    [[nodiscard]] bool taskDone(const rsp::StopReply& reply);
    void announce(Stop stop);
    [[nodiscard]] std::string sentenceOf(const Stop& stop);

    // session_run.cpp: run control.
    [[nodiscard]] support::Result<void> mayGo() const;
    [[nodiscard]] support::Result<void> mayGoBack() const;
    support::Result<void> move(StepGoal::Kind kind, Granularity granularity);
    support::Result<void> start(Task task);
    support::Result<void> goOn();
    void tellRunning();
    [[nodiscard]] support::Result<Task> taskFor(StepGoal::Kind kind, Granularity granularity);
    support::Result<void> stepBack(StepGoal::Kind kind, Granularity granularity);
    support::Result<void> arrive(const Traveller::Found& found, bool forwards);
    support::Result<void> show(const Moment& moment);
    void showPresent();
    [[nodiscard]] Moment now() const;
    [[nodiscard]] Moment here() const;
    [[nodiscard]] bool inPast() const { return !stop_.position.live; }
    [[nodiscard]] Traveller traveller() { return {history_, program_, breakpoints_.entries(), now()}; }

    // session_link.cpp: attaching, losing the board and finding it again.
    support::Result<void> attachNow(bool first);
    void tellUnrecorded();
    template <typename T>
    support::Result<T> checked(support::Result<T> result);
    void lost(const support::Error& error);
    void reconnect();

    // session_inspect.cpp
    [[nodiscard]] support::Result<void> mayLook() const;
    [[nodiscard]] support::Result<const std::vector<StackFrame>*> stack();
    [[nodiscard]] support::Result<std::shared_ptr<FrameState>> frameState(int level, bool write);
    void addLastKnown(std::vector<Variable>& variables, const std::vector<dwarf::Variable>& definitions);
    [[nodiscard]] support::Result<Scene> scene(const Stop& stop);
    void addValues(Story& story);

    Options options_;
    Program program_;
    History history_;
    Recorder recorder_{history_};
    BreakpointTable breakpoints_{program_};
    BoardPoints points_;
    Connect connect_;
    std::shared_ptr<rsp::RspClient> client_; ///< null: a recording, or the link is lost
    std::deque<Event> events_;
    Stop stop_;
    Stop liveStop_;
    rsp::StopReply liveReply_;
    std::shared_ptr<LiveTarget> live_;
    std::shared_ptr<Target> target_;
    std::optional<std::vector<StackFrame>> stack_;
    std::optional<Task> task_;
    std::optional<std::string> ended_;
    std::uint32_t runs_ = 0;               ///< number of the run in progress or the last one
    std::optional<std::uint32_t> entryPc_; ///< of the run in progress, if its beginning was told
    bool running_ = false;
    bool entryOnce_ = false;
    bool pause_ = false;   ///< an interrupt of our own is under way, to tell the board of breakpoints
    bool halting_ = false; ///< one of the user's is
    bool toldIncomplete_ = false;
    bool lost_ = false;
};

} // namespace rbpf::session
