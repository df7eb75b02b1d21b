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

/// Quotient or remainder as RFC 9669, section 4.1, defines them for every operand.
uint64_t divide(uint64_t a, uint64_t b, bool isSigned, bool remainder) {
    if (b == 0)
        return remainder ? a : 0;
    if (!isSigned)
        return remainder ? a % b : a / b;
    if (b == ~0ull)
        return remainder ? 0 : 0 - a;
    const int64_t x = static_cast<int64_t>(a), y = static_cast<int64_t>(b);
    return static_cast<uint64_t>(remainder ? x % y : x / y);
}

} // namespace

rbpf_halt_t rbpf_container_run(rbpf_container_t* container, uint32_t left) {
    rbpf_container_t& c = *container;
    Instruction scratch[3];
    uintptr_t base, pc;
    int32_t slack, mark, distance;
    uint32_t word, address = 0;
    int status;
    uint8_t* p;

    const auto sync = [&](uintptr_t to) {
        const uint32_t offset = static_cast<uint32_t>(to - base);
        const uint32_t executed = static_cast<uint32_t>(mark + static_cast<int32_t>(offset) - slack) / kSlotBytes;
        c.pc = offset / kSlotBytes;
        c.instructions += executed;
        left -= executed;
    };
    const auto low = [&](uint32_t i) { return static_cast<uint32_t>(c.reg[i]); };
    const auto imm = [&] { return reinterpret_cast<const Instruction*>(pc)[-1].imm; };
    const auto reach = [&](uint32_t addr, uint32_t bytes, uint32_t rbpf_region_t::* limit)
                           __attribute__((always_inline)) {
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
        switch (word & 0xf) {
        default: // the end of scratch
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
            switch (word >> 3 & 31) {
            case kMem << 2 | kWord:
                if (!reach(addr, 4, &rbpf_region_t::readBytes))
                    goto fault;
                to = get<uint32_t>(p);
                continue;
            case kMem << 2 | kHalf:
                if (!reach(addr, 2, &rbpf_region_t::readBytes))
                    goto fault;
                to = get<uint16_t>(p);
                continue;
            case kMem << 2 | kByte:
                if (!reach(addr, 1, &rbpf_region_t::readBytes))
                    goto fault;
                to = *p;
                continue;
            case kMem << 2 | kDouble:
                if (!reach(addr, 8, &rbpf_region_t::readBytes))
                    goto fault;
                to = get<uint64_t>(p);
                continue;
            case kMemSx << 2 | kWord:
                if (!reach(addr, 4, &rbpf_region_t::readBytes))
                    goto fault;
                to = static_cast<uint64_t>(static_cast<int64_t>(get<int32_t>(p)));
                continue;
            case kMemSx << 2 | kHalf:
                if (!reach(addr, 2, &rbpf_region_t::readBytes))
                    goto fault;
                to = static_cast<uint64_t>(static_cast<int64_t>(get<int16_t>(p)));
                continue;
            case kMemSx << 2 | kByte:
                if (!reach(addr, 1, &rbpf_region_t::readBytes))
                    goto fault;
                to = static_cast<uint64_t>(static_cast<int64_t>(static_cast<int8_t>(*p)));
                continue;
            }
            __builtin_unreachable();
        }

        case kSt:
        case kSt | 8:
        case kStx:
        case kStx | 8: {
            const uint32_t addr = low(dst(word)) + static_cast<uint32_t>(offset(word));
            const uint64_t value = word & 1 ? c.reg[src(word)] : static_cast<uint64_t>(static_cast<int64_t>(imm()));
            status = RBPF_STATUS_WRITE_FAULT;
            switch (word >> 3 & 31) {
            case kMem << 2 | kWord:
                if (!reach(addr, 4, &rbpf_region_t::writeBytes))
                    goto fault;
                put<uint32_t>(p, value);
                continue;
            case kMem << 2 | kHalf:
                if (!reach(addr, 2, &rbpf_region_t::writeBytes))
                    goto fault;
                put<uint16_t>(p, value);
                continue;
            case kMem << 2 | kByte:
                if (!reach(addr, 1, &rbpf_region_t::writeBytes))
                    goto fault;
                *p = static_cast<uint8_t>(value);
                continue;
            case kMem << 2 | kDouble:
                if (!reach(addr, 8, &rbpf_region_t::writeBytes))
                    goto fault;
                put<uint64_t>(p, value);
                continue;
            case kAtomic << 2 | kWord:
            case kAtomic << 2 | kDouble: {
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
        case kAlu32 | 8: {
            uint32_t s = word & 8 ? low(src(word)) : static_cast<uint32_t>(imm());
            uint64_t& to = c.reg[dst(word)];
            uint32_t d = static_cast<uint32_t>(to);
            switch (word >> 4 & 15) {
            case kAdd:
                to = d + s;
                continue;
            case kSub:
                to = d - s;
                continue;
            case kMul:
                to = d * s;
                continue;
            case kOr:
                to = d | s;
                continue;
            case kAnd:
                to = d & s;
                continue;
            case kLsh:
                to = d << (s & 31);
                continue;
            case kRsh:
                to = d >> (s & 31);
                continue;
            case kNeg:
                to = 0 - d;
                continue;
            case kXor:
                to = d ^ s;
                continue;
            case kMov:
                switch (offset(word)) {
                case 8:
                    s = static_cast<uint32_t>(static_cast<int8_t>(s));
                    break;
                case 16:
                    s = static_cast<uint32_t>(static_cast<int16_t>(s));
                    break;
                }
                to = s;
                continue;
            case kArsh:
                to = static_cast<uint32_t>(static_cast<int32_t>(d) >> (s & 31));
                continue;
            case kDiv:
            case kMod: {
                const bool isSigned = offset(word);
                uint64_t a = d, b = s;
                if (isSigned) {
                    a = static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(d)));
                    b = static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(s)));
                }
                to = static_cast<uint32_t>(divide(a, b, isSigned, (word & 0xf0) == kMod << 4));
                continue;
            }
            default:
                goto swap;
            }
        }

        case kAlu64:
        case kAlu64 | 8: {
            uint64_t s = word & 8 ? c.reg[src(word)] : static_cast<uint64_t>(static_cast<int64_t>(imm()));
            uint64_t& to = c.reg[dst(word)];
            switch (word >> 4 & 15) {
            case kAdd:
                to += s;
                continue;
            case kSub:
                to -= s;
                continue;
            case kMul:
                to *= s;
                continue;
            case kOr:
                to |= s;
                continue;
            case kAnd:
                to &= s;
                continue;
            case kLsh:
                to <<= s & 63;
                continue;
            case kRsh:
                to >>= s & 63;
                continue;
            case kNeg:
                to = 0 - to;
                continue;
            case kXor:
                to ^= s;
                continue;
            case kMov: {
                const uint32_t unused = (64u - static_cast<uint32_t>(offset(word))) & 63;
                to = static_cast<uint64_t>(static_cast<int64_t>(s << unused) >> unused);
                continue;
            }
            case kArsh:
                to = static_cast<uint64_t>(static_cast<int64_t>(to) >> (s & 63));
                continue;
            case kDiv:
            case kMod:
                to = divide(to, s, offset(word), (word & 0xf0) == kMod << 4);
                continue;
            default:
                goto swap;
            }
        }

        case kJmp:
        case kJmp | 8:
        case kJmp32:
        case kJmp32 | 8: {
            uint64_t d = c.reg[dst(word)];
            uint64_t s = word & 8 ? c.reg[src(word)] : static_cast<uint64_t>(static_cast<int64_t>(imm()));
            if (word & 2) { // JMP32: the same comparisons on the halves moved up
                d <<= 32;
                s <<= 32;
            }
            distance = offset(word);
            bool taken = true;
            switch (word >> 4 & 15) {
            case kJa:
                if (word & 2)
                    distance = imm();
                break;
            case kJeq:
                taken = d == s;
                break;
            case kJgt:
                taken = d > s;
                break;
            case kJge:
                taken = d >= s;
                break;
            case kJset:
                taken = d & s;
                break;
            case kJne:
                taken = d != s;
                break;
            case kJsgt:
                taken = static_cast<int64_t>(d) > static_cast<int64_t>(s);
                break;
            case kJsge:
                taken = static_cast<int64_t>(d) >= static_cast<int64_t>(s);
                break;
            case kJlt:
                taken = d < s;
                break;
            case kJle:
                taken = d <= s;
                break;
            case kJslt:
                taken = static_cast<int64_t>(d) < static_cast<int64_t>(s);
                break;
            case kJsle:
                taken = static_cast<int64_t>(d) <= static_cast<int64_t>(s);
                break;
            case kCall:
                goto call;
            case kExit:
                goto exit;
            }
            if (!taken)
                continue;
            goto jump;
        }
        }

    swap: {
        const uint32_t unused = 64 - static_cast<uint32_t>(imm());
        uint64_t& to = c.reg[dst(word)];
        const uint64_t v = opcode(word) == (kEnd << 4 | kAlu32) ? to << unused : __builtin_bswap64(to);
        to = v >> unused;
        continue;
    }

    call:
        if (src(word) == kCallBinding) {
            sync(pc - kSlotBytes);
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
            goto jump;
        }

    exit:
        if (c.depth == 0) {
            sync(pc);
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

    jump:
        distance *= static_cast<int32_t>(kSlotBytes);
        pc += static_cast<uintptr_t>(static_cast<intptr_t>(distance));
        slack += distance;
        if (slack >= 0)
            continue;
    recount:
        sync(pc);
        goto resume;
    }

faultHere:
    address = 0;
fault:
    sync(pc - kSlotBytes);
    c.fault.detail = address;
stop:
    c.fault.status = static_cast<int8_t>(status);
    c.fault.insnIndex = c.pc;
    c.runnable = 0;
    return RBPF_HALT_FAULT;
}
