// SPDX-License-Identifier: GPL-3.0-or-later
// The debugger's commands as a table: what may be typed, what help says, what it does.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sdk/support/error.hpp"

namespace rbpf::cli::debug {

class Shell;

/// When a command may be used, and what follows it.
enum CommandFlag : std::uint8_t {
    kAnyTime = 0,
    kStopped = 1, ///< only while the script is halted
    kRuns = 2,    ///< starts the script or moves through its history: a stop follows
    kRepeats = 4, ///< Enter on an empty line does it again
};

/// What completion offers behind the command.
enum class Completes : std::uint8_t {
    Nothing,
    Place,      ///< files, functions
    Expression, ///< variables, registers
    CommandName,
    Topic,   ///< of `info`
    Binding, ///< `on binding NAME`
    File     ///< of the workstation
};

struct Command {
    std::string_view name;
    std::string_view abbreviations; ///< separated by blanks
    std::string_view arguments;
    std::string_view sentence;
    std::string_view example;
    std::uint8_t flags;
    Completes completes;
    support::Result<void> (*run)(Shell& shell, const std::string& arguments);
};

[[nodiscard]] std::span<const Command> commands();

/// The first word of a line and the rest; "x/4xb $r10" is "x" and "/4xb $r10".
struct Words {
    std::string command, arguments;
};
[[nodiscard]] Words splitCommand(std::string_view line);

/// By name, abbreviation or the beginning of one name only. The Error says what was probably meant.
[[nodiscard]] support::Result<const Command*> findCommand(std::string_view word);

[[nodiscard]] std::string helpText();
[[nodiscard]] std::string helpText(const Command& command);

// One function a row, in the debug_*_commands.cpp that its group has.
#define RBPF_DEBUG_COMMAND(function) support::Result<void> function(Shell& shell, const std::string& arguments)
RBPF_DEBUG_COMMAND(doBreak);
RBPF_DEBUG_COMMAND(doTemporaryBreak);
RBPF_DEBUG_COMMAND(doWatch);
RBPF_DEBUG_COMMAND(doReadWatch);
RBPF_DEBUG_COMMAND(doAccessWatch);
RBPF_DEBUG_COMMAND(doStoreBreak);
RBPF_DEBUG_COMMAND(doOn);
RBPF_DEBUG_COMMAND(doDelete);
RBPF_DEBUG_COMMAND(doEnable);
RBPF_DEBUG_COMMAND(doDisable);
RBPF_DEBUG_COMMAND(doInfo);

RBPF_DEBUG_COMMAND(doRun);
RBPF_DEBUG_COMMAND(doContinue);
RBPF_DEBUG_COMMAND(doInterrupt);
RBPF_DEBUG_COMMAND(doStep);
RBPF_DEBUG_COMMAND(doNext);
RBPF_DEBUG_COMMAND(doStepInstruction);
RBPF_DEBUG_COMMAND(doNextInstruction);
RBPF_DEBUG_COMMAND(doFinish);
RBPF_DEBUG_COMMAND(doUntil);
RBPF_DEBUG_COMMAND(doBack);
RBPF_DEBUG_COMMAND(doBackNext);
RBPF_DEBUG_COMMAND(doBackInstruction);
RBPF_DEBUG_COMMAND(doBackFinish);
RBPF_DEBUG_COMMAND(doBackContinue);
RBPF_DEBUG_COMMAND(doGoto);

RBPF_DEBUG_COMMAND(doPrint);
RBPF_DEBUG_COMMAND(doSet);
RBPF_DEBUG_COMMAND(doExamine);
RBPF_DEBUG_COMMAND(doRegisters);
RBPF_DEBUG_COMMAND(doStack);
RBPF_DEBUG_COMMAND(doRegions);
RBPF_DEBUG_COMMAND(doLocals);

RBPF_DEBUG_COMMAND(doFrames);
RBPF_DEBUG_COMMAND(doUp);
RBPF_DEBUG_COMMAND(doDown);
RBPF_DEBUG_COMMAND(doList);
RBPF_DEBUG_COMMAND(doDisassemble);

RBPF_DEBUG_COMMAND(doWho);
RBPF_DEBUG_COMMAND(doTimeline);
RBPF_DEBUG_COMMAND(doExplain);
RBPF_DEBUG_COMMAND(doLog);
RBPF_DEBUG_COMMAND(doSave);
RBPF_DEBUG_COMMAND(doDetach);
RBPF_DEBUG_COMMAND(doKill);
RBPF_DEBUG_COMMAND(doHelp);
RBPF_DEBUG_COMMAND(doQuit);
#undef RBPF_DEBUG_COMMAND

} // namespace rbpf::cli::debug
