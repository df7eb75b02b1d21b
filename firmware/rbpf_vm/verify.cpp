/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verifier: one pass over the text, no state between instructions. What it accepts, the interpreter runs without
 * looking again at opcodes, registers, fields and jump targets (RFC 9669, sections 4 and 5). */
#include "rbpf_vm/rbpf_vm.h"

#include "rbpf_vm/instruction.hpp"

using namespace rbpf::vm;

namespace {

class Verifier {
public:
    Verifier(const rbpf_image_t* image, const rbpf_firmware_t* firmware)
        : image_(*image), firmware_(firmware), text_(reinterpret_cast<const Instruction*>(image->text)),
          slots_(image->textBytes / kSlotBytes) {}

    rbpf_status_t run(uint32_t& index, uint32_t& detail);

private:
    /// An instruction starts at `index`. The second half of lddw is the one slot of verified text with opcode 0.
    bool starts(uint32_t index) const { return index < slots_ && opcode(text_[index].word) != 0; }
    bool isFrame(uint32_t bytes) const { return bytes % 8 == 0 && bytes <= image_.stackBytes; }

    rbpf_status_t check(uint32_t index, uint32_t& detail) const;
    rbpf_status_t checkAlu(Instruction insn) const;
    rbpf_status_t checkJump(Instruction insn, uint32_t index, uint32_t& detail) const;
    rbpf_status_t checkMemory(Instruction insn) const;

    const rbpf_image_t& image_;
    const rbpf_firmware_t* firmware_;
    const Instruction* text_;
    uint32_t slots_;
};

/// Fields that must be zero: BAD_FIELD unless they are.
inline rbpf_status_t zero(uint32_t fields) {
    return fields ? RBPF_STATUS_BAD_FIELD : RBPF_STATUS_OK;
}

/// The operand that is not used, src or imm, as source bit 3 of the opcode says.
inline uint32_t unusedOperand(Instruction insn) {
    return insn.word & kSourceRegister ? static_cast<uint32_t>(insn.imm) : src(insn.word);
}

rbpf_status_t Verifier::checkAlu(Instruction insn) const {
    const uint32_t op = opcode(insn.word) >> 4;
    const bool wide = (insn.word & 7) == kAlu64;
    const bool fromRegister = insn.word & kSourceRegister;
    uint32_t off = static_cast<uint32_t>(offset(insn.word));
    uint32_t unused = unusedOperand(insn);
    if (op > kEnd || (op == kNeg && fromRegister) || (op == kEnd && fromRegister && wide))
        return RBPF_STATUS_BAD_OPCODE;
    if (op == kDiv || op == kMod)
        off &= ~1u; // 1: signed
    if (op == kMov && fromRegister && (off == 8 || off == 16 || (off == 32 && wide)))
        off = 0; // sign extension from so many bits
    if (op == kNeg)
        unused |= static_cast<uint32_t>(insn.imm);
    if (op == kEnd) {
        unused = src(insn.word);
        if (insn.imm != 16 && insn.imm != 32 && insn.imm != 64)
            unused = 1;
    }
    return zero(off | unused);
}

rbpf_status_t Verifier::checkJump(Instruction insn, uint32_t index, uint32_t& detail) const {
    const uint32_t op = opcode(insn.word);
    const uint32_t imm = static_cast<uint32_t>(insn.imm);
    uint32_t target = index + 1 + static_cast<uint32_t>(offset(insn.word));
    switch (op) {
    case kOpGotol:
        target = index + 1 + imm;
        if (insn.word >> 8)
            return RBPF_STATUS_BAD_FIELD;
        break;
    case kOpJa:
        if (imm | (insn.word & 0xff00))
            return RBPF_STATUS_BAD_FIELD;
        break;
    case kOpCallx:
        return RBPF_STATUS_INDIRECT_CALL;
    case kOpCall:
        if (dst(insn.word))
            return RBPF_STATUS_BAD_FIELD;
        if (src(insn.word) == kCallLocal) {
            if (!isFrame(insn.word >> 16) || image_.isFemto)
                return RBPF_STATUS_BAD_FRAME;
            return starts(index + 1 + imm) ? RBPF_STATUS_OK : RBPF_STATUS_BAD_CALL;
        }
        if (insn.word >> 12)
            return RBPF_STATUS_BAD_FIELD;
        detail = imm;
        return firmware_->has(firmware_, imm) ? RBPF_STATUS_OK : RBPF_STATUS_UNKNOWN_BINDING;
    case kOpExit:
        return zero(imm | insn.word >> 8);
    default:
        if (!(0x3cfe >> (op >> 4) & 1))
            return RBPF_STATUS_BAD_OPCODE;
        if (unusedOperand(insn))
            return RBPF_STATUS_BAD_FIELD;
    }
    return starts(target) ? RBPF_STATUS_OK : RBPF_STATUS_BAD_JUMP;
}

rbpf_status_t Verifier::checkMemory(Instruction insn) const {
    const uint32_t cls = insn.word & 7;
    const uint32_t mode = opcode(insn.word) >> 5;
    const uint32_t size = insn.word >> 3 & 3;
    const uint32_t imm = static_cast<uint32_t>(insn.imm);
    if (mode == kMem)
        return zero(cls == kSt ? src(insn.word) : imm);
    if (mode == kMemSx && cls == kLdx && size != kDouble)
        return zero(imm);
    if (mode != kAtomic || cls != kStx || (size != kWord && size != kDouble))
        return RBPF_STATUS_BAD_OPCODE;
    switch (imm) {
    case kAtomicAdd | kFetch:
    case kAtomicOr | kFetch:
    case kAtomicAnd | kFetch:
    case kAtomicXor | kFetch:
    case kExchange:
        if (src(insn.word) == 10)
            return RBPF_STATUS_BAD_REGISTER;
        [[fallthrough]];
    case kAtomicAdd:
    case kAtomicOr:
    case kAtomicAnd:
    case kAtomicXor:
    case kCompareExchange:
        return RBPF_STATUS_OK;
    }
    return RBPF_STATUS_BAD_FIELD;
}

rbpf_status_t Verifier::check(uint32_t index, uint32_t& detail) const {
    const Instruction insn = text_[index];
    const uint32_t cls = insn.word & 7;
    if (dst(insn.word) > 10 || src(insn.word) > 10)
        return RBPF_STATUS_BAD_REGISTER;
    if ((cls == kAlu32 || cls == kAlu64 || cls == kLd || cls == kLdx) && dst(insn.word) == 10)
        return RBPF_STATUS_BAD_REGISTER;
    switch (cls) {
    case kLd: {
        const uint32_t op = opcode(insn.word);
        if (op != kOpLddw && !(image_.isFemto && (op == RBPF_OP_LDDWD || op == RBPF_OP_LDDWR)))
            return RBPF_STATUS_BAD_OPCODE;
        if (index + 1 == slots_)
            return RBPF_STATUS_NO_EXIT;
        return zero(insn.word >> 12 | text_[index + 1].word);
    }
    case kAlu32:
    case kAlu64:
        return checkAlu(insn);
    case kJmp:
    case kJmp32:
        return checkJump(insn, index, detail);
    default:
        return checkMemory(insn);
    }
}

rbpf_status_t Verifier::run(uint32_t& index, uint32_t& detail) {
    uint32_t last = 0;
    for (index = 0; index < slots_; index++) {
        const rbpf_status_t status = check(index, detail);
        if (status != RBPF_STATUS_OK)
            return status;
        detail = 0;
        last = opcode(text_[index].word);
        if ((last & 7) == kLd)
            index++;
    }
    index = slots_ - 1;
    if (last != kOpExit && last != kOpJa && last != kOpGotol)
        return RBPF_STATUS_NO_EXIT;
    for (uint32_t i = 0; i < image_.entryCount; i++) {
        const rbpf_entry_t entry = rbpf_image_entry(&image_, i);
        index = entry.insnIndex;
        if (!starts(index))
            return RBPF_STATUS_BAD_ENTRY;
        if (!isFrame(entry.frameBytes))
            return RBPF_STATUS_BAD_FRAME;
    }
    index = 0;
    return RBPF_STATUS_OK;
}

} // namespace

rbpf_status_t rbpf_image_verify(const rbpf_image_t* image, const rbpf_limits_t* limits, const rbpf_firmware_t* firmware,
                                rbpf_fault_t* rejection) {
    *rejection = {};
    rbpf_status_t status = RBPF_STATUS_TOO_LARGE;
    if (image->size <= limits->imageBytes && image->stackBytes <= limits->stackBytes &&
        image->dataBytes + image->bssBytes <= limits->ramBytes)
        status = Verifier(image, firmware).run(rejection->insnIndex, rejection->detail);
    rejection->status = static_cast<int8_t>(status);
    return status;
}
