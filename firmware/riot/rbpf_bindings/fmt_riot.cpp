// SPDX-License-Identifier: LGPL-2.1-or-later
// Numbers as decimal text by RIOT's fmt, in place of firmware/rbpf_bindings/fmt.cpp.
#include "fmt.h"

#include "rbpf_bindings/fmt.hpp"

namespace rbpf::bindings {

size_t fmtU32(char* out, uint32_t value) {
    return fmt_u32_dec(out, value);
}

size_t fmtU64(char* out, uint64_t value) {
    return fmt_u64_dec(out, value);
}

size_t fmtS16Dfp(char out[kFmtBytes], int16_t value, int digits) {
    constexpr int kDigitsMax = 7; // RIOT has no limit, but the buffer has
    return digits < -kDigitsMax || digits > kDigitsMax ? 0 : fmt_s16_dfp(out, value, digits);
}

} // namespace rbpf::bindings
