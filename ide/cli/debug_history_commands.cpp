// SPDX-License-Identifier: GPL-3.0-or-later
// What happened: writers, timeline, faults, recordings; and how the debugger ends.
#include <algorithm>
#include <fmt/format.h>

#include "ide/cli/debug_break_spec.hpp"
#include "ide/cli/debug_commands.hpp"
#include "ide/cli/debug_shell.hpp"
#include "ide/cli/debug_text.hpp"

namespace rbpf::cli::debug {

namespace {

using session::Writer;
using support::ErrorKind;
using support::Result;

constexpr std::size_t kTimelineItems = 40;
constexpr int kRegisters = 11;

Result<void> tell(Shell& shell, const std::string& what, const Result<std::optional<Writer>>& writer) {
    if (!writer) {
        return tl::unexpected(writer.error());
    }
    if (!*writer) {
        shell.print(fmt::format("Nothing in the recorded history wrote {} before this point.\n", what));
        return {};
    }
    const Writer& one = **writer;
    if (one.by == Writer::By::Start) {
        shell.print(fmt::format("No instruction wrote {} before this point: run {} began with 0x{:x} there.\n", what,
                                one.position.run, one.after));
        return {};
    }
    if (one.by == Writer::By::User) {
        shell.print(fmt::format("{} was changed by hand at {}: 0x{:x} into 0x{:x}.\n", what, positionText(one.position),
                                one.before, one.after));
        return {};
    }
    const std::string source =
        one.location.line == 0 ? ""
                               : shell.sources().excerpt(one.location.file, one.location.line, one.location.line, 0);
    shell.print(fmt::format("{} was written by the instruction at 0x{:x}, {}:\n       {}\n{}"
                            "It changed 0x{:x} into 0x{:x} at {}; `goto {} {}` goes there.\n",
                            what, one.location.pc, placeText(shell.sources(), one.location), one.text, source,
                            one.before, one.after, positionText(one.position), one.position.run, one.position.step));
    return {};
}

std::optional<int> registerNumber(std::string name) {
    if (name.starts_with('$')) {
        name.erase(0, 1);
    }
    if (name.size() < 2 || name.front() != 'r') {
        return std::nullopt;
    }
    const auto number = parseNumber(std::string_view(name).substr(1));
    return number && *number < kRegisters ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

Result<void> whoWroteMemory(Shell& shell, const std::string& arguments) {
    const std::size_t blank = std::min(arguments.find(' '), arguments.size());
    const auto address = parseNumber(std::string_view(arguments).substr(1, blank - 1));
    const auto size =
        blank == arguments.size() ? std::optional<std::uint64_t>(1) : parseNumber(arguments.substr(blank));
    if (!address || !size || *address > UINT32_MAX || *size == 0 || *size > UINT16_MAX) {
        return support::fail(ErrorKind::Usage, "expected *ADDRESS [SIZE], found \"" + arguments + "\"",
                             "who *0x10000010 4");
    }
    const auto from = static_cast<std::uint32_t>(*address);
    return tell(shell, counted(*size, "byte") + fmt::format(" at 0x{:x}", from),
                shell.session().whoWroteMemory(from, static_cast<std::uint32_t>(*size)));
}

/// Each part of a variable may live somewhere else.
Result<void> whoWroteVariable(Shell& shell, const std::string& name) {
    const auto value = shell.session().evaluate(name, shell.level(), false);
    if (!value) {
        return tl::unexpected(value.error());
    }
    if (const auto address = value->address(); address && value->type != nullptr) {
        return tell(shell, name,
                    shell.session().whoWroteMemory(*address, static_cast<std::uint32_t>(value->type->size)));
    }
    bool isTold = false;
    for (const dwarf::Part& part : value->parts) {
        if (part.where != dwarf::Part::Where::Register && part.where != dwarf::Part::Where::Memory) {
            continue;
        }
        isTold = true;
        const bool isRegister = part.where == dwarf::Part::Where::Register;
        auto told = isRegister
                        ? tell(shell, fmt::format("{} (in r{})", name, part.registerNumber),
                               shell.session().whoWroteRegister(static_cast<int>(part.registerNumber)))
                        : tell(shell, fmt::format("{} (at 0x{:x})", name, part.address),
                               shell.session().whoWroteMemory(part.address, static_cast<std::uint32_t>(part.size)));
        if (!told) {
            return told;
        }
    }
    return isTold ? Result<void>()
                  : support::fail(ErrorKind::Usage,
                                  fmt::format("{} lies nowhere that could be written to{}", name,
                                              value->available() ? ": it was computed" : ": " + value->reason));
}

} // namespace

Result<void> doWho(Shell& shell, const std::string& arguments) {
    if (arguments.empty()) {
        return support::fail(ErrorKind::Usage, "who wrote what?", "who r3, who VARIABLE or who *ADDRESS [SIZE]");
    }
    if (const auto number = registerNumber(arguments)) {
        return tell(shell, fmt::format("r{}", *number), shell.session().whoWroteRegister(*number));
    }
    const bool isAddress =
        arguments.front() == '*' && arguments.size() > 1 && arguments[1] >= '0' && arguments[1] <= '9';
    return isAddress ? whoWroteMemory(shell, arguments) : whoWroteVariable(shell, arguments);
}

Result<void> doTimeline(Shell& shell, const std::string& arguments) {
    const auto wanted = arguments.empty() ? std::optional<std::uint64_t>(kTimelineItems) : parseNumber(arguments);
    if (!wanted) {
        return support::fail(ErrorKind::Usage, "expected how many items, found \"" + arguments + "\"");
    }
    const auto items = shell.session().timeline();
    if (!items) {
        return tl::unexpected(items.error());
    }
    if (items->empty()) {
        shell.print("Nothing has happened yet.\n");
        return {};
    }
    const std::size_t first = items->size() - std::min<std::size_t>(items->size(), *wanted);
    const session::Position here = shell.session().stop().position;
    bool isOutside = false;
    for (std::size_t at = first; at < items->size(); ++at) {
        const session::TimelineItem& item = (*items)[at];
        const bool isHere = item.position.run == here.run && item.position.step == here.step;
        shell.print(fmt::format("{} {:>4} {:>8} {} {}\n", isHere ? "->" : "  ", item.position.run, item.position.step,
                                item.outside ? '!' : ' ', item.text));
        isOutside = isOutside || item.outside;
    }
    if (isOutside) {
        shell.print("! = the world saw it: going back does not undo it.\n");
    }
    return {};
}

Result<void> doExplain(Shell& shell, const std::string&) {
    const auto story = shell.session().explain();
    if (!story) {
        return tl::unexpected(story.error());
    }
    shell.print(story->ends_with('\n') ? *story : *story + "\n");
    return {};
}

Result<void> doLog(Shell& shell, const std::string&) {
    const std::string& text = shell.consoleText();
    shell.print(text.empty()           ? "The board has printed nothing since the debugger came.\n"
                : text.ends_with('\n') ? text
                                       : text + "\n");
    return {};
}

Result<void> doSave(Shell& shell, const std::string& arguments) {
    if (arguments.empty()) {
        return support::fail(ErrorKind::Usage, "save to which file?", "save odd-value.rbpfrec");
    }
    std::filesystem::path path = arguments;
    if (!path.has_extension()) {
        path += ".rbpfrec";
    }
    auto saved = shell.session().save(path);
    if (saved) {
        shell.print(fmt::format("Saved to {}; `rbpf debug --recording {}` opens it.\n", path.string(), path.string()));
    }
    return saved;
}

Result<void> doDetach(Shell& shell, const std::string&) {
    shell.finish();
    auto detached = shell.session().detach(false);
    if (detached && !shell.setup().isRecording) {
        shell.print("Detached; the script goes on without the debugger.\n");
    }
    return detached;
}

Result<void> doKill(Shell& shell, const std::string&) {
    shell.finish();
    auto detached = shell.session().detach(true);
    if (detached && !shell.setup().isRecording) {
        shell.print("Detached; the run that was in progress is aborted.\n");
    }
    return detached;
}

Result<void> doQuit(Shell& shell, const std::string& arguments) {
    return doDetach(shell, arguments);
}

Result<void> doHelp(Shell& shell, const std::string& arguments) {
    if (arguments.empty()) {
        shell.print(helpText());
        return {};
    }
    const auto command = findCommand(arguments);
    if (!command) {
        return tl::unexpected(command.error());
    }
    shell.print(helpText(**command));
    return {};
}

} // namespace rbpf::cli::debug
