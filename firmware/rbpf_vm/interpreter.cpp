/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The interpreter of verified text (RFC 9669, sections 4 and 5). */
#include "rbpf_vm/rbpf_vm.h"

#include "rbpf_vm/instruction.hpp"

using namespace rbpf::vm;

namespace {

template <class T>
struct [[gnu::packed, gnu::may_alias]] Unaligned {
    T value;
};

template <class T>
T get(const uint8_t* p) {
    return reinterpret_cast<const Unaligned<T>*>(p)->value;
}
template <class T>
void put(uint8_t* p, uint64_t value) {
    reinterpret_cast<Unaligned<T>*>(p)->value = static_cast<T>(value);
}

constexpr uint32_t kChunk = 1u << 27;
constexpr int32_t kSlow = -(1 << 30);

constexpr bool isSigned(uint32_t word) {
    return offset(word) != 0;
}
constexpr bool isModulo(uint32_t word) {
    return (word >> 4 & 15) == kMod;
}

/// Quotient or remainder as RFC 9669, section 4.1, defines them for every operand.
uint64_t divide(uint64_t a, uint64_t b, uint32_t word) {
    if (b == 0)
        return isModulo(word) ? a : 0;
    if (!isSigned(word))
        return isModulo(word) ? a % b : a / b;
    if (b == ~0ull)
        return isModulo(word) ? 0 : 0 - a;
    const int64_t x = static_cast<int64_t>(a), y = static_cast<int64_t>(b);
    return static_cast<uint64_t>(isModulo(word) ? x % y : x / y);
}

uint32_t divide32(uint32_t a, uint32_t b, uint32_t word) {
    uint64_t wideA = a, wideB = b;
    if (isSigned(word)) {
        wideA = static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(a)));
        wideB = static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(b)));
    }
    return static_cast<uint32_t>(divide(wideA, wideB, word));
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
    Instruction scratch[3];
    uintptr_t base, pc;
    int32_t slack, mark, distance;
    uint32_t word, small, address = 0;
    uint64_t value, other;
    int status;
    uint8_t* p;

    const auto low = [&](uint32_t i) __attribute__((always_inline)) { return static_cast<uint32_t>(c.reg[i]); };
    const auto imm = [&]() __attribute__((always_inline)) { return reinterpret_cast<const Instruction*>(pc)[-1].imm; };
    const auto reach = [&](uint32_t addr, uint32_t bytes, uint32_t rbpf_region_t::*limit) __attribute__((always_inline)) {
        address = addr;
        const rbpf_region_t& region = c.region[addr >> RBPF_REGION_SHIFT];
        const uint32_t offset = addr & RBPF_OFFSET_MASK;
        p = region.base + offset;
        return offset + bytes <= region.*limit;
    };

    if (!c.runnable) {
        c.fault = {RBPF_STATUS_NOT_RUNNABLE, 0, 0};
        return RBPF_HALT_FAULT;
    }

resume: {
    const uint32_t offset = c.pc * kSlotBytes;
    const Instruction* text = reinterpret_cast<const Instruction*>(c.text);
    base = reinterpret_cast<uintptr_t>(text);
    mark = static_cast<int32_t>((left < kChunk ? left : kChunk) * kSlotBytes - c.textBytes);
    if (mark + static_cast<int32_t>(offset) < 0) {
        if (left == 0)
            return RBPF_HALT_BUDGET;
        text += c.pc;
        scratch[0] = text[0];
        scratch[1] = (text[0].word & 7) == kLd ? text[1] : Instruction{};
        scratch[2] = {};
        base = reinterpret_cast<uintptr_t>(scratch) - offset;
        mark = kSlow;
    }
    slack = mark + static_cast<int32_t>(offset);
    pc = base + offset;
}

    for (;;) {
        word = reinterpret_cast<const Instruction*>(pc)->word;
        pc += kSlotBytes;
        asm("" : "+r"(pc));
        switch (word & 0xf) {
        case 0: // the end of scratch
            pc -= kSlotBytes;
            goto recount;

        case kLd | 8: {
            const uint32_t op = opcode(word);
            uint64_t value = static_cast<uint32_t>(imm());
            value |= static_cast<uint64_t>(static_cast<uint32_t>(reinterpret_cast<const Instruction*>(pc)->imm)) << 32;
            if (op == RBPF_OP_LDDWD)
                value += RBPF_ADDRESS(RBPF_REGION_DATA, 0);
            if (op == RBPF_OP_LDDWR)
                value += RBPF_ADDRESS(RBPF_REGION_RODATA, 0);
            c.reg[dst(word)] = value;
            pc += kSlotBytes;
            slack += kSlotBytes;
            continue;
        }

        case kLdx:
        case kLdx | 8: {
            const uint32_t addr = low(src(word)) + static_cast<uint32_t>(offset(word));
            uint64_t& to = c.reg[dst(word)];
            status = RBPF_STATUS_READ_FAULT;
            switch (word >> 3 & 7) {
            case 4 | kWord:
                if (!reach(addr, 4, &rbpf_region_t::readBytes))
                    goto fault;
                to = get<uint32_t>(p);
                continue;
            case 4 | kHalf:
                if (!reach(addr, 2, &rbpf_region_t::readBytes))
                    goto fault;
                to = get<uint16_t>(p);
                continue;
            case 4 | kByte:
                if (!reach(addr, 1, &rbpf_region_t::readBytes))
                    goto fault;
                to = *p;
                continue;
            case 4 | kDouble:
                if (!reach(addr, 8, &rbpf_region_t::readBytes))
                    goto fault;
                to = get<uint64_t>(p);
                continue;
            case kWord:
                if (!reach(addr, 4, &rbpf_region_t::readBytes))
                    goto fault;
                to = static_cast<uint64_t>(static_cast<int64_t>(get<int32_t>(p)));
                continue;
            case kHalf:
                if (!reach(addr, 2, &rbpf_region_t::readBytes))
                    goto fault;
                to = static_cast<uint64_t>(static_cast<int64_t>(get<int16_t>(p)));
                continue;
            case kByte:
            case 3:
                if (!reach(addr, 1, &rbpf_region_t::readBytes))
                    goto fault;
                to = static_cast<uint64_t>(static_cast<int64_t>(static_cast<int8_t>(*p)));
                continue;
            }
            __builtin_unreachable();
        }

        case kSt:
        case kSt | 8:
            value = static_cast<uint64_t>(static_cast<int64_t>(imm()));
            goto store;
        case kStx:
        case kStx | 8:
            value = c.reg[src(word)];
        store: {
            const uint32_t addr = low(dst(word)) + static_cast<uint32_t>(offset(word));
            status = RBPF_STATUS_WRITE_FAULT;
            switch (word >> 3 & 7) {
            case 4 | kWord:
                if (!reach(addr, 4, &rbpf_region_t::writeBytes))
                    goto fault;
                put<uint32_t>(p, value);
                continue;
            case 4 | kHalf:
                if (!reach(addr, 2, &rbpf_region_t::writeBytes))
                    goto fault;
                put<uint16_t>(p, value);
                continue;
            case 4 | kByte:
                if (!reach(addr, 1, &rbpf_region_t::writeBytes))
                    goto fault;
                *p = static_cast<uint8_t>(value);
                continue;
            case 4 | kDouble:
                if (!reach(addr, 8, &rbpf_region_t::writeBytes))
                    goto fault;
                put<uint64_t>(p, value);
                continue;
            case kWord:
            case 1:
            case 2:
            case kDouble: {
                const bool wide = word & kDouble << 3;
                if (!reach(addr, wide ? 8 : 4, &rbpf_region_t::writeBytes))
                    goto fault;
                const uint64_t old = wide ? get<uint64_t>(p) : get<uint32_t>(p);
                uint64_t now = value;
                uint64_t* fetched = &c.reg[src(word)];
                const uint32_t op = static_cast<uint32_t>(imm());
                switch (op >> 4) {
                case kAtomicAdd >> 4:
                    now += old;
                    break;
                case kAtomicOr >> 4:
                    now |= old;
                    break;
                case kAtomicAnd >> 4:
                    now &= old;
                    break;
                case kAtomicXor >> 4:
                    now ^= old;
                    break;
                case kCompareExchange >> 4:
                    fetched = &c.reg[0];
                    if (old != (wide ? *fetched : static_cast<uint32_t>(*fetched)))
                        now = old;
                    break;
                default:
                    break;
                }
                if (op & kFetch)
                    *fetched = old;
                if (wide)
                    put<uint64_t>(p, now);
                else
                    put<uint32_t>(p, now);
                continue;
            }
            }
            __builtin_unreachable();
        }

        case kAlu32:
            small = static_cast<uint32_t>(imm());
            goto alu32;
        case kAlu32 | 8:
            small = low(src(word));
        alu32: {
            const uint32_t d = low(dst(word));
            switch (word >> 4 & 15) {
            case kAdd:
                small = d + small;
                goto set32;
            case kSub:
                small = d - small;
                goto set32;
            case kMul:
                small = d * small;
                goto set32;
            case kOr:
                small = d | small;
                goto set32;
            case kAnd:
                small = d & small;
                goto set32;
            case kLsh:
                small = d << (small & 31);
                goto set32;
            case kRsh:
                small = d >> (small & 31);
                goto set32;
            case kNeg:
                small = 0 - d;
                goto set32;
            case kXor:
                small = d ^ small;
                goto set32;
            case kMov:
                switch (offset(word)) {
                case 8:
                    small = static_cast<uint32_t>(static_cast<int8_t>(small));
                    break;
                case 16:
                    small = static_cast<uint32_t>(static_cast<int16_t>(small));
                    break;
                }
                goto set32;
            case kArsh:
                small = static_cast<uint32_t>(static_cast<int32_t>(d) >> (small & 31));
                goto set32;
            case kDiv:
            case kMod:
                small = divide32(d, small, word);
                goto set32;
            case kEnd:
            case 14:
            case 15:
                goto swap;
            }
            __builtin_unreachable();
        }
        set32:
            c.reg[dst(word)] = small;
            continue;

        case kAlu64:
            value = static_cast<uint64_t>(static_cast<int64_t>(imm()));
            goto alu64;
        case kAlu64 | 8:
            value = c.reg[src(word)];
        alu64: {
            uint64_t& to = c.reg[dst(word)];
            switch (word >> 4 & 15) {
            case kAdd:
                to += value;
                continue;
            case kSub:
                to -= value;
                continue;
            case kMul:
                to *= value;
                continue;
            case kOr:
                to |= value;
                continue;
            case kAnd:
                to &= value;
                continue;
            case kLsh:
                to <<= value & 63;
                continue;
            case kRsh:
                to >>= value & 63;
                continue;
            case kNeg:
                to = 0 - to;
                continue;
            case kXor:
                to ^= value;
                continue;
            case kMov: {
                const uint32_t unused = (64u - static_cast<uint32_t>(offset(word))) & 63;
                to = static_cast<uint64_t>(static_cast<int64_t>(value << unused) >> unused);
                continue;
            }
            case kArsh:
                to = static_cast<uint64_t>(static_cast<int64_t>(to) >> (value & 63));
                continue;
            case kDiv:
            case kMod:
                to = divide(to, value, word);
                continue;
            case kEnd:
            case 14:
            case 15:
                goto swap;
            }
            __builtin_unreachable();
        }

        // JMP32 makes the same comparisons as JMP on halves moved up.
        case kJmp32:
            other = static_cast<uint64_t>(static_cast<uint32_t>(imm())) << 32;
            goto jmp32;
        case kJmp32 | 8:
            other = static_cast<uint64_t>(low(src(word))) << 32;
        jmp32:
            value = static_cast<uint64_t>(low(dst(word))) << 32;
            goto compare;
        case kJmp:
            other = static_cast<uint64_t>(static_cast<int64_t>(imm()));
            goto jmp;
        case kJmp | 8:
            other = c.reg[src(word)];
        jmp:
            value = c.reg[dst(word)];
        compare:
            switch (word >> 4 & 15) {
            case kJa:
                if (word & 2) {
                    distance = imm();
                    goto jumpFar;
                }
                goto jump;
            case kJeq:
                if (value == other)
                    goto jump;
                continue;
            case kJgt:
                if (value > other)
                    goto jump;
                continue;
            case kJge:
                if (value >= other)
                    goto jump;
                continue;
            case kJset:
                if (value & other)
                    goto jump;
                continue;
            case kJne:
                if (value != other)
                    goto jump;
                continue;
            case kJsgt:
                if (static_cast<int64_t>(value) > static_cast<int64_t>(other))
                    goto jump;
                continue;
            case kJsge:
                if (static_cast<int64_t>(value) >= static_cast<int64_t>(other))
                    goto jump;
                continue;
            case kJlt:
                if (value < other)
                    goto jump;
                continue;
            case kJle:
                if (value <= other)
                    goto jump;
                continue;
            case kJslt:
                if (static_cast<int64_t>(value) < static_cast<int64_t>(other))
                    goto jump;
                continue;
            case kJsle:
                if (static_cast<int64_t>(value) <= static_cast<int64_t>(other))
                    goto jump;
                continue;
            case kCall:
                goto call;
            case kExit:
            case 14:
            case 15:
                goto exit;
            }
        }
        __builtin_unreachable();

    swap: {
        const uint32_t unused = 64 - static_cast<uint32_t>(imm());
        uint64_t& to = c.reg[dst(word)];
        const uint64_t v = opcode(word) == (kEnd << 4 | kAlu32) ? to << unused : __builtin_bswap64(to);
        to = v >> unused;
        continue;
    }

    call:
        if (src(word) == kCallBinding) {
            left -= account(c, pc - kSlotBytes - base, mark - slack);
            status = c.firmware->call(c.firmware, &c, static_cast<uint32_t>(imm()));
            if (status < 0)
                goto stop;
            c.pc++;
            c.instructions++;
            left--;
            if (status)
                return RBPF_HALT_INTERRUPT;
            goto resume;
        }
        {
            const uint32_t frameBytes = word >> 16;
            if (c.depth == RBPF_CALL_DEPTH_MAX - 1) {
                status = RBPF_STATUS_CALL_DEPTH;
                goto faultHere;
            }
            const uint32_t frame = low(10);
            if ((frame & RBPF_OFFSET_MASK) < frameBytes) {
                status = RBPF_STATUS_STACK_OVERFLOW;
                goto faultHere;
            }
            rbpf_frame_t& saved = c.frame[c.depth++];
            for (int i = 0; i < 4; i++)
                saved.saved[i] = c.reg[6 + i];
            saved.returnPc = static_cast<uint32_t>(pc - base) / kSlotBytes;
            saved.frame = frame;
            c.reg[10] = frame - frameBytes;
            distance = imm();
            goto jumpFar;
        }

    exit:
        if (c.depth == 0) {
            left -= account(c, pc - base, mark - slack);
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

    jump:
        distance = offset(word);
    jumpFar:
        distance *= static_cast<int32_t>(kSlotBytes);
        pc += static_cast<uintptr_t>(static_cast<intptr_t>(distance));
        slack += distance;
        if (slack >= 0)
            continue;
    recount:
        left -= account(c, pc - base, mark - slack);
        goto resume;
    }

faultHere:
    address = 0;
fault:
    left -= account(c, pc - kSlotBytes - base, mark - slack);
    c.fault.detail = address;
stop:
    c.fault.status = static_cast<int8_t>(status);
    c.fault.insnIndex = c.pc;
    c.runnable = 0;
    return RBPF_HALT_FAULT;
}
