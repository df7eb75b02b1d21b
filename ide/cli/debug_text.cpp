// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/debug_text.hpp"

#include <fmt/format.h>

#include "sdk/image/bindings.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::cli::debug {

namespace {

using Kind = session::BreakpointSpec::Kind;

std::string clauses(const session::BreakpointSpec& spec) {
    std::string text;
    if (!spec.condition.empty()) {
        text += " if " + spec.condition;
    }
    if (spec.ignore != 0) {
        text += fmt::format(", lets the first {} pass", counted(spec.ignore, "hit"));
    }
    if (!spec.logMessage.empty()) {
        text += fmt::format(", prints \"{}\" and goes on", spec.logMessage);
    }
    return text + (spec.temporary ? ", once" : "");
}

std::string watchText(const session::BreakpointSpec& spec) {
    const char* access = spec.onRead && spec.onWrite ? "reads and writes" : spec.onRead ? "reads" : "writes";
    return spec.expression.empty() ? fmt::format("{} of {} at 0x{:x}", access, counted(spec.size, "byte"), spec.address)
                                   : fmt::format("{} of {}", access, spec.expression);
}

} // namespace

std::string counted(std::uint64_t count, const char* noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string declaration(const dwarf::Type* type, const std::string& name) {
    if (type == nullptr) {
        return name;
    }
    std::string text = dwarf::typeName(type);
    if (const std::size_t function = text.find("(*)"); function != std::string::npos) {
        return text.insert(function + 2, name);
    }
    if (const std::size_t array = text.find('['); array != std::string::npos) {
        return text.insert(array, " " + name);
    }
    return text + (text.ends_with('*') ? "" : " ") + name;
}

std::string placeText(const Sources& sources, const session::Location& location) {
    if (location.line == 0) {
        return fmt::format("{}instruction 0x{:x}", location.function.empty() ? "" : location.function + " at ",
                           location.pc);
    }
    const std::string place = sources.place(location.file, location.line);
    return location.function.empty() ? place : location.function + " at " + place;
}

std::string instructionText(const session::Instruction& instruction, bool current) {
    return fmt::format("{} {:>#6x}  {:<32}  {}\n", current ? "->" : "  ", instruction.address,
                       support::toHex(instruction.bytes), instruction.text);
}

std::string specText(const Sources& sources, const session::BreakpointSpec& spec) {
    switch (spec.kind) {
    case Kind::Line:
        return sources.place(spec.file, spec.line);
    case Kind::Function:
        return "function " + spec.function;
    case Kind::Instruction:
        return fmt::format("instruction 0x{:x}", spec.address);
    case Kind::Watch:
        return watchText(spec);
    case Kind::Store:
        return fmt::format("writes to store key {}", spec.address);
    case Kind::Binding:
        if (spec.address == 0) {
            return "calls of any binding";
        }
        return "calls of " + std::string(image::bindingName(spec.address).value_or("an unknown binding"));
    case Kind::Entry:
        return "the start of every run";
    case Kind::Exit:
        return "the end of every run";
    }
    return {};
}

std::string breakpointText(const Sources& sources, const session::Breakpoint& breakpoint) {
    std::string text =
        fmt::format("{:>3}  {}{}", breakpoint.id, specText(sources, breakpoint.spec), clauses(breakpoint.spec));
    text += breakpoint.enabled ? "" : ", switched off";
    text += breakpoint.verified ? "" : ", not set";
    text += breakpoint.hits == 0 ? "" : fmt::format(", hit {}", counted(breakpoint.hits, "time"));
    text += "\n";
    if (!breakpoint.message.empty()) {
        text += "     " + breakpoint.message + "\n";
    }
    for (const session::Location& place : breakpoint.places) {
        text += fmt::format("     0x{:x} in {}\n", place.pc, placeText(sources, place));
    }
    return text;
}

std::string positionText(const session::Position& position) {
    return fmt::format("run {} step {}", position.run, position.step);
}

} // namespace rbpf::cli::debug
