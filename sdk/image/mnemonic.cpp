// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/image/mnemonic.hpp"

#include <array>
#include <cstdlib>
#include <fmt/format.h>

#include <rbpf/image.h>

#include "sdk/image/bindings.hpp"

namespace rbpf::image {

namespace {

constexpr const char* kUnknown = "<unknown>";

/// Bit 3 of an opcode: the second operand is a register.
constexpr std::uint8_t kSourceRegister = 0x08;

struct Operator {
    const char* plain;
    const char* isSigned; ///< with offset 1; null: there is none
};

/// By the upper four bits of an arithmetic opcode; mov, neg and end are written differently.
constexpr std::array<Operator, 16> kArithmetic{{{"+=", nullptr},
                                                {"-=", nullptr},
                                                {"*=", nullptr},
                                                {"/=", "s/="},
                                                {"|=", nullptr},
                                                {"&=", nullptr},
                                                {"<<=", nullptr},
                                                {">>=", nullptr},
                                                {nullptr, nullptr},
                                                {"%=", "s%="},
                                                {"^=", nullptr},
                                                {nullptr, nullptr},
                                                {"s>>=", nullptr},
                                                {nullptr, nullptr},
                                                {nullptr, nullptr},
                                                {nullptr, nullptr}}};

constexpr std::array<const char*, 16> kComparison{
    nullptr, "==", ">", ">=", "&", "!=", "s>", "s>=", nullptr, nullptr, "<", "<=", "s<", "s<=", nullptr, nullptr};

std::string reg(std::uint8_t number, bool is32) {
    return fmt::format("{}{}", is32 ? 'w' : 'r', number);
}

std::string signedOffset(std::int64_t value) {
    return fmt::format("{:+}", value);
}

std::string place(std::uint8_t base, std::int16_t offset) {
    return fmt::format("(r{} {} {})", base, offset < 0 ? '-' : '+', std::abs(static_cast<int>(offset)));
}

std::string swap(const Instruction& in) {
    const bool is64 = in.instructionClass() == kClassAlu64;
    const bool toBig = (in.opcode & kSourceRegister) != 0;
    if ((in.imm != 16 && in.imm != 32 && in.imm != 64) || (is64 && toBig)) {
        return kUnknown;
    }
    return fmt::format("r{0} = {1}{2} r{0}", in.dst, is64 ? "bswap" : toBig ? "be" : "le", in.imm);
}

std::string move(const Instruction& in, bool is32, const std::string& operand) {
    if (in.offset == 0) {
        return reg(in.dst, is32) + " = " + operand;
    }
    const bool isWidth = in.offset == 8 || in.offset == 16 || (in.offset == 32 && !is32);
    if ((in.opcode & kSourceRegister) == 0 || !isWidth) {
        return kUnknown;
    }
    return fmt::format("{} = (s{}){}", reg(in.dst, is32), in.offset, operand);
}

std::string arithmetic(const Instruction& in) {
    const bool is32 = in.instructionClass() == kClassAlu;
    const std::uint8_t operation = in.opcode >> 4;
    const std::string operand = (in.opcode & kSourceRegister) != 0 ? reg(in.src, is32) : fmt::format("{}", in.imm);
    switch (operation) {
    case 0x8:
        return fmt::format("{0} = -{0}", reg(in.dst, is32));
    case 0xb:
        return move(in, is32, operand);
    case 0xd:
        return swap(in);
    default:
        break;
    }
    const Operator& op = kArithmetic[operation];
    const char* symbol = in.offset == 0 ? op.plain : in.offset == 1 ? op.isSigned : nullptr;
    return symbol == nullptr ? kUnknown : fmt::format("{} {} {}", reg(in.dst, is32), symbol, operand);
}

std::string jump(const Instruction& in) {
    const bool is32 = in.instructionClass() == kClassJmp32;
    switch (in.opcode) {
    case kOpCall:
        if (in.isLocalCall()) {
            return "call " + signedOffset(in.imm);
        }
        if (in.isBindingCall()) {
            const auto name = bindingName(static_cast<std::uint32_t>(in.imm));
            return name ? fmt::format("call {}", *name) : fmt::format("call {}", in.imm);
        }
        return kUnknown;
    case kOpCall | kSourceRegister:
        return fmt::format("callx r{}", in.dst);
    case kOpExit:
        return "exit";
    case kOpGoto:
        return "goto " + signedOffset(in.offset);
    case kOpGotol:
        return "gotol " + signedOffset(in.imm);
    default:
        break;
    }
    const char* symbol = kComparison[in.opcode >> 4];
    if (symbol == nullptr) {
        return kUnknown;
    }
    const std::string operand = (in.opcode & kSourceRegister) != 0 ? reg(in.src, is32) : fmt::format("{}", in.imm);
    return fmt::format("if {} {} {} goto {}", reg(in.dst, is32), symbol, operand, signedOffset(in.offset));
}

/// By bits 3 and 4 of a load or store.
constexpr std::array<int, 4> kWidth{32, 16, 8, 64};

constexpr std::uint8_t kModeMemory = 0x60;
constexpr std::uint8_t kModeMemorySigned = 0x80;
constexpr std::uint8_t kModeAtomic = 0xc0;

/// RFC 9669, section 5.3; imm 1 of the low bits asks for the old value.
std::string atomic(const Instruction& in) {
    const int width = kWidth[(in.opcode >> 3) & 3];
    if (width < 32) {
        return kUnknown;
    }
    const bool is32 = width == 32;
    const std::string source = reg(in.src, is32);
    const std::string memory = place(in.dst, in.offset);
    const std::string bare = memory.substr(1, memory.size() - 2);
    const char* suffix = is32 ? "32_32" : "_64";
    if (in.imm == 0xe1) {
        return fmt::format("{} = xchg{}({}, {})", source, suffix, bare, source);
    }
    if (in.imm == 0xf1) {
        return fmt::format("{0} = cmpxchg{1}({2}, {0}, {3})", reg(0, is32), suffix, bare, source);
    }
    const char* symbol = nullptr;
    const char* name = nullptr;
    switch (in.imm & ~1) {
    case 0x00:
        symbol = "+=", name = "add";
        break;
    case 0x40:
        symbol = "|=", name = "or";
        break;
    case 0x50:
        symbol = "&=", name = "and";
        break;
    case 0xa0:
        symbol = "^=", name = "xor";
        break;
    default:
        return kUnknown;
    }
    if ((in.imm & 1) != 0) {
        return fmt::format("{} = atomic_fetch_{}((u{} *){}, {})", source, name, width, memory, source);
    }
    return fmt::format("lock *(u{} *){} {} {}", width, memory, symbol, source);
}

std::string memory(const Instruction& in) {
    const std::uint8_t mode = in.opcode & 0xe0;
    const int width = kWidth[(in.opcode >> 3) & 3];
    switch (in.instructionClass()) {
    case kClassLd:
        if (in.slots != 2) {
            return kUnknown;
        }
        if (in.opcode == RBPF_OP_LDDWD || in.opcode == RBPF_OP_LDDWR) {
            return fmt::format("r{} = {} + 0x{:x} ll", in.dst, in.opcode == RBPF_OP_LDDWD ? "data" : "rodata",
                               in.wide());
        }
        return in.src == 0 ? fmt::format("r{} = 0x{:x} ll", in.dst, in.wide()) : kUnknown;
    case kClassLdx:
        if (mode == kModeMemory || (mode == kModeMemorySigned && width < 64)) {
            return fmt::format("r{} = *({}{} *){}", in.dst, mode == kModeMemory ? 'u' : 's', width,
                               place(in.src, in.offset));
        }
        return kUnknown;
    case kClassSt:
        return mode == kModeMemory ? fmt::format("*(u{} *){} = {}", width, place(in.dst, in.offset), in.imm) : kUnknown;
    default:
        if (mode == kModeMemory) {
            return fmt::format("*(u{} *){} = r{}", width, place(in.dst, in.offset), in.src);
        }
        return mode == kModeAtomic ? atomic(in) : kUnknown;
    }
}

} // namespace

std::string mnemonic(const Instruction& instruction) {
    switch (instruction.instructionClass()) {
    case kClassAlu:
    case kClassAlu64:
        return arithmetic(instruction);
    case kClassJmp:
    case kClassJmp32:
        return jump(instruction);
    default:
        return memory(instruction);
    }
}

} // namespace rbpf::image
