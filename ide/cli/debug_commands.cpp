// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/debug_commands.hpp"

#include <cctype>
#include <fmt/format.h>
#include <vector>

#include "sdk/support/text.hpp"

namespace rbpf::cli::debug {

namespace {

using support::ErrorKind;
using enum Completes;

constexpr std::uint8_t kMoves = kStopped | kRuns | kRepeats;

// clang-format off
constexpr Command kCommands[] = {
    {"break", "b br", "[PLACE] [if CONDITION] [ignore N] [log \"text {expr}\"]",
     "Stops before a line, function or instruction: FILE:LINE, LINE, FUNCTION or *ADDRESS; with nothing, where it is now.",
     "break sensor.c:17 if m.val[0] > 2000", kAnyTime, Place, doBreak},
    {"tbreak", "tb", "[PLACE] [if CONDITION]", "The same, once: it is gone after its first stop.", "tbreak coap_resp", kAnyTime, Place, doTemporaryBreak},
    {"watch", "wa", "EXPRESSION [if CONDITION] [ignore N] [log \"text\"]", "Stops behind every write to a variable or to memory.",
     "watch m.val[0]", kStopped, Expression, doWatch},
    {"rwatch", "", "EXPRESSION", "Stops behind every read of it.", "rwatch m.scale", kStopped, Expression, doReadWatch},
    {"awatch", "", "EXPRESSION", "Stops behind every read and write of it.", "awatch *(int*)($r10-8)", kStopped, Expression, doAccessWatch},
    {"store-break", "sb", "KEY", "Stops behind a write to a key of a key-value store.", "store-break 7",
     kAnyTime, Nothing, doStoreBreak},
    {"on", "", "binding [NAME] | entry | exit", "Stops before a call of a binding (any, if none is named), before a run's first instruction, or at its end.",
     "on binding bpf_saul_reg_read", kAnyTime, Binding, doOn},
    {"delete", "d", "[NUMBER…]", "Removes breakpoints and watchpoints; all of them without a number.", "delete 2", kAnyTime, Nothing, doDelete},
    {"enable", "en", "[NUMBER…]", "Switches breakpoints on again.", "enable 1", kAnyTime, Nothing, doEnable},
    {"disable", "dis", "[NUMBER…]", "Switches breakpoints off without forgetting them.", "disable 1 3", kAnyTime, Nothing, doDisable},
    {"info", "i", "breakpoints | locals | registers | regions | frames | files", "Lists what there is.", "info breakpoints", kAnyTime, Topic, doInfo},

    {"run", "r invoke", "[ENTRY | TRIGGER]", "Lets the script go and fires its entry once: the request is held while the script is halted.",
     "run coap/sensor", kRuns, Nothing, doRun},
    {"continue", "c", "", "Lets the script go until something stops it; between runs it waits for the next trigger.", "continue", kRuns | kRepeats, Nothing, doContinue},
    {"interrupt", "", "", "Halts the running script, as Ctrl-C does.", "interrupt", kRuns, Nothing, doInterrupt},
    {"step", "s", "[COUNT]", "To the next line, into functions that are called.", "step", kMoves, Nothing, doStep},
    {"next", "n", "[COUNT]", "To the next line, over functions that are called.", "next 3", kMoves, Nothing, doNext},
    {"stepi", "si", "[COUNT]", "One instruction.", "stepi", kMoves, Nothing, doStepInstruction},
    {"nexti", "ni", "[COUNT]", "One instruction, over local calls.", "nexti", kMoves, Nothing, doNextInstruction},
    {"finish", "fin", "", "To where the function returns.", "finish", kMoves, Nothing, doFinish},
    {"until", "u", "LINE | FILE:LINE | *ADDRESS", "Runs to a line further on; whatever stops it earlier does.", "until 24", kStopped | kRuns, Place, doUntil},
    {"back", "bs", "[COUNT]", "One line back, into functions that were called: the opposite of step.", "back", kMoves, Nothing, doBack},
    {"back-next", "bn", "[COUNT]", "One line back, over functions that were called.", "back-next", kMoves, Nothing, doBackNext},
    {"back-stepi", "bsi", "[COUNT]", "One instruction back.", "back-stepi", kMoves, Nothing, doBackInstruction},
    {"back-finish", "bf", "", "Back to where this function was called.", "back-finish", kMoves, Nothing, doBackFinish},
    {"back-continue", "bc", "", "Back to the breakpoint or watchpoint met last, or to the beginning of history.", "back-continue", kMoves, Nothing, doBackContinue},
    {"goto", "g", "RUN STEP | live", "To any step of the history, or back to the present.", "goto 1 117", kStopped | kRuns, Nothing, doGoto},

    {"print", "p", "[/x] EXPRESSION", "The value of a C expression over variables, registers ($r0 … $r10) and memory.", "print m.val[0] * 2", kStopped, Expression, doPrint},
    {"set", "", "VARIABLE = VALUE", "Changes a variable, register or memory on the board; not in history.", "set m.scale = -1", kStopped, Expression, doSet},
    {"x", "", "[/COUNT FORMAT SIZE] [ADDRESS]", "Memory: FORMAT x d u c s or i (instructions), SIZE b h w or g (1, 2, 4, 8 bytes).", "x/8xb $r10-8",
     kStopped | kRepeats, Expression, doExamine},
    {"regs", "registers", "", "All registers; * marks those that changed since the last stop.", "regs", kStopped, Nothing, doRegisters},
    {"stack", "", "", "The words of the frame with the variables laid over, and how deep the stack has been used.", "stack", kStopped, Nothing, doStack},
    {"regions", "", "", "The memory that the script can reach.", "regions", kStopped, Nothing, doRegions},
    {"locals", "lo", "", "Parameters and local variables of the selected frame.", "locals", kStopped, Nothing, doLocals},

    {"frames", "bt backtrace where", "", "The call stack, innermost first; inlined functions included.", "frames", kStopped, Nothing, doFrames},
    {"up", "", "[COUNT]", "Selects the frame that called this one.", "up", kStopped | kRepeats, Nothing, doUp},
    {"down", "do", "[COUNT]", "Selects the frame that this one called.", "down", kStopped | kRepeats, Nothing, doDown},
    {"list", "l", "[LINE | FILE:LINE]", "Source lines; again: the next ones.", "list 30", kRepeats, Place, doList},
    {"disassemble", "disas", "[all | FUNCTION | ADDRESS [COUNT]]", "Instructions mixed with their source lines, around the current one if no address is given.", "disassemble",
     kStopped | kRepeats, Nothing, doDisassemble},

    {"who", "w", "rN | VARIABLE | *ADDRESS [SIZE]", "Who wrote this? The instruction that wrote it last, and what it changed.", "who m.val[0]", kStopped, Expression, doWho},
    {"timeline", "tl", "[COUNT]", "Runs, binding calls and outputs in the history.", "timeline", kStopped, Nothing, doTimeline},
    {"explain", "ex", "", "The whole story of a fault or of a spent budget.", "explain", kStopped, Nothing, doExplain},
    {"log", "", "", "What the board printed since the debugger came.", "log", kAnyTime, Nothing, doLog},
    {"save", "", "FILE.rbpfrec", "Saves the history as a recording, to look at or replay without the board.", "save odd-value.rbpfrec", kAnyTime, File, doSave},
    {"detach", "", "", "Ends the debugger; the script goes on.", "detach", kAnyTime, Nothing, doDetach},
    {"kill", "", "", "Ends the debugger and the run that is in progress.", "kill", kAnyTime, Nothing, doKill},
    {"help", "h ?", "[COMMAND]", "This list, or a command with an example.", "help break", kAnyTime, CommandName, doHelp},
    {"quit", "q exit", "", "The same as detach.", "quit", kAnyTime, Nothing, doQuit},
};
// clang-format on

bool isAbbreviation(const Command& command, std::string_view word) {
    for (std::size_t start = 0; start < command.abbreviations.size();) {
        const std::size_t end = std::min(command.abbreviations.find(' ', start), command.abbreviations.size());
        if (command.abbreviations.substr(start, end - start) == word) {
            return true;
        }
        start = end + 1;
    }
    return false;
}

} // namespace

std::span<const Command> commands() {
    return kCommands;
}

Words splitCommand(std::string_view line) {
    const auto isBlank = [](char c) { return c == ' ' || c == '\t'; };
    const auto isWord = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '?'; };
    while (!line.empty() && (isBlank(line.back()) || line.back() == '\r')) {
        line.remove_suffix(1);
    }
    while (!line.empty() && isBlank(line.front())) {
        line.remove_prefix(1);
    }
    std::size_t end = 0;
    while (end < line.size() && isWord(line[end])) {
        ++end;
    }
    if (end == 0) {
        end = std::min(line.find(' '), line.size());
    }
    std::size_t rest = end;
    while (rest < line.size() && isBlank(line[rest])) {
        ++rest;
    }
    return {std::string(line.substr(0, end)), std::string(line.substr(rest))};
}

support::Result<const Command*> findCommand(std::string_view word) {
    std::vector<const Command*> beginnings;
    std::vector<std::string_view> names;
    for (const Command& command : kCommands) {
        if (command.name == word || isAbbreviation(command, word)) {
            return &command;
        }
        if (command.name.starts_with(word)) {
            beginnings.push_back(&command);
        }
        names.push_back(command.name);
    }
    if (beginnings.size() == 1) {
        return beginnings.front();
    }
    if (beginnings.empty()) {
        const auto meant = support::closest(word, names);
        return support::fail(ErrorKind::Usage, fmt::format("there is no command \"{}\"", word),
                             meant ? fmt::format("did you mean \"{}\"?", *meant) : "`help` lists the commands");
    }
    std::string list;
    for (const Command* command : beginnings) {
        list += (list.empty() ? "" : ", ") + std::string(command->name);
    }
    return support::fail(ErrorKind::Usage, fmt::format("\"{}\" may mean {}", word, list), "type more of it");
}

std::string helpText() {
    std::string text;
    for (const Command& command : kCommands) {
        const std::string what = command.abbreviations.empty()
                                     ? std::string(command.name)
                                     : fmt::format("{} ({})", command.name, command.abbreviations);
        text += fmt::format("  {:<24} {}\n", what, command.sentence);
    }
    return text +
           "`help COMMAND` shows a command's arguments and an example. Enter repeats the last step; Ctrl-C halts the "
           "script.\nCommands may be cut short as long as they stay clear: `n` is next, `bac` is not.\n";
}

std::string helpText(const Command& command) {
    return fmt::format("{}{}{}\n  {}\n  Example: {}\n", command.name, command.arguments.empty() ? "" : " ",
                       command.arguments, command.sentence, command.example);
}

} // namespace rbpf::cli::debug
