// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/image/explain.hpp"

#include <array>
#include <cstdlib>
#include <fmt/format.h>

#include <rbpf/image.h>

#include "sdk/image/bindings.hpp"

namespace rbpf::image {

namespace {

constexpr const char* kNothing = "No instruction that the VM knows: the verifier rejects an image that has it.";
constexpr std::uint8_t kSourceRegister = 0x08;
constexpr std::array<int, 4> kWidth{32, 16, 8, 64};

/// By the upper four bits of an arithmetic opcode.
constexpr std::array<const char*, 14> kArithmetic{
    "Adds {1} to {0}.",
    "Subtracts {1} from {0}.",
    "Multiplies {0} by {1}.",
    "Divides {0} by {1}{2}; a division by 0 gives 0.",
    "Sets in {0} the bits that {1} has set, too (or).",
    "Keeps in {0} only the bits that {1} has set (and).",
    "Shifts {0} left by {1}; only the low bits of the distance count.",
    "Shifts {0} right by {1} and fills with zeroes; only the low bits of the distance count.",
    "Negates {0}.",
    "Leaves in {0} the remainder of its division by {1}{2}; with 0 it stays as it is.",
    "Flips in {0} the bits that {1} has set (exclusive or).",
    "Puts {1} into {0}.",
    "Shifts {0} right by {1} and keeps its sign; only the low bits of the distance count.",
    "Swaps the bytes of {0}.",
};

/// The same of a conditional jump.
constexpr std::array<const char*, 14> kConditions{nullptr,
                                                  "equals",
                                                  "is greater than",
                                                  "is at least",
                                                  "has a bit in common with",
                                                  "differs from",
                                                  "is greater, as a signed number, than",
                                                  "is at least, as a signed number,",
                                                  nullptr,
                                                  nullptr,
                                                  "is less than",
                                                  "is at most",
                                                  "is less, as a signed number, than",
                                                  "is at most, as a signed number,"};

std::string reg(unsigned number, bool is32) {
    return fmt::format("`{}{}`", is32 ? 'w' : 'r', number);
}

std::string operandOf(const Instruction& in, bool is32) {
    return (in.opcode & kSourceRegister) != 0 ? reg(in.src, is32) : fmt::format("{}", in.imm);
}

std::string swap(const Instruction& in) {
    const bool isAlways = in.instructionClass() == kClassAlu64;
    if (isAlways) {
        return fmt::format("Swaps the bytes of the low {} bits of `r{}` and clears the rest.", in.imm, in.dst);
    }
    return fmt::format("Turns the low {} bits of `r{}` into {}-endian order and clears the rest.", in.imm, in.dst,
                       (in.opcode & kSourceRegister) != 0 ? "big" : "little");
}

std::string arithmetic(const Instruction& in) {
    const bool is32 = in.instructionClass() == kClassAlu;
    const unsigned operation = in.opcode >> 4;
    if (operation >= kArithmetic.size()) {
        return kNothing;
    }
    if (operation == 0xd) {
        return swap(in);
    }
    const std::string dst = reg(in.dst, is32);
    const bool isSigned = (operation == 3 || operation == 9) && in.offset == 1;
    std::string words = fmt::format(fmt::runtime(kArithmetic[operation]), dst, operandOf(in, is32), isSigned ? ", as signed numbers" : "");
    if (operation == 0xb && in.offset != 0) {
        words = fmt::format("Puts the low {} bits of {} into {} and extends their sign.", in.offset, operandOf(in, is32), dst);
    }
    return is32 ? words + fmt::format(" 32 bits: the upper half of `r{}` becomes 0.", in.dst) : words;
}

std::string call(const Instruction& in) {
    if (in.isLocalCall()) {
        return "Calls a function of the script, which gets a frame of its own on the stack. `r1` to `r5` are its arguments and are "
               "lost, `r6` to `r9` are kept, `r0` is its result.";
    }
    if (!in.isBindingCall()) {
        return kNothing;
    }
    const auto id = static_cast<std::uint32_t>(in.imm);
    for (const Binding& binding : bindings()) {
        if (binding.id == id) {
            return fmt::format("Calls the firmware's binding {} (0x{:02x}): {} The arguments are in `r1` to `r5`, which are lost; the "
                               "result is in `r0`.",
                               binding.name, id, binding.documentation);
        }
    }
    return fmt::format("Calls binding 0x{:02x}, which is not in bindings.def.", id);
}

std::string jump(const Instruction& in) {
    const bool is32 = in.instructionClass() == kClassJmp32;
    const auto distance = [](std::int64_t slots) {
        return fmt::format("{} slot{} {}", std::abs(slots), std::abs(slots) == 1 ? "" : "s", slots < 0 ? "back" : "ahead");
    };
    switch (in.opcode) {
    case kOpCall:
        return call(in);
    case kOpExit:
        return "Returns: from a local call to its caller, from an entry to the firmware. The result is `r0`.";
    case kOpGoto:
        return fmt::format("Goes on {}, counted from the next one.", distance(in.offset));
    case kOpGotol:
        return fmt::format("Goes on {}, counted from the next one.", distance(in.imm));
    default:
        break;
    }
    const unsigned condition = in.opcode >> 4;
    if (condition >= kConditions.size() || kConditions[condition] == nullptr) {
        return kNothing;
    }
    return fmt::format("If {} {} {}, goes on {}, counted from the next one.", reg(in.dst, is32), kConditions[condition],
                       operandOf(in, is32), distance(in.offset));
}

std::string place(std::uint8_t base, std::int16_t offset) {
    return base == 10 ? fmt::format("the stack, {} bytes below the frame's end", -static_cast<int>(offset))
                      : fmt::format("the address `r{}` {} {}", base, offset < 0 ? '-' : '+', std::abs(static_cast<int>(offset)));
}

constexpr const char* kChecked = " An address outside of the script's regions is a fault.";

std::string memory(const Instruction& in) {
    const int width = kWidth[(in.opcode >> 3) & 3];
    const std::uint8_t mode = in.opcode & 0xe0;
    switch (in.instructionClass()) {
    case kClassLd:
        if (in.opcode == RBPF_OP_LDDWD || in.opcode == RBPF_OP_LDDWR) {
            return fmt::format("Puts an address in the image's {} into `r{}`; takes two slots.",
                               in.opcode == RBPF_OP_LDDWD ? "data" : "rodata", in.dst);
        }
        return in.opcode == kOpLddw ? fmt::format("Puts a number of 64 bits into `r{}`; takes two slots.", in.dst) : kNothing;
    case kClassLdx:
        return fmt::format("Reads {} bits from {} into `r{}` and {}.", width, place(in.src, in.offset), in.dst,
                           mode == 0x80 ? "extends their sign" : width == 64 ? "keeps them as they are" : "clears the rest") +
               kChecked;
    case kClassSt:
        return fmt::format("Writes {} as {} bits to {}.", in.imm, width, place(in.dst, in.offset)) + kChecked;
    default:
        if (mode == 0xc0) {
            return fmt::format("Changes {} bits at {} with `r{}` in one piece (atomic).", width, place(in.dst, in.offset), in.src) + kChecked;
        }
        return fmt::format("Writes the low {} bits of `r{}` to {}.", width, in.src, place(in.dst, in.offset)) + kChecked;
    }
}

} // namespace

std::string explain(const Instruction& instruction) {
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

std::string explainRegister(std::string_view name) {
    const bool isRegister = (name.size() == 2 && name[1] >= '0' && name[1] <= '9') || name == "r10";
    if (!isRegister || (name[0] != 'r' && name[0] != 'w')) {
        return {};
    }
    const std::string half = name[0] == 'w' ? fmt::format("The low 32 bits of `r{}`. ", name.substr(1)) : std::string();
    if (name == "r10") {
        return "`r10`: the end of the function's frame on the stack; it cannot be written.";
    }
    const char number = name[1];
    return half + (number == '0'   ? "`r0`: what a call gives back, and the result of a run."
                   : number <= '5' ? fmt::format("`r{0}`: argument {0} of a call, after which it is lost.", number)
                                   : fmt::format("`r{}`: kept over calls.", number));
}

} // namespace rbpf::image
