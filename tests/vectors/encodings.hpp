// SPDX-License-Identifier: GPL-3.0-or-later
// Every encoding of RFC 9669 (tables 3 to 19, without callx and the kinds of lddw and call that need a linker), to be
// counted off by tests: an opcode and those fields that select another instruction.
#pragma once

#include <compare>
#include <cstdint>
#include <set>
#include <span>
#include <string>

namespace rbpf::vectors {

struct Encoding {
    uint8_t opcode;
    int32_t selector; ///< what of src, offset or imm tells the instruction from others with its opcode; else 0
    auto operator<=>(const Encoding&) const = default;
};

std::string toString(const Encoding& encoding);

/// The encoding of the instruction whose first slot these 8 bytes are.
Encoding encodingOf(std::span<const uint8_t> slot);

std::set<Encoding> allEncodings();

} // namespace rbpf::vectors
