// SPDX-License-Identifier: GPL-3.0-or-later
// What the script has: variables, registers, memory.
#include <algorithm>
#include <fmt/format.h>

#include "ide/cli/debug_break_spec.hpp"
#include "ide/cli/debug_commands.hpp"
#include "ide/cli/debug_memory.hpp"
#include "ide/cli/debug_shell.hpp"
#include "ide/cli/debug_text.hpp"

namespace rbpf::cli::debug {

namespace {

using support::ErrorKind;
using support::Result;

constexpr std::uint32_t kWordBytes = 8;
constexpr std::uint32_t kMostText = 200; ///< characters of a string that x/s shows
constexpr std::size_t kPc = 11;

Result<std::uint32_t> addressOf(Shell& shell, const std::string& expression) {
    const auto value = shell.session().evaluate(expression, shell.level(), false);
    if (!value) {
        return tl::unexpected(value.error());
    }
    if (const auto address = dwarf::addressMeant(*value)) {
        return *address;
    }
    return support::fail(ErrorKind::Usage, "\"" + expression + "\" is no address");
}

std::string textAt(session::Session& session, std::uint32_t address) {
    std::string text;
    for (std::uint32_t at = 0; at < kMostText; ++at) {
        const auto byte = session.readMemory(address + at, 1);
        if (!byte || byte->empty() || byte->front() == 0) {
            return "\"" + text + "\"" + (byte ? "" : " (its end cannot be read)");
        }
        const std::uint8_t c = byte->front();
        text += c == '"' || c == '\\'   ? fmt::format("\\{}", static_cast<char>(c))
                : c >= ' ' && c != 0x7f ? std::string(1, static_cast<char>(c))
                                        : fmt::format("\\x{:02x}", c);
    }
    return "\"" + text + "\"…";
}

Result<void> examine(Shell& shell, std::uint32_t address, const ExamineFormat& format) {
    session::Session& session = shell.session();
    if (format.format == 'i') {
        const auto code = session.disassemble(address, format.count);
        if (!code) {
            return tl::unexpected(code.error());
        }
        for (const session::Instruction& one : *code) {
            shell.print(instructionText(one, one.address == session.stop().location.pc));
            shell.nextExamined = one.address + static_cast<std::uint32_t>(one.bytes.size());
        }
        return {};
    }
    if (format.format == 's') {
        shell.print(fmt::format("0x{:08x}: {}\n", address, textAt(session, address)));
        return {};
    }
    const auto bytes = session.readMemory(address, format.count * format.size);
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    shell.print(memoryText(address, *bytes, format));
    shell.nextExamined = address + format.count * format.size;
    return {};
}

std::vector<StackVariable> variablesInMemory(Shell& shell) {
    std::vector<StackVariable> found;
    if (const auto list = shell.session().variables(shell.level())) {
        for (const session::Variable& variable : *list) {
            for (const dwarf::Part& part : variable.value.parts) {
                if (part.where == dwarf::Part::Where::Memory) {
                    found.push_back({part.address, static_cast<std::uint32_t>(part.size), variable.name});
                }
            }
        }
    }
    return found;
}

} // namespace

Result<void> doPrint(Shell& shell, const std::string& arguments) {
    std::string expression = arguments;
    const bool hexadecimal = expression.starts_with("/x");
    if (hexadecimal) {
        expression = splitCommand(expression.substr(1)).arguments;
    }
    if (expression.empty()) {
        return support::fail(ErrorKind::Usage, "print what?", "print m.val[0]");
    }
    const auto value = shell.session().evaluate(expression, shell.level(), false);
    if (!value) {
        return tl::unexpected(value.error());
    }
    shell.print(fmt::format("{} = {}\n", expression, shell.render(*value, hexadecimal)));
    return {};
}

Result<void> doSet(Shell& shell, const std::string& arguments) {
    const std::size_t equals = arguments.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == arguments.size()) {
        return support::fail(ErrorKind::Usage, "set what to which value?", "set m.scale = -1, set $r1 = 5");
    }
    const auto value = shell.session().evaluate(arguments, shell.level(), true);
    if (!value) {
        return tl::unexpected(value.error());
    }
    const std::string name = arguments.substr(0, arguments.find_last_not_of(' ', equals - 1) + 1);
    shell.print(fmt::format("{} = {}\n", name, shell.render(*value)));
    return {};
}

Result<void> doExamine(Shell& shell, const std::string& arguments) {
    std::string rest = arguments;
    ExamineFormat format = parseFormat(shell.examineFormat).value_or(ExamineFormat{});
    if (rest.starts_with('/')) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        format.count = 1;
        const auto given = parseFormat(std::string_view(rest).substr(1, end - 1), format);
        if (!given) {
            return support::fail(ErrorKind::Usage, "\"" + rest.substr(0, end) + "\" is no format",
                                 "x/8xb ADDRESS: count, x d u c s or i, b h w or g");
        }
        format = *given;
        shell.examineFormat = fmt::format("{}{}{}", format.count, format.format,
                                          format.size == 1   ? 'b'
                                          : format.size == 2 ? 'h'
                                          : format.size == 4 ? 'w'
                                                             : 'g');
        rest = end == rest.size() ? "" : rest.substr(end + 1);
    }
    if (rest.empty()) {
        return shell.nextExamined == 0 ? support::fail(ErrorKind::Usage, "which address?", "x/8xb $r10-8")
                                       : examine(shell, shell.nextExamined, format);
    }
    const auto address = addressOf(shell, rest);
    return address ? examine(shell, *address, format) : tl::unexpected(address.error());
}

Result<void> doRegisters(Shell& shell, const std::string&) {
    const auto state = shell.session().state(shell.level());
    if (!state) {
        return tl::unexpected(state.error());
    }
    const auto& before = shell.registersBefore();
    for (unsigned i = 0; i <= kPc; ++i) {
        const std::string name = i == kPc ? "pc" : fmt::format("r{}", i);
        if (const auto value = (*state)->readRegister(i)) {
            const bool isChanged = shell.level() == 0 && i < before.size() && before[i] != *value;
            shell.print(fmt::format("{} {:<3} 0x{:016x}  {}\n", isChanged ? '*' : ' ', name, *value,
                                    static_cast<std::int64_t>(*value)));
        } else {
            shell.print(fmt::format("  {:<3} lost: calls do not keep it\n", name));
        }
    }
    return {};
}

Result<void> doStack(Shell& shell, const std::string&) {
    const auto regions = shell.session().regions();
    const auto frames = shell.session().frames();
    if (!regions || !frames) {
        return tl::unexpected(!regions ? regions.error() : frames.error());
    }
    const auto stack = std::ranges::find_if(*regions, [](const session::Region& one) { return one.name == "stack"; });
    if (stack == regions->end() || stack->size == 0 || frames->empty()) {
        return support::fail(ErrorKind::Usage, "the script has no stack in use");
    }
    const auto bytes = shell.session().readMemory(stack->address, stack->size);
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    const std::uint32_t end = stack->address + stack->size;
    const std::uint32_t used = usedBytes(*bytes);
    std::uint32_t high = end, low = end - used;
    for (const session::Frame& frame : *frames) {
        if (frame.level == shell.level()) {
            high = frame.framePointer;
        }
    }
    const auto variables = variablesInMemory(shell);
    for (const session::Frame& frame : *frames) { // the frame ends where the one it called begins
        if (frame.framePointer < high) {
            low = std::max(low, frame.framePointer);
        }
    }
    const bool isInnermost =
        std::ranges::none_of(*frames, [&](const session::Frame& one) { return one.framePointer < high; });
    for (const StackVariable& variable : variables) {
        if (isInnermost && variable.address >= stack->address && variable.address < high) {
            low = std::min(low, variable.address);
        }
    }
    low -= (low - stack->address) % kWordBytes;
    if (high <= end && low >= stack->address && low < high) {
        shell.print(stackText(low, high, std::span(*bytes).subspan(low - stack->address, high - low), variables));
    } else {
        shell.print("   The frame has no words in use.\n");
    }
    shell.print(fmt::format("High-water mark so far: {} of {}; below it there are only zeroes.\n",
                            counted(used, "byte"), stack->size));
    return {};
}

Result<void> doRegions(Shell& shell, const std::string&) {
    const auto regions = shell.session().regions();
    if (!regions) {
        return tl::unexpected(regions.error());
    }
    for (const session::Region& region : *regions) {
        shell.print(fmt::format("{:>4}  {:<12} 0x{:08x} … 0x{:08x}  {:>8}  {}\n", region.index, region.name,
                                region.address, region.address + std::max(region.size, 1u) - 1,
                                counted(region.size, "byte"),
                                region.readable && region.writable ? "read, write"
                                : region.writable                  ? "write"
                                                                   : "read"));
    }
    return {};
}

Result<void> doLocals(Shell& shell, const std::string&) {
    const auto list = shell.session().variables(shell.level());
    if (!list) {
        return tl::unexpected(list.error());
    }
    if (list->empty()) {
        shell.print(shell.session().sourceFiles().empty()
                        ? "There is no debug information, so no variables; `regs` and `x` show what there is.\n"
                        : "No variables are in scope here.\n");
    }
    for (const session::Variable& variable : *list) {
        std::string text =
            fmt::format("   {} = {}", declaration(variable.value.type, variable.name), shell.render(variable.value));
        if (variable.lastKnown) {
            text += fmt::format(", last known as {} at {}", shell.render(*variable.lastKnown),
                                positionText(variable.lastKnownAt));
        }
        shell.print(text + "\n");
    }
    return {};
}

} // namespace rbpf::cli::debug
