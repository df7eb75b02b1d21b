// SPDX-License-Identifier: GPL-3.0-or-later
// One debugging session, attach to detach: the model that every front end shows (terminal, DAP, gdbserver, Studio).
//
// The session looks at one position: live (what the board is stopped at) or a step of its history. Inspection always
// answers for that position. Passive and single-threaded: the owner calls wait() in its loop; run control starts
// something and returns at once, its end comes as an Event. Every call returns by its deadline.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include <rbpf/debug.h>

#include "debugger/dwarf/debug_info.hpp"
#include "debugger/dwarf/value.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::session {

/// What to debug.
struct Options {
    std::string board; ///< name or address as resolveBoard takes it; "" = the only one
    std::uint32_t slot = 0;
    std::vector<std::uint8_t> image;    ///< the `.rbpf` file that should be in the slot; empty: read back
    std::vector<std::uint8_t> debugElf; ///< empty: bytecode only
    bool history = true;
    bool stopOnEntry = false; ///< halt before the first instruction of the next run
    std::uint32_t holdMs = 0; ///< a halted script goes on by itself after this; 0 = never
    bool holdAborts = false;  ///< … or its run is aborted
    bool take = false;        ///< take the seat from another debugger
    std::chrono::milliseconds deadline{5000};
    std::stop_token stop;
    std::filesystem::path sourceRoot; ///< relative names in the debug info are below it; explain() reads sources there
};

/// A place in time. Steps count instructions of one run from 0: step n is the state before the n-th instruction.
struct Position {
    std::uint32_t run = 0; ///< counts up over the session; 0 = before any run
    std::uint64_t step = 0;
    bool live = true; ///< what the board is at now
    auto operator<=>(const Position&) const = default;
};

struct Location {
    std::uint32_t pc = 0; ///< byte address in the text
    std::string file, function;
    unsigned line = 0, column = 0;
};

/// Why the session stopped, for machines and (sentence) for people.
struct Stop {
    rbpf_cause_t cause = RBPF_CAUSE_IDLE;
    Position position;
    Location location;
    int status = 0;               ///< rbpf_status_t of a fault
    std::uint32_t detail = 0;     ///< effective address, binding id, store key
    std::vector<int> breakpoints; ///< ids of breakpoints and watchpoints hit
    bool atHistoryEnd = false;    ///< going backwards met the beginning, or forwards the present
    std::string sentence;         ///< "breakpoint 1 at sensor.c:12", "the script read 2 bytes behind its stack", …
};

/// The run ended and the session goes on waiting for the next one.
struct RunEnded {
    std::uint32_t run = 0;
    rbpf_cause_t cause = RBPF_CAUSE_EXIT;
    std::int64_t result = 0;
    std::uint64_t instructions = 0;
    std::string sentence;
};

struct RunStarted {
    std::uint32_t run = 0;
};

/// Text of the board's console, or of a log breakpoint (`breakpoint` > 0).
struct Output {
    std::string text;
    int breakpoint = 0;
};

/// Something happened to board, line or breakpoints that the user should see: hold time passed, link lost, reconnected,
/// script replaced, breakpoint moved, history incomplete.
struct Notice {
    enum class Kind : std::uint8_t {
        Resumed,
        LinkLost,
        Reconnected,
        Replaced,
        BreakpointChanged,
        HistoryIncomplete
    } kind = Kind::Resumed;
    std::string sentence; ///< what, and what to do
};

/// The session is over; every later call fails with this sentence.
struct Ended {
    std::string sentence;
};

using Event = std::variant<Stop, RunStarted, RunEnded, Output, Notice, Ended>;

/// Where to stop. One of: file+line, function, address (instruction), watch expression/address, store key, binding.
struct BreakpointSpec {
    enum class Kind : std::uint8_t {
        Line,
        Function,
        Instruction,
        Watch,   ///< memory: `expression` (an lvalue, evaluated now) or address + size
        Store,   ///< a write to store key `address`
        Binding, ///< a call of binding id `address`; 0 = any
        Entry,   ///< the start of every run
        Exit     ///< the end of every run
    } kind = Kind::Line;
    std::string file, function, expression;
    unsigned line = 0;
    std::uint32_t address = 0, size = 0;
    bool onRead = false, onWrite = true;
    std::string condition;    ///< stop only if true; C expression
    std::uint32_t ignore = 0; ///< let that many hits pass first
    std::string logMessage;   ///< do not stop; print, {expressions} filled in
    bool temporary = false;
};

struct Breakpoint {
    int id = 0; ///< from 1, never reused
    BreakpointSpec spec;
    bool enabled = true;
    bool verified = false;        ///< has at least one place
    std::vector<Location> places; ///< several for inlined code
    std::uint32_t hits = 0;
    std::string message; ///< "moved from line 12 to 14: line 12 has no code", "no such file", …
};

/// One frame of the call stack, innermost first; inlined frames included.
struct Frame {
    int level = 0;
    Location location;
    bool inlined = false;
    std::uint32_t framePointer = 0; ///< r10 of the function the frame belongs to
};

struct Region {
    int index = 0;
    std::string name; ///< "stack", "rodata", "data", "context", "granted 5"
    std::uint32_t address = 0, size = 0;
    bool readable = false, writable = false;
};

struct Instruction {
    std::uint32_t address = 0;
    std::vector<std::uint8_t> bytes;
    std::string text;
    Location location;
};

/// What the timeline shows, oldest first.
struct TimelineItem {
    enum class Kind : std::uint8_t {
        RunStarted,
        Call,
        RunEnded,
        Stopped
    } kind = Kind::Call;
    Position position;
    std::string text;     ///< "bpf_saul_reg_read(dev 2) = 1"
    bool outside = false; ///< the world saw it (a packet, an LED, a log line): going back does not undo it
};

/// Answer to "who wrote this?".
struct Writer {
    Position position; ///< before the instruction that wrote
    Location location;
    std::string text;                    ///< the instruction, disassembled
    std::uint64_t before = 0, after = 0; ///< the register, or up to 8 bytes of the memory, little-endian
    enum class By : std::uint8_t {
        Instruction, ///< a binding that it calls included
        User,        ///< changed by hand, before that instruction
        Start        ///< no instruction: the run found it so
    } by = By::Instruction;
};

/// Why a script stopped, in parts: what a card shows, and what explain() writes as text.
struct Story {
    struct Fact {
        std::string name; ///< "source", "in", "values", "bytecode", "address", "nearest", "registers", "hottest", …
        std::string text;
    };
    std::string title; ///< one sentence
    Location location;
    std::vector<Fact> facts;
    std::string hint;                     ///< what to do, or ""
    std::optional<std::uint32_t> address; ///< that could not be accessed
};

/// A variable as a tree view shows it.
struct Variable {
    std::string name;
    dwarf::Value value;
    std::optional<dwarf::Value> lastKnown; ///< if `value` is optimised out: what it was at `lastKnownAt`
    Position lastKnownAt;
};

/// The board refused because another debugger has the seat: Options::take would get it.
[[nodiscard]] bool isHeldByOther(const support::Error& error);

enum class Granularity : std::uint8_t {
    Instruction,
    Line
};

class Session {
public:
    /// Attaches and halts the container (idle containers are "halted" at their entry).
    [[nodiscard]] static support::Result<std::unique_ptr<Session>> attach(const Options& options);
    /// A recording instead of a board: everything but writing and live run control.
    [[nodiscard]] static support::Result<std::unique_ptr<Session>> open(const std::filesystem::path& recording,
                                                                        const std::filesystem::path& sourceRoot = {});
    virtual ~Session() = default;

    /// The next event, or nullopt when `wait` has passed.
    [[nodiscard]] virtual support::Result<std::optional<Event>> wait(std::chrono::milliseconds wait) = 0;
    /// The last stop; what inspection refers to.
    [[nodiscard]] virtual const Stop& stop() const = 0;
    [[nodiscard]] virtual bool running() const = 0;

    // Run control, forwards. In history they move through it and go live at its end.
    virtual support::Result<void> resume() = 0;
    virtual support::Result<void> stepInto(Granularity granularity) = 0;
    virtual support::Result<void> stepOver(Granularity granularity) = 0;
    virtual support::Result<void> stepOut() = 0;
    virtual support::Result<void> runTo(std::uint32_t address) = 0;
    virtual support::Result<void> interrupt() = 0;
    // Backwards; never leave the board's state changed.
    virtual support::Result<void> stepBackInto(Granularity granularity) = 0;
    virtual support::Result<void> stepBackOver(Granularity granularity) = 0;
    virtual support::Result<void> stepBackOut() = 0;
    virtual support::Result<void> reverseResume() = 0;
    /// To any step of the history, or back to the present.
    virtual support::Result<void> travel(const Position& position) = 0;

    // Changes take effect at once, also while the script runs.
    [[nodiscard]] virtual support::Result<Breakpoint> addBreakpoint(const BreakpointSpec& spec) = 0;
    virtual support::Result<void> removeBreakpoint(int id) = 0;
    virtual support::Result<void> enableBreakpoint(int id, bool enabled) = 0;
    [[nodiscard]] virtual std::vector<Breakpoint> breakpoints() const = 0;
    /// Lines of a file that have code, ascending.
    [[nodiscard]] virtual std::vector<unsigned> breakpointLines(const std::string& file) const = 0;

    [[nodiscard]] virtual support::Result<std::vector<Frame>> frames() = 0;
    /// r0 … r10, pc.
    [[nodiscard]] virtual support::Result<std::vector<std::uint64_t>> registers() = 0;
    virtual support::Result<void> setRegister(int number, std::uint64_t value) = 0;
    [[nodiscard]] virtual support::Result<std::vector<std::uint8_t>> readMemory(std::uint32_t address,
                                                                                std::uint32_t size) = 0;
    virtual support::Result<void> writeMemory(std::uint32_t address, std::span<const std::uint8_t> bytes) = 0;
    [[nodiscard]] virtual support::Result<std::vector<Region>> regions() = 0;
    /// Parameters and locals in scope, or globals of the file with level -1.
    [[nodiscard]] virtual support::Result<std::vector<Variable>> variables(int level) = 0;
    /// Registers and memory of a frame, for dwarf::render() and dwarf::children(); for as long as the session is
    /// stopped where it is.
    [[nodiscard]] virtual support::Result<std::shared_ptr<dwarf::State>> state(int level) = 0;
    /// Debug information and types; empty without.
    [[nodiscard]] virtual const dwarf::DebugInfo& debugInfo() const = 0;
    /// A C expression in a frame; assignment writes to the board (refused in history).
    [[nodiscard]] virtual support::Result<dwarf::Value> evaluate(const std::string& expression, int level,
                                                                 bool mayWrite) = 0;
    [[nodiscard]] virtual std::vector<std::string> complete(const std::string& text, int level) = 0;
    /// `count` instructions from `address` on; fewer at the end of the text.
    [[nodiscard]] virtual support::Result<std::vector<Instruction>> disassemble(std::uint32_t address,
                                                                                std::uint32_t count) = 0;
    [[nodiscard]] virtual std::vector<std::string> sourceFiles() const = 0;

    [[nodiscard]] virtual support::Result<std::vector<TimelineItem>> timeline() = 0;
    /// The last write to a register before the current position; nullopt: never in recorded history.
    [[nodiscard]] virtual support::Result<std::optional<Writer>> whoWroteRegister(int number) = 0;
    [[nodiscard]] virtual support::Result<std::optional<Writer>> whoWroteMemory(std::uint32_t address,
                                                                                std::uint32_t size) = 0;
    /// The whole story of the current stop if it is a fault or a spent budget; else only a title.
    [[nodiscard]] virtual support::Result<Story> story() = 0;
    /// The same as text, several lines.
    [[nodiscard]] virtual support::Result<std::string> explain() = 0;

    virtual support::Result<void> save(const std::filesystem::path& recording) = 0;
    /// Ends the session; the container goes on, or its run is aborted.
    virtual support::Result<void> detach(bool abortRun) = 0;
};

} // namespace rbpf::session
