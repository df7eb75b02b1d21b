// SPDX-License-Identifier: GPL-3.0-or-later
// Where the script is: frames, source, instructions.
#include <algorithm>
#include <fmt/format.h>

#include "ide/cli/debug_break_spec.hpp"
#include "ide/cli/debug_commands.hpp"
#include "ide/cli/debug_shell.hpp"
#include "ide/cli/debug_text.hpp"

namespace rbpf::cli::debug {

namespace {

using support::ErrorKind;
using support::Result;

constexpr unsigned kListed = 10;
constexpr std::uint32_t kSlotBytes = 8;
constexpr std::uint32_t kInstructionsBefore = 6;
constexpr std::uint32_t kInstructions = 16;
constexpr std::uint32_t kWholeText = 1u << 16;

Result<void> move(Shell& shell, const std::string& arguments, int direction) {
    const auto count = arguments.empty() ? std::optional<std::uint64_t>(1) : parseNumber(arguments);
    if (!count || *count > INT16_MAX) {
        return support::fail(ErrorKind::Usage, "expected how many frames, found \"" + arguments + "\"");
    }
    const auto frames = shell.session().frames();
    if (!frames) {
        return tl::unexpected(frames.error());
    }
    const int last = static_cast<int>(frames->size()) - 1;
    const int wanted = shell.level() + direction * static_cast<int>(*count);
    if ((direction > 0 && shell.level() >= last) || (direction < 0 && shell.level() == 0)) {
        return support::fail(ErrorKind::Usage,
                             direction > 0 ? "this is the outermost frame" : "this is the innermost frame");
    }
    shell.select(std::clamp(wanted, 0, std::max(last, 0)));
    shell.print(fmt::format("#{} ", shell.level()));
    shell.showPlace();
    return {};
}

/// Sets the place that `list` was asked for.
Result<void> choosePlace(Shell& shell, const std::string& arguments, Shell::ListPlace& place) {
    const auto spec = parseBreakpoint(arguments, {place.file, place.current, 0});
    if (!spec) {
        return tl::unexpected(spec.error());
    }
    if (spec->kind != session::BreakpointSpec::Kind::Line) {
        return support::fail(ErrorKind::Usage, "list shows lines: LINE or FILE:LINE");
    }
    place.file = spec->file;
    const auto files = shell.session().sourceFiles();
    const bool isKnown = std::ranges::find(files, spec->file) != files.end();
    for (const std::string& file : files) { // "sensor.c" means ".../src/sensor.c"
        if (!isKnown && file.ends_with("/" + spec->file)) {
            place.file = file;
        }
    }
    place.next = spec->line - std::min(spec->line - 1, kListed / 2);
    return {};
}

void printMixed(Shell& shell, const std::vector<session::Instruction>& code, std::uint32_t pc) {
    std::string file;
    unsigned line = 0;
    for (const session::Instruction& one : code) {
        const session::Location& from = one.location;
        if (from.line != 0 && (from.line != line || from.file != file)) {
            file = from.file;
            line = from.line;
            const std::string text = shell.sources().excerpt(file, line, line, 0);
            shell.print(text.empty() ? shell.sources().place(file, line) + "\n" : text);
        }
        shell.print(instructionText(one, one.address == pc));
    }
}

} // namespace

Result<void> doFrames(Shell& shell, const std::string&) {
    const auto frames = shell.session().frames();
    if (!frames) {
        return tl::unexpected(frames.error());
    }
    if (frames->empty()) {
        shell.print("No function is active: the script waits for its next trigger.\n");
    }
    for (const session::Frame& frame : *frames) {
        shell.print(fmt::format("{} #{} {}{}\n", frame.level == shell.level() ? "->" : "  ", frame.level,
                                placeText(shell.sources(), frame.location), frame.inlined ? " (inlined)" : ""));
    }
    return {};
}

Result<void> doUp(Shell& shell, const std::string& arguments) {
    return move(shell, arguments, 1);
}

Result<void> doDown(Shell& shell, const std::string& arguments) {
    return move(shell, arguments, -1);
}

Result<void> doList(Shell& shell, const std::string& arguments) {
    Shell::ListPlace& place = shell.listPlace();
    if (place.file.empty()) {
        const auto files = shell.session().sourceFiles();
        place = {files.empty() ? "" : files.front(), 1, 0};
    }
    if (!arguments.empty()) {
        if (auto chosen = choosePlace(shell, arguments, place); !chosen) {
            return chosen;
        }
    }
    if (place.next == 0) {
        place.next = place.current - std::min(place.current == 0 ? 0 : place.current - 1, kListed / 2);
        place.next = std::max(place.next, 1u);
    }
    const auto current = shell.frame();
    const bool isHere = current && current->location.file == place.file;
    const std::string text =
        shell.sources().excerpt(place.file, place.next, place.next + kListed - 1, isHere ? current->location.line : 0);
    if (text.empty()) {
        const bool isEmpty = shell.sources().lines(place.file).empty();
        return place.file.empty()
                   ? support::fail(ErrorKind::Usage, "there is no debug information: no source to list",
                                   "`disassemble` shows the instructions")
                   : support::fail(ErrorKind::Usage, fmt::format("{} {}", shell.sources().place(place.file, 0),
                                                                 isEmpty ? "cannot be read" : "ends here"));
    }
    shell.print(text);
    place.next += kListed;
    return {};
}

Result<void> doDisassemble(Shell& shell, const std::string& arguments) {
    const auto frame = shell.frame();
    const std::uint32_t pc = frame ? frame->location.pc : shell.session().stop().location.pc;
    std::uint32_t from = 0;
    std::uint32_t count = kWholeText;
    const std::size_t blank = std::min(arguments.find(' '), arguments.size());
    const std::string first = arguments.substr(0, blank);
    std::optional<dwarf::Function> function;
    for (const dwarf::Function& one : shell.session().debugInfo().functions()) {
        if (one.name == arguments) {
            function = one;
        }
    }
    if (function) {
        from = function->range.low;
        count = (function->range.high - function->range.low) / kSlotBytes;
    } else if (arguments != "all" && !arguments.empty()) {
        const auto address = parseNumber(first.starts_with('*') ? first.substr(1) : first);
        const auto wanted = blank == arguments.size() ? std::optional<std::uint64_t>(kInstructions)
                                                      : parseNumber(arguments.substr(blank));
        if (!address || !wanted || *address % kSlotBytes != 0 || *address > UINT32_MAX || *wanted > kWholeText) {
            return support::fail(ErrorKind::Usage,
                                 "expected a function or an instruction's address, a multiple of 8, found \"" +
                                     arguments + "\"",
                                 "disassemble, disassemble all, disassemble coap_resp or disassemble 0x48 16");
        }
        from = static_cast<std::uint32_t>(*address);
        count = static_cast<std::uint32_t>(*wanted);
    }
    auto code = shell.session().disassemble(from, count);
    if (!code) {
        return tl::unexpected(code.error());
    }
    if (arguments.empty()) { // read from the start: a wide instruction must not be met in its middle
        const auto here =
            std::ranges::find_if(*code, [pc](const session::Instruction& one) { return one.address >= pc; });
        const auto index = static_cast<std::uint32_t>(here - code->begin());
        const std::uint32_t start = index - std::min(index, kInstructionsBefore);
        const auto end = std::min<std::size_t>(code->size(), start + kInstructions);
        code =
            std::vector<session::Instruction>(code->begin() + start, code->begin() + static_cast<std::ptrdiff_t>(end));
    }
    if (function) { // a wide instruction takes two slots: fewer than asked for belong to it
        std::erase_if(*code, [&](const session::Instruction& one) { return !function->range.contains(one.address); });
    }
    printMixed(shell, *code, pc);
    return {};
}

} // namespace rbpf::cli::debug
