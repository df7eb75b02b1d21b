// SPDX-License-Identifier: GPL-3.0-or-later
// A function of the text as basic blocks and nested loops.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sdk/image/instruction.hpp"

namespace rbpf::analyse {

inline constexpr std::size_t kNone = SIZE_MAX;

struct Block {
    std::size_t first = 0, last = 0;  ///< into the text's instructions; inclusive
    std::size_t taken = kNone, next = kNone; ///< blocks that its jump leads to, and that it falls into
    std::size_t loop = kNone;         ///< the innermost
    std::size_t item = kNone;         ///< its place in that loop's (or the function's) order
};

struct Loop {
    std::size_t header = 0; ///< block; every way into the loop comes here first
    std::size_t parent = kNone;
    std::size_t item = kNone;   ///< its place in its parent's order
    bool isOneBlock = false;    ///< its header leads to itself
    std::uint32_t writes = 0;   ///< registers, by bit
    bool writesMemory = false;
    std::vector<std::size_t> order{}; ///< blocks, and headers of the loops right inside, so that no way leads back
};

/// Instructions, and where each slot's is; shared by all functions.
struct Text {
    std::vector<image::Instruction> instructions;
    std::vector<std::size_t> bySlot; ///< kNone: the second half of a wide one
};
[[nodiscard]] Text decodeText(std::span<const std::uint8_t> text);

struct ControlFlow {
    std::string problem{}; ///< why there are no blocks: a jump out of the text, loops that are entered in the middle, …
    std::vector<Block> blocks{}; ///< the first is the function's start
    std::vector<Loop> loops{};
    std::vector<std::size_t> order{}; ///< as Loop::order, of the function itself

    /// The block lies in the loop or in one inside of it; kNone holds all.
    [[nodiscard]] bool isIn(std::size_t block, std::size_t loop) const;
};

/// Of what the slot leads to without calls.
[[nodiscard]] ControlFlow controlFlow(const Text& text, std::uint32_t insnIndex);

} // namespace rbpf::analyse
