/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The interpreter of verified text (RFC 9669, sections 4 and 5).
 *
 * Small first: one dispatch on the low four bits of an opcode fetches the operands (immediate or register), a second
 * one on the high bits works on them. Counting costs nothing between jumps: `slack` says how many bytes of text may be
 * run through in a straight line before the budget ends, less what is left of the text. While it is not negative, the
 * end of the text comes first; only a taken jump can change that. Near the end of the budget single instructions are
 * run from a copy with a stop behind it. */
#include "rbpf_vm/rbpf_vm.h"

#include "rbpf_vm/dispatch.hpp"
#include "rbpf_vm/instruction.hpp"
#include "rbpf_vm/operations.hpp"

using namespace rbpf::vm;

namespace {

/// Instructions counted at a time, so that eight times as many fit an int32_t with room for the longest text.
constexpr uint32_t kChunk = 1u << 27;
/// Keeps slack negative whatever a single instruction does.
constexpr int32_t kSingle = -(1 << 30);

/// The same value; the compiler is to have it in a register here, and not to compute it again.
template <class T>
[[gnu::always_inline]] inline T pinned(T value) {
    asm("" : "+r"(value));
    return value;
}

/// Notes that the run has come to `offset` bytes into the text. Instructions executed since the last resume are the
/// bytes passed, `balance` having been kept up with what was jumped over.
[[gnu::noinline]] uint32_t account(rbpf_container_t& container, uintptr_t offset, int32_t balance) {
    const uint32_t executed = (static_cast<uint32_t>(offset) + static_cast<uint32_t>(balance)) / kSlotBytes;
    container.pc = static_cast<uint32_t>(offset) / kSlotBytes;
    container.instructions += executed;
    return executed;
}

} // namespace

rbpf_halt_t rbpf_container_run(rbpf_container_t* container, uint32_t left) {
    rbpf_container_t& c = *container;
    Instruction single[3]; // one instruction of one or two slots, then opcode 0
    uintptr_t base;        // where the text would start if pc were in it
    uintptr_t pc;          // of the next instruction
    int32_t slack;         // see the top
    int32_t mark;          // slack, had the run begun at the start of the text
    int32_t distance = 0;
    uint32_t executed = 0, word = 0, small = 0, d = 0, address = 0;
    uint64_t value = 0, other = 0;
    int status = 0;
    uint8_t* p = nullptr;
    uint64_t* to = nullptr;

    const auto low = [&](uint32_t i) __attribute__((always_inline)) { return static_cast<uint32_t>(c.reg[i]); };
    const auto imm = [&]() __attribute__((always_inline)) { return reinterpret_cast<const Instruction*>(pc)[-1].imm; };
    // All bytes of the access lie in the region, which allows it: p points at them.
    const auto reach = [&](uint32_t bytes, uint32_t rbpf_region_t::* limit) __attribute__((always_inline)) {
        const rbpf_region_t& region = c.region[address >> RBPF_REGION_SHIFT];
        const uint32_t offset = address & RBPF_OFFSET_MASK;
        if (offset + bytes > region.*limit)
            return false;
        p = region.base + offset;
        return true;
    };

    if (!c.runnable) {
        c.fault = {RBPF_STATUS_NOT_RUNNABLE, 0, 0};
        return RBPF_HALT_FAULT;
    }

resume: {
    const Instruction* text = reinterpret_cast<const Instruction*>(c.text);
    base = reinterpret_cast<uintptr_t>(text);
    pc = c.pc * kSlotBytes;
    mark = static_cast<int32_t>((left < kChunk ? left : kChunk) * kSlotBytes - c.textBytes);
    if (mark + static_cast<int32_t>(pc) < 0) {
        if (left == 0)
            return RBPF_HALT_BUDGET;
        text += c.pc;
        single[0] = text[0];
        single[1] = (text[0].word & 7) == kLd ? text[1] : Instruction{};
        single[2] = {};
        base = reinterpret_cast<uintptr_t>(single) - pc;
        mark = kSingle;
    }
    slack = mark + static_cast<int32_t>(pc);
    pc += base;
    goto next;
}

set32:
    value = small;
set64:
    *to = value;
next:
    word = reinterpret_cast<const Instruction*>(pc)->word;
    pc = pinned(pc + kSlotBytes);
    to = pinned(&c.reg[dst(word)]);
    {
        RBPF_DISPATCH16(word & 15, stop, load, storeImm, storeReg, alu32Imm, jmpImm, jmp32Imm, alu64Imm, lddw, loadToo,
                        storeImmToo, storeRegToo, alu32Reg, jmpReg, jmp32Reg, alu64Reg);
    }

alu32Imm:
    small = static_cast<uint32_t>(imm());
    goto alu32;
alu32Reg:
    small = low(src(word));
alu32: {
    d = static_cast<uint32_t>(*to);
    RBPF_DISPATCH16(word >> 4 & 15, add32, sub32, mul32, div32, or32, and32, lsh32, rsh32, neg32, mod32, xor32, mov32,
                    arsh32, swap32, never0, never1);
}
add32:
    small = d + small;
    goto set32;
sub32:
    small = d - small;
    goto set32;
mul32:
    small = d * small;
    goto set32;
or32:
    small = d | small;
    goto set32;
and32:
    small = d & small;
    goto set32;
xor32:
    small = d ^ small;
    goto set32;
lsh32:
    small = d << (small & 31);
    goto set32;
rsh32:
    small = d >> (small & 31);
    goto set32;
arsh32:
    small = static_cast<uint32_t>(static_cast<int32_t>(d) >> (small & 31));
    goto set32;
neg32:
    small = 0 - d;
    goto set32;
mov32:
    if (offset(word) == 0)
        goto set32;
    small = static_cast<uint32_t>(offset(word) == 8 ? static_cast<int8_t>(small) : static_cast<int16_t>(small));
    goto set32;
div32:
mod32:
    small = divide32(d, small, word);
    goto set32;

alu64Imm:
    value = signExtended(imm());
    goto alu64;
alu64Reg:
    value = *pinned(&c.reg[src(word)]);
alu64: {
    RBPF_DISPATCH16(word >> 4 & 15, add64, sub64, mul64, div64, or64, and64, lsh64, rsh64, neg64, mod64, xor64, mov64,
                    arsh64, swap64, never2, never3);
}
add64:
    *to += value;
    goto next;
sub64:
    *to -= value;
    goto next;
mul64:
    *to *= value;
    goto next;
or64:
    *to |= value;
    goto next;
and64:
    *to &= value;
    goto next;
xor64:
    *to ^= value;
    goto next;
lsh64:
    *to <<= value & 63;
    goto next;
rsh64:
    *to >>= value & 63;
    goto next;
arsh64:
    *to = static_cast<uint64_t>(static_cast<int64_t>(*to) >> (value & 63));
    goto next;
neg64:
    *to = 0 - *to;
    goto next;
mov64:
    if (offset(word) != 0) {
        const uint32_t unused = 64 - static_cast<uint32_t>(offset(word));
        value = static_cast<uint64_t>(static_cast<int64_t>(value << unused) >> unused);
    }
    *to = value;
    goto next;
div64:
mod64:
    *to = divide(*to, value, word);
    goto next;

// Byte swaps of all widths: what is wanted ends up in the high end, then moves down.
swap32:
swap64: {
    const uint32_t unused = 64 - static_cast<uint32_t>(imm());
    value = opcode(word) == (kEnd << 4 | kAlu32) ? *to << unused : __builtin_bswap64(*to);
    *to = value >> unused;
    goto next;
}

lddw:
    value = static_cast<uint32_t>(imm()) |
            static_cast<uint64_t>(static_cast<uint32_t>(reinterpret_cast<const Instruction*>(pc)->imm)) << 32;
    if (opcode(word) == RBPF_OP_LDDWD)
        value += RBPF_ADDRESS(RBPF_REGION_DATA, 0);
    if (opcode(word) == RBPF_OP_LDDWR)
        value += RBPF_ADDRESS(RBPF_REGION_RODATA, 0);
    pc += kSlotBytes;
    slack += kSlotBytes; // two slots, one instruction
    goto set64;

load:
loadToo:
    address = low(src(word)) + static_cast<uint32_t>(offset(word));
    {
        // Bits 3 … 5: the size, and whether it is the plain mode (3) or the sign-extending one (4).
        RBPF_DISPATCH8(word >> 3 & 7, loadSigned32, loadSigned16, loadSigned8, never4, load32, load16, load8, load64);
    }
load32:
    if (!reach(4, &rbpf_region_t::readBytes))
        goto readFault;
    small = get<uint32_t>(p);
    goto set32;
load16:
    if (!reach(2, &rbpf_region_t::readBytes))
        goto readFault;
    small = get<uint16_t>(p);
    goto set32;
load8:
    if (!reach(1, &rbpf_region_t::readBytes))
        goto readFault;
    small = *p;
    goto set32;
load64:
    if (!reach(8, &rbpf_region_t::readBytes))
        goto readFault;
    value = get<uint64_t>(p);
    goto set64;
loadSigned32:
    if (!reach(4, &rbpf_region_t::readBytes))
        goto readFault;
    value = signExtended(get<int32_t>(p));
    goto set64;
loadSigned16:
    if (!reach(2, &rbpf_region_t::readBytes))
        goto readFault;
    value = signExtended(get<int16_t>(p));
    goto set64;
loadSigned8:
    if (!reach(1, &rbpf_region_t::readBytes))
        goto readFault;
    value = signExtended(static_cast<int8_t>(*p));
    goto set64;

storeImm:
storeImmToo:
    value = signExtended(imm());
    goto store;
storeReg:
storeRegToo:
    value = *pinned(&c.reg[src(word)]);
store:
    address = static_cast<uint32_t>(*to) + static_cast<uint32_t>(offset(word));
    {
        // Bits 3 … 5: the size, and whether it is the plain mode (3) or the atomic one (6).
        RBPF_DISPATCH8(word >> 3 & 7, atomic32, never5, never6, atomic64, store32, store16, store8, store64);
    }
store32:
    if (!reach(4, &rbpf_region_t::writeBytes))
        goto writeFault;
    put<uint32_t>(p, value);
    goto next;
store16:
    if (!reach(2, &rbpf_region_t::writeBytes))
        goto writeFault;
    put<uint16_t>(p, value);
    goto next;
store8:
    if (!reach(1, &rbpf_region_t::writeBytes))
        goto writeFault;
    *p = static_cast<uint8_t>(value);
    goto next;
store64:
    if (!reach(8, &rbpf_region_t::writeBytes))
        goto writeFault;
    put<uint64_t>(p, value);
    goto next;
atomic32:
    if (!reach(4, &rbpf_region_t::writeBytes))
        goto writeFault;
    atomic(c, word, static_cast<uint32_t>(imm()), p, false);
    goto next;
atomic64:
    if (!reach(8, &rbpf_region_t::writeBytes))
        goto writeFault;
    atomic(c, word, static_cast<uint32_t>(imm()), p, true);
    goto next;

// JMP32 makes the same comparisons as JMP, on halves moved up.
jmp32Imm:
    other = static_cast<uint64_t>(static_cast<uint32_t>(imm())) << 32;
    goto jmp32;
jmp32Reg:
    other = static_cast<uint64_t>(low(src(word))) << 32;
jmp32:
    value = static_cast<uint64_t>(static_cast<uint32_t>(*to)) << 32;
    goto compare;
jmpImm:
    other = signExtended(imm());
    goto jmp;
jmpReg:
    other = *pinned(&c.reg[src(word)]);
jmp:
    value = *to;
compare: {
    RBPF_DISPATCH16(word >> 4 & 15, ja, jeq, jgt, jge, jset, jne, jsgt, jsge, call, exit, jlt, jle, jslt, jsle, never7,
                    never8);
}
jeq:
    if (value == other)
        goto jump;
    goto next;
jne:
    if (value != other)
        goto jump;
    goto next;
jset:
    if (value & other)
        goto jump;
    goto next;
jgt:
    if (value > other)
        goto jump;
    goto next;
jge:
    if (value >= other)
        goto jump;
    goto next;
jlt:
    if (value < other)
        goto jump;
    goto next;
jle:
    if (value <= other)
        goto jump;
    goto next;
jsgt:
    if (static_cast<int64_t>(value) > static_cast<int64_t>(other))
        goto jump;
    goto next;
jsge:
    if (static_cast<int64_t>(value) >= static_cast<int64_t>(other))
        goto jump;
    goto next;
jslt:
    if (static_cast<int64_t>(value) < static_cast<int64_t>(other))
        goto jump;
    goto next;
jsle:
    if (static_cast<int64_t>(value) <= static_cast<int64_t>(other))
        goto jump;
    goto next;

ja:
    if ((word & 7) == kJmp) {
    jump:
        distance = offset(word);
    } else {
        distance = imm();
    }
jumpFar:
    distance *= static_cast<int32_t>(kSlotBytes);
    pc += static_cast<uintptr_t>(static_cast<intptr_t>(distance));
    slack += distance;
    if (slack >= 0)
        goto next;
    goto recount;

call:
    if (src(word) == kCallLocal) {
        const uint32_t frame = low(10);
        const uint32_t frameBytes = word >> 16;
        address = 0;
        status = RBPF_STATUS_CALL_DEPTH;
        if (c.depth == RBPF_CALL_DEPTH_MAX - 1)
            goto fault;
        status = RBPF_STATUS_STACK_OVERFLOW;
        if ((frame & RBPF_OFFSET_MASK) < frameBytes)
            goto fault;
        rbpf_frame_t& saved = c.frame[c.depth++];
        for (int i = 0; i < 4; i++)
            saved.saved[i] = c.reg[6 + i];
        saved.returnPc = static_cast<uint32_t>(pc - base) / kSlotBytes;
        saved.frame = frame;
        c.reg[10] = frame - frameBytes;
        distance = imm();
        goto jumpFar;
    }
    pc -= kSlotBytes;
    left -= account(c, pc - base, mark - slack);
    status = c.firmware->call(c.firmware, &c, static_cast<uint32_t>(reinterpret_cast<const Instruction*>(pc)->imm));
    if (status < 0)
        goto halt;
    c.pc++;
    c.instructions++;
    left--;
    if (status)
        return RBPF_HALT_INTERRUPT;
    goto resume;

exit:
    if (c.depth == 0) {
        account(c, pc - base, mark - slack);
        c.runnable = 0;
        return RBPF_HALT_EXITED;
    }
    {
        const rbpf_frame_t& saved = c.frame[--c.depth];
        for (int i = 0; i < 4; i++)
            c.reg[6 + i] = saved.saved[i];
        c.reg[10] = saved.frame;
        distance = static_cast<int32_t>(saved.returnPc - static_cast<uint32_t>(pc - base) / kSlotBytes);
    }
    goto jumpFar;

// What the verifier refuses.
never0:
never1:
never2:
never3:
never4:
never5:
never6:
never7:
never8:
// Behind a single instruction.
stop:
    pc -= kSlotBytes;
recount:
    executed = account(c, pc - base, mark - slack);
    left -= executed;
    if (executed != 0)
        goto resume;
    // Standing still: the text is no longer what was verified. Never hold the board for that.
    status = RBPF_STATUS_BAD_OPCODE;
    goto halt;

readFault:
    status = RBPF_STATUS_READ_FAULT;
    goto fault;
writeFault:
    status = RBPF_STATUS_WRITE_FAULT;
fault:
    account(c, pc - kSlotBytes - base, mark - slack);
    c.fault.detail = address;
halt:
    c.fault.status = static_cast<int8_t>(status);
    c.fault.insnIndex = c.pc;
    c.runnable = 0;
    return RBPF_HALT_FAULT;
}
