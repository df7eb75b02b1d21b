// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dwarf/frame_size.hpp"

#include <algorithm>

#include <llvm/BinaryFormat/Dwarf.h>

#include "sdk/support/byte_reader.hpp"

namespace rbpf::dwarf {

namespace {

constexpr std::uint32_t kMaxFrame = 32768; // the instruction's offset field cannot tell of more

std::uint32_t roundUp(std::int64_t bytes) {
    return bytes <= 0 ? 0 : static_cast<std::uint32_t>(std::min<std::int64_t>((bytes + 7) / 8 * 8, kMaxFrame));
}

/// Stack bytes below r10 that the code names: `[r10 - n]`, `rX = r10; rX += -n`, and the caller's frame size in the
/// offset field of a local call (rbpf/image.h).
std::uint32_t fromCode(const std::vector<std::uint8_t>& text, AddressRange range) {
    const support::ByteReader reader(text);
    std::int64_t lowest = 0;
    unsigned frameCopies = 0; // bit n: register n was just set to r10
    for (std::uint32_t at = range.low; at + 8 <= range.high && at + 8 <= text.size(); at += 8) {
        const unsigned opcode = *reader.u8(at);
        const unsigned registers = *reader.u8(at + 1);
        const unsigned to = registers & 15;
        const unsigned from = registers >> 4;
        const auto offset = static_cast<std::int16_t>(*reader.u16(at + 2));
        const auto immediate = static_cast<std::int32_t>(*reader.u32(at + 4));
        const unsigned group = opcode & 7;
        if ((group == 1 && from == 10) || ((group == 2 || group == 3) && to == 10)) { // LDX; ST and STX
            lowest = std::min<std::int64_t>(lowest, offset);
        } else if (opcode == 0x85 && from == 1) {
            lowest = std::min<std::int64_t>(lowest, -std::int64_t{offset});
        } else if (opcode == 0xbf && from == 10 && offset == 0) {
            frameCopies |= 1U << to;
            continue;
        } else if (opcode == 0x07 && (frameCopies >> to & 1U) != 0) {
            lowest = std::min<std::int64_t>(lowest, immediate);
        }
        if (group == 7 || group == 4 || group == 0 || group == 1) {
            frameCopies &= ~(1U << to);
        }
        if (opcode == 0x18) {
            at += 8;
        }
    }
    return roundUp(-lowest);
}

/// Stack bytes that places counted from the frame's low end reach up to.
std::uint32_t fromVariables(const Scope& scope) {
    std::uint32_t result = 0;
    for (const auto& variable : scope.variables) {
        for (const auto& location : variable.locations) {
            if (location.operations.empty()) {
                continue;
            }
            const auto& first = location.operations.front();
            const bool frame = first.code == llvm::dwarf::DW_OP_fbreg || first.code == llvm::dwarf::DW_OP_breg0 + 10;
            if (frame && first.a >= 0 && first.a < kMaxFrame) {
                const auto size = location.operations.size() == 1 ? variable.type->size : 1;
                result = std::max(result, roundUp(first.a + static_cast<std::int64_t>(size)));
            }
        }
    }
    for (const auto& child : scope.children) {
        result = std::max(result, fromVariables(child));
    }
    return result;
}

std::map<std::uint64_t, std::uint64_t> readSizes(std::span<const std::uint8_t> bytes) {
    const support::ByteReader reader(bytes);
    std::map<std::uint64_t, std::uint64_t> sizes;
    for (std::size_t at = 0; at + 8 < bytes.size();) {
        const auto address = *reader.u64(at);
        at += 8;
        std::uint64_t size = 0;
        for (unsigned shift = 0; at < bytes.size(); shift += 7) {
            const auto byte = bytes[at++];
            if (shift < 63) {
                size |= std::uint64_t{byte & 0x7fU} << shift;
            }
            if ((byte & 0x80) == 0) {
                break;
            }
        }
        sizes[address] = size;
    }
    return sizes;
}

/// Where the compiler says that the prologue ends; without that mark there is none.
std::uint32_t bodyStartOf(const Model& model, const FunctionDefinition& function) {
    for (const auto& row : model.rows) {
        if (row.address < function.range.low || row.address >= function.range.high) {
            continue;
        }
        if (row.prologueEnd) {
            return row.address;
        }
    }
    return function.range.low;
}

} // namespace

void settleFrames(Model& model, std::span<const std::uint8_t> stackSizes) {
    const auto sizes = readSizes(stackSizes);
    for (auto& function : model.functions) {
        const auto known = sizes.find(function.range.low);
        if (known != sizes.end() && known->second <= kMaxFrame) {
            function.frameBytes = static_cast<std::uint32_t>(known->second);
        } else {
            const auto told = model.countsFromLowEnd ? fromVariables(function.root) : 0;
            function.frameBytes = std::max(fromCode(model.text, function.range), told);
        }
        function.bodyStart = bodyStartOf(model, function);
    }
}

} // namespace rbpf::dwarf
