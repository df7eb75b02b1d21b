// SPDX-License-Identifier: GPL-3.0-or-later
// An image's text as lines: instruction, function, label, target by name, what an address points at.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sdk/image/image.hpp"
#include "sdk/image/instruction.hpp"

namespace rbpf::image {

/// A function's start, for names; offsets in bytes from the start of text, ascending.
struct Symbol {
    std::string name;
    std::uint32_t offset = 0;
};

struct Line {
    Instruction instruction;
    std::string function; ///< "" = unknown
    std::string label;    ///< of this line: "L3"; "" = nothing jumps here
    std::string text;     ///< "if r1 > r2 goto +4 <L3>"
    std::string comment;  ///< what a constant address points at: "rodata+0x10 \"%d\\n\"", or ""
};

/// One element an instruction. Without symbols functions are named by the image's entries and the calls that reach
/// them.
[[nodiscard]] std::vector<Line> disassemble(const Image& image, const std::vector<Symbol>& symbols);

} // namespace rbpf::image
