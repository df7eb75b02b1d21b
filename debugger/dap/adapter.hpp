// SPDX-License-Identifier: GPL-3.0-or-later
// The Debug Adapter Protocol's requests, carried out on a Session. One object serves one editor. Every request gets
// exactly one response: handlers return it, handle() sends it, and what they announce follows behind it.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "debugger/dap/arguments.hpp"
#include "debugger/dap/breakpoints.hpp"
#include "debugger/dap/client.hpp"
#include "debugger/dap/environment.hpp"
#include "debugger/dap/sources.hpp"

namespace rbpf::dap {

using Answer = support::Result<nlohmann::json>;

class Adapter {
public:
    Adapter(Client& client, Environment& environment) : client_(client), environment_(environment) {}
    /// The script goes on without its debugger.
    ~Adapter();

    void handle(const Request& request);
    /// Waits for what the session has to tell and passes it on.
    void pump(std::chrono::milliseconds wait);
    /// The script is let go: its events are worth waiting for.
    [[nodiscard]] bool running() const { return session_ && session_->running(); }
    [[nodiscard]] bool hasSession() const { return session_ != nullptr; }
    /// The editor has disconnected.
    [[nodiscard]] bool done() const { return done_; }

private:
    /// What a request needs to make sense.
    enum class Needs : std::uint8_t {
        Nothing,
        Session,
        Stopped ///< a session whose script is halted
    };
    struct Row {
        std::string_view command;
        Needs needs;
        Answer (Adapter::*run)(const Arguments&);
    };
    static const Row* findRow(std::string_view command);

    // lifecycle.cpp
    Answer initialize(const Arguments& arguments);
    Answer launch(const Arguments& arguments);
    Answer attach(const Arguments& arguments);
    Answer configurationDone(const Arguments& arguments);
    Answer restart(const Arguments& arguments);
    Answer disconnect(const Arguments& arguments);
    Answer terminate(const Arguments& arguments);
    // breakpoint_requests.cpp
    Answer setBreakpoints(const Arguments& arguments);
    Answer setFunctionBreakpoints(const Arguments& arguments);
    Answer setInstructionBreakpoints(const Arguments& arguments);
    Answer dataBreakpointInfo(const Arguments& arguments);
    Answer setDataBreakpoints(const Arguments& arguments);
    Answer breakpointLocations(const Arguments& arguments);
    // exception_requests.cpp
    Answer setExceptionBreakpoints(const Arguments& arguments);
    Answer exceptionInfo(const Arguments& arguments);
    // run_requests.cpp
    Answer resume(const Arguments& arguments);
    Answer next(const Arguments& arguments);
    Answer stepIn(const Arguments& arguments);
    Answer stepOut(const Arguments& arguments);
    Answer stepBack(const Arguments& arguments);
    Answer reverseContinue(const Arguments& arguments);
    Answer pause(const Arguments& arguments);
    // stack_requests.cpp
    Answer threads(const Arguments& arguments);
    Answer stackTrace(const Arguments& arguments);
    Answer scopes(const Arguments& arguments);
    Answer source(const Arguments& arguments);
    Answer loadedSources(const Arguments& arguments);
    // variable_requests.cpp
    Answer variables(const Arguments& arguments);
    Answer setVariable(const Arguments& arguments);
    // evaluate_requests.cpp
    Answer evaluate(const Arguments& arguments);
    Answer setExpression(const Arguments& arguments);
    Answer completions(const Arguments& arguments);
    // memory_requests.cpp
    Answer disassemble(const Arguments& arguments);
    Answer readMemory(const Arguments& arguments);
    Answer writeMemory(const Arguments& arguments);

    /// Something that unfolds in the variables view; meaningless once the script has gone on.
    struct Node {
        enum class Kind : std::uint8_t {
            Locals,
            Globals,
            Registers,
            Regions,
            Region,
            Value
        } kind = Kind::Value;
        int level = 0;
        session::Region region;
        dwarf::Value value;
        std::string expression;
    };
    int addNode(Node node);
    [[nodiscard]] support::Result<Node> node(std::int64_t reference) const;
    [[nodiscard]] support::Result<int> levelOf(const Arguments& arguments) const;
    /// The fields of a DAP Variable (or EvaluateResponse, with "result" for "value") that show a value.
    nlohmann::json showValue(const dwarf::Value& value, const std::string& expression, int level, bool hexadecimal,
                             bool whole = false);
    Answer listNode(const Node& node, const Arguments& arguments);
    Answer listRegisters(int level, bool hexadecimal);
    Answer listRegions();
    Answer listRows(const session::Region& region);
    support::Result<dwarf::Value> assign(dwarf::Value target, const std::string& expression, const std::string& text,
                                         int level);
    /// A word of the debug console that is no C: "who", "timeline", … Nothing: evaluate it.
    std::optional<Answer> consoleWord(const std::string& text, int level);
    std::vector<session::Instruction>& code();

    // lifecycle.cpp
    Answer start(Settings settings);
    support::Result<void> open(const Settings& settings, Program program);
    Report report(const std::string& title);
    void letGo();
    void announceEnd(const std::string& sentence);
    void closeSession(bool abortRun);

    // events.cpp
    void tell(const session::Stop& stop);
    void tell(const session::RunStarted&) {}
    void tell(const session::RunEnded& ended);
    void tell(const session::Output& output);
    void tell(const session::Notice& notice);
    void tell(const session::Ended& ended);
    void tellBreakpointChanges();
    /// Frames and variables of the last stop mean nothing any more.
    void forget();
    void changed(std::optional<std::uint32_t> address, std::size_t bytes);
    /// Behind the response.
    void later(std::string name, nlohmann::json body = nullptr);
    void say(const std::string& category, const std::string& text);

    [[nodiscard]] std::int64_t threadId() const { return target_ ? target_->slot + 1 : 1; }

    Client& client_;
    Environment& environment_;
    std::optional<Settings> settings_;
    std::optional<Target> target_;
    std::unique_ptr<session::Session> session_;
    std::unique_ptr<Invocation> invocation_;
    BreakpointTable breakpoints_;
    Sources sources_;
    std::vector<std::pair<std::string, nlohmann::json>> later_;
    std::map<int, Node> nodes_;
    int lastNode_ = 0;
    int frameBase_ = 0; ///< frame ids of this stop are frameBase_ + level
    std::vector<session::Instruction> code_;
    std::optional<std::vector<int>> stopFilters_; ///< statuses that stop; nothing = all
    std::string ended_;                           ///< why there is no session any more
    std::stop_token stop_;                        ///< of the request that is being handled
    bool configured_ = false, done_ = false, faulted_ = false;
    struct {
        bool progress = false, invalidated = false, memory = false, variablePaging = false;
    } clientCan_;
    int progressCount_ = 0;
};

} // namespace rbpf::dap
