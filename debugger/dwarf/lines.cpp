// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dwarf/lines.hpp"

#include "debugger/dwarf/debug_info.hpp"
#include "debugger/dwarf/elf_sections.hpp"

namespace rbpf::dwarf {
namespace {

constexpr std::uint32_t kSlotBytes = 8;
constexpr std::uint8_t kWideOpcode = 0x18;
constexpr std::size_t kLargestText = 16u << 20;

SourceLine lineAt(const DebugInfo& info, std::uint32_t address) {
    const auto position = info.positionOf(address);
    if (!position) {
        return {};
    }
    const auto frames = info.framesAt(address);
    return {position->file, position->line, position->column, frames.empty() ? "" : frames.front().function};
}

} // namespace

support::Result<std::vector<SourceLine>> readLines(const std::vector<std::uint8_t>& debugElf) {
    const auto sections = readSections(debugElf);
    if (!sections) {
        return tl::unexpected(sections.error());
    }
    const auto found = sections->find(".text");
    if (found == sections->end() || found->second.empty() || found->second.size() > kLargestText) {
        return support::fail(support::ErrorKind::Script, "not a debug ELF of a script: it has no text",
                             "build the script again");
    }
    // Broken DWARF leaves lines unknown; it is not this function's to complain about.
    const auto info = DebugInfo::open(debugElf);
    if (!info) {
        return tl::unexpected(info.error());
    }
    const auto text = found->second;
    std::vector<SourceLine> lines;
    for (std::uint32_t at = 0; at + kSlotBytes <= text.size(); at += kSlotBytes) {
        lines.push_back(lineAt(*info, at));
        if (text[at] == kWideOpcode && at + 2 * kSlotBytes <= text.size()) {
            lines.push_back(lines.back());
            at += kSlotBytes;
        }
    }
    return lines;
}

} // namespace rbpf::dwarf
