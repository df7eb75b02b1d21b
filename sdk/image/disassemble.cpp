// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/image/disassemble.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <map>
#include <set>

#include "sdk/image/mnemonic.hpp"

namespace rbpf::image {

namespace {

/// Slot → name, of everything a function may be known by.
std::map<std::uint32_t, std::string> functionNames(const Image& image, const std::vector<Symbol>& symbols,
                                                   const std::vector<Instruction>& instructions) {
    std::map<std::uint32_t, std::string> names;
    for (const Symbol& symbol : symbols) {
        names.emplace(symbol.offset / 8, symbol.name);
    }
    for (const Entry& entry : image.entries) {
        names.emplace(entry.insnIndex, entry.name.empty() ? "entry" : entry.name);
    }
    for (const Instruction& in : instructions) {
        const auto target = in.isLocalCall() ? in.target() : std::nullopt;
        if (target && *target >= 0 && *target < image.textBytes / 8) {
            const auto slot = static_cast<std::uint32_t>(*target);
            names.emplace(slot, fmt::format("function_{}", slot));
        }
    }
    return names;
}

std::map<std::int64_t, std::string> labels(const std::vector<Instruction>& instructions) {
    std::set<std::int64_t> targets;
    for (const Instruction& in : instructions) {
        if (const auto target = in.target(); target && !in.isLocalCall()) {
            targets.insert(*target);
        }
    }
    std::map<std::int64_t, std::string> names;
    for (const Instruction& in : instructions) {
        if (targets.contains(in.index)) {
            names.emplace(in.index, fmt::format("L{}", names.size() + 1));
        }
    }
    return names;
}

std::string quoted(std::span<const std::uint8_t> bytes) {
    std::string text = "\"";
    for (const std::uint8_t byte : bytes) {
        if (byte == 0) {
            return text + '"';
        }
        if (text.size() > 40) {
            return text + "…\"";
        }
        if (byte == '\n') {
            text += "\\n";
        } else if (byte == '"' || byte == '\\') {
            text += {'\\', static_cast<char>(byte)};
        } else if (std::isprint(byte) != 0) {
            text += static_cast<char>(byte);
        } else {
            return {};
        }
    }
    return {};
}

/// "rodata+0x8 "text"" for a VM address inside the image's rodata or data.
std::string pointsAt(const Image& image, std::uint32_t address) {
    const std::uint32_t region = address >> RBPF_REGION_SHIFT;
    const std::uint32_t offset = address & RBPF_OFFSET_MASK;
    if (region == RBPF_REGION_RODATA && offset < image.rodataBytes) {
        const std::string text = quoted(image.rodata().subspan(offset));
        return fmt::format("rodata+0x{:x}{}{}", offset, text.size() > 2 ? " " : "", text.size() > 2 ? text : "");
    }
    if (region == RBPF_REGION_DATA && offset < std::uint64_t{image.dataBytes} + image.bssBytes) {
        return offset < image.dataBytes ? fmt::format("data+0x{:x}", offset)
                                        : fmt::format("bss+0x{:x}", offset - image.dataBytes);
    }
    return {};
}

std::string comment(const Image& image, const Instruction& in) {
    constexpr std::uint8_t kMov64 = 0xb7;
    constexpr std::uint8_t kMov32 = 0xb4;
    if (in.opcode == kMov64 || in.opcode == kMov32 || (in.opcode == kOpLddw && in.imm2 == 0)) {
        return pointsAt(image, static_cast<std::uint32_t>(in.imm));
    }
    if (in.opcode == RBPF_OP_LDDWR && in.wide() < image.rodataBytes) {
        return pointsAt(image, RBPF_ADDRESS(RBPF_REGION_RODATA, in.imm));
    }
    return {};
}

} // namespace

std::vector<Line> disassemble(const Image& image, const std::vector<Symbol>& symbols) {
    const std::vector<Instruction> instructions = decode(image.text());
    const auto functions = functionNames(image, symbols, instructions);
    const auto labelAt = labels(instructions);
    std::vector<Line> lines;
    lines.reserve(instructions.size());
    for (const Instruction& in : instructions) {
        Line line{in, "", "", mnemonic(in), comment(image, in)};
        if (const auto function = functions.upper_bound(in.index); function != functions.begin()) {
            line.function = std::prev(function)->second;
        }
        if (const auto label = labelAt.find(in.index); label != labelAt.end()) {
            line.label = label->second;
        }
        if (const auto target = in.target(); target && in.isLocalCall()) {
            const auto callee = functions.find(static_cast<std::uint32_t>(*target));
            line.text += callee != functions.end() ? fmt::format(" <{}>", callee->second) : " <outside of the text>";
        } else if (target) {
            const auto label = labelAt.find(*target);
            line.text += label != labelAt.end() ? fmt::format(" <{}>", label->second) : " <no instruction>";
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

} // namespace rbpf::image
