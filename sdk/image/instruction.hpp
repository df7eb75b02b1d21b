// SPDX-License-Identifier: GPL-3.0-or-later
// The text of an image as instructions (RFC 9669, section 3), one or two 8-byte slots each.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace rbpf::image {

/// Opcode fields of RFC 9669.
enum : std::uint8_t {
    kClassLd = 0x00,
    kClassLdx = 0x01,
    kClassSt = 0x02,
    kClassStx = 0x03,
    kClassAlu = 0x04,
    kClassJmp = 0x05,
    kClassJmp32 = 0x06,
    kClassAlu64 = 0x07,
    kOpLddw = 0x18,
    kOpCall = 0x85,
    kOpExit = 0x95,
    kOpGoto = 0x05,
    kOpGotol = 0x06,
};

struct Instruction {
    std::uint32_t index = 0; ///< slot
    std::uint8_t opcode = 0;
    std::uint8_t dst = 0;
    std::uint8_t src = 0;
    std::int16_t offset = 0;
    std::int32_t imm = 0;
    std::int32_t imm2 = 0; ///< upper half of a two-slot instruction
    std::uint32_t slots = 1;

    [[nodiscard]] std::uint8_t instructionClass() const { return opcode & 0x07; }
    [[nodiscard]] bool isBindingCall() const { return opcode == kOpCall && src == 0; }
    [[nodiscard]] bool isLocalCall() const { return opcode == kOpCall && src == 1; }
    [[nodiscard]] bool isJump() const;
    [[nodiscard]] std::uint64_t wide() const {
        return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(imm2)) << 32) | static_cast<std::uint32_t>(imm);
    }
    /// Slot that a jump or a local call goes to; may lie outside the text when the image is bad.
    [[nodiscard]] std::optional<std::int64_t> target() const;
};

/// Every instruction of `text`; bytes behind the last whole slot are ignored, a wide instruction without its second
/// slot counts one slot.
[[nodiscard]] std::vector<Instruction> decode(std::span<const std::uint8_t> text);

} // namespace rbpf::image
