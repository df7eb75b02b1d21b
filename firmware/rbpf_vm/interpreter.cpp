/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The interpreter of verified text (RFC 9669, sections 4 and 5), for every processor without one of its own.
 *
 * Small first: one dispatch on the low four bits of an opcode fetches the operands (immediate or register), a second
 * one on the high bits works on them. */
#include "rbpf_vm/core_choice.h"

#if RBPF_VM_CORE_THUMB == 0

#include "rbpf_vm/core.hpp"
#include "rbpf_vm/operations.hpp"

/// Jumping to one of 8 or 16 labels by an index that is known to be in range: what a switch does, without its range
/// check, which the compiler will not drop.
#define RBPF_DISPATCH(index, ...)                                                                                      \
    static const void* const table[] = {__VA_ARGS__};                                                                  \
    goto* table[index]

using namespace rbpf::vm;

namespace {

/// The same value; the compiler is to have it in a register here, and not to compute it again.
template <class T>
[[gnu::always_inline]] inline T pinned(T value) {
    asm("" : "+r"(value));
    return value;
}

} // namespace

int32_t rbpf_vm_execute(rbpf_container_t* container, Segment* segment) {
    rbpf_container_t& c = *container;
    uintptr_t pc = segment->pc; // of the next instruction
    int32_t slack = segment->slack;
    int32_t distance = 0;
    uint32_t word = 0, small = 0, d = 0, address = 0;
    uint64_t value = 0, other = 0;
    int32_t end = kStopped;
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
    goto next;

set32:
    value = small;
set64:
    *to = value;
next:
    word = reinterpret_cast<const Instruction*>(pc)->word;
    pc = pinned(pc + kSlotBytes);
    to = pinned(&c.reg[dst(word)]);
    {
        RBPF_DISPATCH(word & 15, &&stop, &&load, &&storeImm, &&storeReg, &&alu32Imm, &&jmpImm, &&jmp32Imm, &&alu64Imm,
                      &&lddw, &&loadToo, &&storeImmToo, &&storeRegToo, &&alu32Reg, &&jmpReg, &&jmp32Reg, &&alu64Reg);
    }

alu32Imm:
    small = static_cast<uint32_t>(imm());
    goto alu32;
alu32Reg:
    small = low(src(word));
alu32: {
    d = static_cast<uint32_t>(*to);
    RBPF_DISPATCH(word >> 4 & 15, &&add32, &&sub32, &&mul32, &&div32, &&or32, &&and32, &&lsh32, &&rsh32, &&neg32,
                  &&mod32, &&xor32, &&mov32, &&arsh32, &&swap32, &&never0, &&never1);
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
    small = divide<uint32_t, int32_t>(d, small, word);
    goto set32;

alu64Imm:
    value = signExtended(imm());
    goto alu64;
alu64Reg:
    value = *pinned(&c.reg[src(word)]);
alu64: {
    RBPF_DISPATCH(word >> 4 & 15, &&add64, &&sub64, &&mul64, &&div64, &&or64, &&and64, &&lsh64, &&rsh64, &&neg64,
                  &&mod64, &&xor64, &&mov64, &&arsh64, &&swap64, &&never2, &&never3);
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
    *to = divide<uint64_t, int64_t>(*to, value, word);
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
        RBPF_DISPATCH(word >> 3 & 7, &&loadSigned32, &&loadSigned16, &&loadSigned8, &&never4, &&load32, &&load16,
                      &&load8, &&load64);
    }
load32:
    if (!reach(4, &rbpf_region_t::readBytes))
        goto noAccess;
    small = get<uint32_t>(p);
    goto set32;
load16:
    if (!reach(2, &rbpf_region_t::readBytes))
        goto noAccess;
    small = get<uint16_t>(p);
    goto set32;
load8:
    if (!reach(1, &rbpf_region_t::readBytes))
        goto noAccess;
    small = *p;
    goto set32;
load64:
    if (!reach(8, &rbpf_region_t::readBytes))
        goto noAccess;
    value = get<uint64_t>(p);
    goto set64;
loadSigned32:
    if (!reach(4, &rbpf_region_t::readBytes))
        goto noAccess;
    value = signExtended(get<int32_t>(p));
    goto set64;
loadSigned16:
    if (!reach(2, &rbpf_region_t::readBytes))
        goto noAccess;
    value = signExtended(get<int16_t>(p));
    goto set64;
loadSigned8:
    if (!reach(1, &rbpf_region_t::readBytes))
        goto noAccess;
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
        RBPF_DISPATCH(word >> 3 & 7, &&atomic32, &&never5, &&never6, &&atomic64, &&store32, &&store16, &&store8,
                      &&store64);
    }
store32:
    if (!reach(4, &rbpf_region_t::writeBytes))
        goto noAccess;
    put<uint32_t>(p, value);
    goto next;
store16:
    if (!reach(2, &rbpf_region_t::writeBytes))
        goto noAccess;
    put<uint16_t>(p, value);
    goto next;
store8:
    if (!reach(1, &rbpf_region_t::writeBytes))
        goto noAccess;
    *p = static_cast<uint8_t>(value);
    goto next;
store64:
    if (!reach(8, &rbpf_region_t::writeBytes))
        goto noAccess;
    put<uint64_t>(p, value);
    goto next;
atomic32:
    if (!reach(4, &rbpf_region_t::writeBytes))
        goto noAccess;
    rbpf_vm_atomic(container, word, static_cast<uint32_t>(imm()), p);
    goto next;
atomic64:
    if (!reach(8, &rbpf_region_t::writeBytes))
        goto noAccess;
    rbpf_vm_atomic(container, word, static_cast<uint32_t>(imm()), p);
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
    RBPF_DISPATCH(word >> 4 & 15, &&ja, &&jeq, &&jgt, &&jge, &&jset, &&jne, &&jsgt, &&jsge, &&call, &&exit, &&jlt,
                  &&jle, &&jslt, &&jsle, &&never7, &&never8);
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
    end = kStopped;
    goto spent;

call:
    end = kBinding;
    if (src(word) != kCallLocal)
        goto ended;
    end = rbpf_vm_enter(container, word, pc, segment);
    if (end < 0)
        goto ended;
    distance = imm();
    goto jumpFar;

exit:
    end = kExited;
    distance = rbpf_vm_leave(container, pc, segment);
    if (distance != 0)
        goto jumpFar;
    goto spent;

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
    end = kStopped;
    goto ended;

noAccess:
    end = kAccess;
ended:
    pc -= kSlotBytes;
spent:
    segment->pc = pc;
    segment->slack = slack;
    return end;
}

#endif
