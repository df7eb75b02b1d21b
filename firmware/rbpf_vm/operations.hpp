/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unaligned access to script memory by what the processor can do, and division (RFC 9669, section 4.1). */
#ifndef RBPF_VM_OPERATIONS_HPP
#define RBPF_VM_OPERATIONS_HPP

#include <stdint.h>
#include <string.h>

#include "rbpf_vm/instruction.hpp"

namespace rbpf::vm {

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

/// Quotient or remainder as RFC 9669 defines them for every operand; `word` is the instruction's.
template <class Unsigned, class Signed>
Unsigned divide(Unsigned a, Unsigned b, uint32_t word) {
    const bool isModulo = (word >> 4 & 15) == kMod;
    if (b == 0)
        return isModulo ? a : 0;
    if (offset(word) == 0)
        return isModulo ? a % b : a / b;
    if (b == static_cast<Unsigned>(-1)) // the least number has no positive counterpart
        return isModulo ? 0 : 0 - a;
    const Signed x = static_cast<Signed>(a), y = static_cast<Signed>(b);
    return static_cast<Unsigned>(isModulo ? x % y : x / y);
}

} // namespace rbpf::vm

#endif
