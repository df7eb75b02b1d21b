// SPDX-License-Identifier: GPL-3.0-or-later
// What is debugged, apart from any run of it: the image, its debug information if it is of the same build, and what
// follows from both: where an instruction comes from, how it reads, what it accesses.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "debugger/dwarf/debug_info.hpp"
#include "debugger/session/session.hpp"
#include "sdk/image/image.hpp"
#include "sdk/image/instruction.hpp"

namespace rbpf::session {

/// Memory that one load, store or atomic instruction touches.
struct Access {
    std::uint32_t address = 0, size = 0;
    bool reads = false, writes = false;
    [[nodiscard]] bool touches(std::uint32_t at, std::uint32_t bytes) const {
        return at < std::uint64_t{address} + size && address < std::uint64_t{at} + bytes;
    }
};

/// Nothing for instructions that touch no memory by themselves. `reg`: r0 … r10 before the instruction.
[[nodiscard]] std::optional<Access> accessOf(const image::Instruction& instruction, const std::uint64_t* reg);

class Program {
public:
    /// `debugElf` may be empty. Debug information of another build is not used; warning() then says so.
    [[nodiscard]] static support::Result<Program> create(std::vector<std::uint8_t> image,
                                                         std::vector<std::uint8_t> debugElf);

    [[nodiscard]] const image::Image& image() const { return image_; }
    [[nodiscard]] const dwarf::DebugInfo& info() const { return info_; }
    [[nodiscard]] const std::vector<std::uint8_t>& debugElf() const { return debugElf_; }
    [[nodiscard]] const std::string& warning() const { return warning_; }
    /// Without local calls there are never frames to ask for.
    [[nodiscard]] bool hasLocalCalls() const { return hasLocalCalls_; }

    [[nodiscard]] Location locate(std::uint32_t pc) const;
    /// "sensor.c:12", or "instruction 3 (0x18)".
    [[nodiscard]] std::string place(std::uint32_t pc) const;
    /// Null outside of the text and in the middle of a wide instruction.
    [[nodiscard]] const image::Instruction* at(std::uint32_t pc) const;
    [[nodiscard]] std::string text(std::uint32_t pc) const;
    /// r0 at the end of a run, as the C function of the entry at `entryPc` returns it.
    [[nodiscard]] std::int64_t resultOf(std::optional<std::uint32_t> entryPc, std::uint64_t r0) const;
    [[nodiscard]] std::vector<Instruction> listing(std::uint32_t address, std::uint32_t count) const;

private:
    image::Image image_;
    dwarf::DebugInfo info_;
    std::vector<std::uint8_t> debugElf_;
    std::string warning_;
    std::vector<image::Instruction> instructions_;
    std::vector<std::string> texts_;   ///< one for each instruction
    std::vector<std::int32_t> bySlot_; ///< index into instructions_, or -1
    bool hasLocalCalls_ = false;
};

/// A build id as people compare it: its first 4 bytes in hexadecimal.
[[nodiscard]] std::string shortBuildId(std::span<const std::uint8_t> id);

} // namespace rbpf::session
