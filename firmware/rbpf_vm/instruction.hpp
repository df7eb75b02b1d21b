/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One BPF instruction slot and the numbers of RFC 9669, sections 3 to 5, that the verifier and the interpreter share.
 */
#ifndef RBPF_VM_INSTRUCTION_HPP
#define RBPF_VM_INSTRUCTION_HPP

#include <stdint.h>

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "images are little-endian and executed in place");

namespace rbpf::vm {

/// Opcode in bits 0 … 7, dst in 8 … 11, src in 12 … 15, the signed offset in 16 … 31. Only 4-aligned in Femto images.
struct Instruction {
    uint32_t word;
    int32_t imm;
};

constexpr uint32_t kSlotBytes = 8;

constexpr uint32_t opcode(uint32_t word) {
    return word & 0xff;
}
constexpr uint32_t dst(uint32_t word) {
    return (word >> 8) & 0xf;
}
constexpr uint32_t src(uint32_t word) {
    return (word >> 12) & 0xf;
}
constexpr int32_t offset(uint32_t word) {
    return static_cast<int32_t>(word) >> 16;
}

/// The low three bits of an opcode.
enum Class : uint32_t {
    kLd = 0,
    kLdx = 1,
    kSt = 2,
    kStx = 3,
    kAlu32 = 4,
    kJmp = 5,
    kJmp32 = 6,
    kAlu64 = 7,
};

/// Bit 3 of arithmetic and jumps: the second operand is a register, else the immediate.
constexpr uint32_t kSourceRegister = 0x08;

/// The high four bits of arithmetic opcodes.
enum Alu : uint32_t {
    kAdd = 0x0,
    kSub = 0x1,
    kMul = 0x2,
    kDiv = 0x3,
    kOr = 0x4,
    kAnd = 0x5,
    kLsh = 0x6,
    kRsh = 0x7,
    kNeg = 0x8,
    kMod = 0x9,
    kXor = 0xa,
    kMov = 0xb,
    kArsh = 0xc,
    kEnd = 0xd,
};

/// The high four bits of jump opcodes.
enum Jump : uint32_t {
    kJa = 0x0,
    kJeq = 0x1,
    kJgt = 0x2,
    kJge = 0x3,
    kJset = 0x4,
    kJne = 0x5,
    kJsgt = 0x6,
    kJsge = 0x7,
    kCall = 0x8,
    kExit = 0x9,
    kJlt = 0xa,
    kJle = 0xb,
    kJslt = 0xc,
    kJsle = 0xd,
};

/// Bits 3 and 4 of loads and stores.
enum Size : uint32_t {
    kWord = 0,
    kHalf = 1,
    kByte = 2,
    kDouble = 3,
};

/// The high three bits of loads and stores.
enum Mode : uint32_t {
    kImm = 0,
    kMem = 3,
    kMemSx = 4,
    kAtomic = 6,
};

/// What the immediate of an atomic instruction says; kFetch comes on top of the first four.
enum Atomic : uint32_t {
    kAtomicAdd = 0x00,
    kFetch = 0x01,
    kAtomicOr = 0x40,
    kAtomicAnd = 0x50,
    kAtomicXor = 0xa0,
    kExchange = 0xe1,
    kCompareExchange = 0xf1,
};

constexpr uint32_t kOpLddw = 0x18;
constexpr uint32_t kOpJa = 0x05;
constexpr uint32_t kOpGotol = 0x06;
constexpr uint32_t kOpCall = 0x85;
constexpr uint32_t kOpCallx = 0x8d;
constexpr uint32_t kOpExit = 0x95;

/// Values of the src field of kOpCall.
constexpr uint32_t kCallBinding = 0;
constexpr uint32_t kCallLocal = 1;

} // namespace rbpf::vm

#endif
