/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the interpreter does with memory and with the rarer operations: unaligned access, division (RFC 9669, section
 * 4.1), atomics (section 5.3). */
#ifndef RBPF_VM_OPERATIONS_HPP
#define RBPF_VM_OPERATIONS_HPP

#include "rbpf_vm/instruction.hpp"
#include "rbpf_vm/rbpf_vm.h"

namespace rbpf::vm {

/// Script memory is not aligned: the compiler picks what the processor can do.
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

constexpr uint64_t signExtended(int32_t value) {
    return static_cast<uint64_t>(static_cast<int64_t>(value));
}

constexpr bool isSigned(uint32_t word) {
    return offset(word) != 0;
}
constexpr bool isModulo(uint32_t word) {
    return (word >> 4 & 15) == kMod;
}

/// Quotient or remainder as RFC 9669, section 4.1, defines them for every operand.
inline uint64_t divide(uint64_t a, uint64_t b, uint32_t word) {
    if (b == 0)
        return isModulo(word) ? a : 0;
    if (!isSigned(word))
        return isModulo(word) ? a % b : a / b;
    if (b == ~0ull)
        return isModulo(word) ? 0 : 0 - a;
    const int64_t x = static_cast<int64_t>(a), y = static_cast<int64_t>(b);
    return static_cast<uint64_t>(isModulo(word) ? x % y : x / y);
}

inline uint32_t divide32(uint32_t a, uint32_t b, uint32_t word) {
    uint64_t wideA = a, wideB = b;
    if (isSigned(word)) {
        wideA = signExtended(static_cast<int32_t>(a));
        wideB = signExtended(static_cast<int32_t>(b));
    }
    return static_cast<uint32_t>(divide(wideA, wideB, word));
}

/// The atomic operation `op` on the `bytes` (4 or 8) at `p`. Nothing else runs at the same time as a script.
inline void atomic(rbpf_container_t& c, uint32_t word, uint32_t op, uint8_t* p, bool wide) {
    uint64_t* fetched = &c.reg[src(word)];
    const uint64_t old = wide ? get<uint64_t>(p) : get<uint32_t>(p);
    uint64_t now = *fetched;
    switch (op & ~kFetch) {
    case kAtomicAdd:
        now += old;
        break;
    case kAtomicOr:
        now |= old;
        break;
    case kAtomicAnd:
        now &= old;
        break;
    case kAtomicXor:
        now ^= old;
        break;
    case kCompareExchange & ~kFetch:
        fetched = &c.reg[0];
        if (old != (wide ? *fetched : static_cast<uint32_t>(*fetched)))
            now = old;
        break;
    }
    if (op & kFetch)
        *fetched = old;
    if (wide)
        put<uint64_t>(p, now);
    else
        put<uint32_t>(p, now);
}

} // namespace rbpf::vm

#endif
