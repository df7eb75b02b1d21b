// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/image/instruction.hpp"

#include <rbpf/image.h>

#include "sdk/support/byte_reader.hpp"

namespace rbpf::image {

bool Instruction::isJump() const {
    const std::uint8_t kind = instructionClass();
    return (kind == kClassJmp || kind == kClassJmp32) && opcode != kOpCall && opcode != kOpExit &&
           (opcode & 0xf0) <= 0xd0 && (opcode & 0xf0) != 0x80 && (opcode & 0xf0) != 0x90;
}

std::optional<std::int64_t> Instruction::target() const {
    if (isLocalCall() || opcode == kOpGotol) {
        return std::int64_t{index} + 1 + imm;
    }
    if (isJump()) {
        return std::int64_t{index} + 1 + offset;
    }
    return std::nullopt;
}

std::vector<Instruction> decode(std::span<const std::uint8_t> text) {
    const support::ByteReader reader(text);
    std::vector<Instruction> instructions;
    for (std::size_t at = 0; at + 8 <= text.size();) {
        Instruction in;
        in.index = static_cast<std::uint32_t>(at / 8);
        in.opcode = *reader.u8(at);
        in.dst = *reader.u8(at + 1) & 15;
        in.src = *reader.u8(at + 1) >> 4;
        in.offset = static_cast<std::int16_t>(*reader.u16(at + 2));
        in.imm = static_cast<std::int32_t>(*reader.u32(at + 4));
        const bool wide = in.opcode == kOpLddw || in.opcode == RBPF_OP_LDDWD || in.opcode == RBPF_OP_LDDWR;
        if (const auto upper = reader.u32(at + 12); wide && upper) {
            in.imm2 = static_cast<std::int32_t>(*upper);
            in.slots = 2;
        }
        at += in.slots * std::size_t{8};
        instructions.push_back(in);
    }
    return instructions;
}

} // namespace rbpf::image
