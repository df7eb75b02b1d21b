// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/session/program.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "sdk/image/build_id.hpp"
#include "sdk/image/disassemble.hpp"

namespace rbpf::session {

namespace {

/// RFC 9669, section 5: size and mode fields of load and store opcodes.
constexpr std::uint8_t kModeMask = 0xe0;
constexpr std::uint8_t kModeMem = 0x60;
constexpr std::uint8_t kModeMemSigned = 0x80;
constexpr std::uint8_t kModeAtomic = 0xc0;

std::uint32_t sizeOf(std::uint8_t opcode) {
    static constexpr std::uint32_t kSizes[] = {4, 2, 1, 8};
    return kSizes[(opcode >> 3) & 3];
}

} // namespace

std::optional<Access> accessOf(const image::Instruction& instruction, const std::uint64_t* reg) {
    const std::uint8_t mode = instruction.opcode & kModeMask;
    const std::uint8_t group = instruction.instructionClass();
    const bool load = group == image::kClassLdx && (mode == kModeMem || mode == kModeMemSigned);
    const bool atomic = group == image::kClassStx && mode == kModeAtomic;
    const bool store = (group == image::kClassSt || group == image::kClassStx) && mode == kModeMem;
    if (!load && !store && !atomic) {
        return std::nullopt;
    }
    const std::uint64_t base = reg[load ? instruction.src : instruction.dst];
    return Access{static_cast<std::uint32_t>(base + static_cast<std::uint64_t>(std::int64_t{instruction.offset})),
                  sizeOf(instruction.opcode), load || atomic, store || atomic};
}

std::string shortBuildId(std::span<const std::uint8_t> id) {
    std::string text;
    for (const std::uint8_t byte : id.first(std::min<std::size_t>(id.size(), 4))) {
        text += fmt::format("{:02x}", byte);
    }
    return text;
}

support::Result<Program> Program::create(std::vector<std::uint8_t> imageBytes, std::vector<std::uint8_t> debugElf) {
    auto read = image::read(std::move(imageBytes));
    if (!read) {
        return tl::unexpected(read.error());
    }
    Program program;
    program.image_ = std::move(*read);
    if (!debugElf.empty()) {
        const auto id = image::debugBuildId(debugElf);
        if (!id || *id != program.image_.buildId) {
            program.warning_ =
                id ? fmt::format("the debug information is of build {}, the image of build {}: stepping by instruction "
                                 "only; build again and deploy",
                                 shortBuildId(*id), shortBuildId(program.image_.buildId))
                   : std::string("the debug information does not tell its build: it is not used");
        } else if (auto info = dwarf::DebugInfo::open(debugElf)) {
            program.info_ = std::move(*info);
            program.debugElf_ = std::move(debugElf);
        } else {
            program.warning_ = "the debug information cannot be read: " + info.error().message;
        }
    }
    std::vector<image::Symbol> symbols;
    for (const dwarf::Function& function : program.info_.functions()) {
        symbols.push_back({function.name, function.range.low});
    }
    program.bySlot_.assign(program.image_.textBytes / 8, -1);
    for (image::Line& line : image::disassemble(program.image_, symbols)) {
        if (line.instruction.index < program.bySlot_.size()) {
            program.bySlot_[line.instruction.index] = static_cast<std::int32_t>(program.instructions_.size());
        }
        program.hasLocalCalls_ = program.hasLocalCalls_ || line.instruction.isLocalCall();
        program.instructions_.push_back(line.instruction);
        program.texts_.push_back(line.comment.empty() ? line.text : line.text + "  ; " + line.comment);
    }
    return program;
}

const image::Instruction* Program::at(std::uint32_t pc) const {
    const std::uint32_t slot = pc / 8;
    return pc % 8 != 0 || slot >= bySlot_.size() || bySlot_[slot] < 0
               ? nullptr
               : &instructions_[static_cast<std::size_t>(bySlot_[slot])];
}

std::string Program::text(std::uint32_t pc) const {
    const image::Instruction* instruction = at(pc);
    return instruction == nullptr ? std::string()
                                  : texts_[static_cast<std::size_t>(instruction - instructions_.data())];
}

Location Program::locate(std::uint32_t pc) const {
    Location location;
    location.pc = pc;
    const auto frames = info_.framesAt(pc);
    if (!frames.empty()) {
        location.file = frames.front().position.file;
        location.line = frames.front().position.line;
        location.column = frames.front().position.column;
        location.function = frames.front().function;
        return location;
    }
    if (const auto position = info_.positionOf(pc)) {
        location.file = position->file;
        location.line = position->line;
        location.column = position->column;
    }
    for (const image::Entry& entry : image_.entries) {
        if (entry.insnIndex * 8 == pc) {
            location.function = entry.name;
        }
    }
    return location;
}

std::string Program::place(std::uint32_t pc) const {
    const Location location = locate(pc);
    return location.line == 0
               ? fmt::format("instruction {} (0x{:x})", pc / 8, pc)
               : fmt::format("{}:{}", std::filesystem::path(location.file).filename().string(), location.line);
}

std::int64_t Program::resultOf(std::optional<std::uint32_t> entryPc, std::uint64_t r0) const {
    const auto function = entryPc ? info_.functionAt(*entryPc) : std::nullopt;
    return info_.resultOf(function ? function->name : "", r0);
}

std::vector<Instruction> Program::listing(std::uint32_t address, std::uint32_t count) const {
    const auto text = image_.text();
    std::vector<Instruction> lines;
    for (const image::Instruction& instruction : instructions_) {
        const std::uint32_t at = instruction.index * 8;
        if (at + instruction.slots * 8 <= address || lines.size() >= count) {
            continue;
        }
        const auto bytes = text.subspan(at, std::min<std::size_t>(instruction.slots * 8, text.size() - at));
        lines.push_back({at, {bytes.begin(), bytes.end()}, this->text(at), locate(at)});
    }
    return lines;
}

} // namespace rbpf::session
