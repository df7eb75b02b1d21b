// SPDX-License-Identifier: GPL-3.0-or-later
// Breakpoints: what the user asked for, the places that follow from it, and whether a hit counts.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "debugger/dwarf/expression.hpp"
#include "debugger/session/history.hpp"
#include "debugger/session/program.hpp"

namespace rbpf::session {

/// A piece of a log message: text, then the value of an expression.
struct LogPiece {
    std::string text;
    std::optional<dwarf::Expression> expression;
};

/// A breakpoint ready to be compared with what a script does.
struct BreakpointEntry {
    Breakpoint shown;
    std::vector<std::uint32_t> addresses;        ///< Line, Function, Instruction
    std::uint32_t watched = 0, watchedBytes = 0; ///< Watch
    std::optional<dwarf::Expression> condition;
    std::vector<LogPiece> log;

    [[nodiscard]] bool logs() const { return !shown.spec.logMessage.empty(); }
};

/// What a hit comes to.
struct Verdict {
    bool stop = false;
    std::string log;     ///< to print, with its end of line
    std::string problem; ///< the condition could not be evaluated: it stops, and says why
};

class BreakpointTable {
public:
    explicit BreakpointTable(const Program& program) : program_(program) {}

    /// `scope`: where a watch expression is evaluated.
    [[nodiscard]] support::Result<Breakpoint> add(const BreakpointSpec& spec,
                                                  const std::optional<dwarf::ExpressionScope>& scope);
    support::Result<void> remove(int id);
    support::Result<void> enable(int id, bool enabled);
    [[nodiscard]] std::vector<Breakpoint> shown() const;
    [[nodiscard]] std::map<int, BreakpointEntry>& entries() { return entries_; }
    [[nodiscard]] BreakpointEntry* find(int id);

    /// Counts a hit and decides. `scope` is the innermost frame where the script is now.
    [[nodiscard]] Verdict hit(BreakpointEntry& entry, const dwarf::ExpressionScope& scope);
    /// The same for a hit in history: nothing is counted, ignore counts do not apply, nothing is printed.
    [[nodiscard]] static bool stopsInHistory(const BreakpointEntry& entry, const dwarf::ExpressionScope& scope);

private:
    support::Result<void> resolve(BreakpointEntry& entry, const std::optional<dwarf::ExpressionScope>& scope) const;
    support::Result<void> parseTexts(BreakpointEntry& entry) const;

    const Program& program_;
    std::map<int, BreakpointEntry> entries_;
    int nextId_ = 1;
};

/// "breakpoint 1", "watchpoint 2", …
[[nodiscard]] std::string breakpointName(const Breakpoint& breakpoint);

} // namespace rbpf::session
