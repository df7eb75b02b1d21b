// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rbpf_bindings/fmt.hpp"

#include <string.h>

namespace rbpf::bindings {

namespace {
constexpr int kDigitsMax = 7;
constexpr size_t kU64Digits = 20;
} // namespace

size_t fmtU64(char* out, uint64_t value) {
    char reversed[kU64Digits];
    size_t count = 0;
    do {
        reversed[count++] = static_cast<char>('0' + value % 10);
        value /= 10;
    } while (value != 0);
    for (size_t i = 0; i < count; ++i) {
        out[i] = reversed[count - 1 - i];
    }
    return count;
}

size_t fmtU32(char* out, uint32_t value) {
    char reversed[10];
    size_t count = 0;
    do {
        reversed[count++] = static_cast<char>('0' + value % 10);
        value /= 10;
    } while (value != 0);
    for (size_t i = 0; i < count; ++i) {
        out[i] = reversed[count - 1 - i];
    }
    return count;
}

size_t fmtS16Dfp(char out[kFmtBytes], int16_t value, int digits) {
    if (digits < -kDigitsMax || digits > kDigitsMax) {
        return 0;
    }
    size_t at = 0;
    uint32_t rest = static_cast<uint32_t>(value < 0 ? -static_cast<int32_t>(value) : value);
    if (value < 0) {
        out[at++] = '-';
    }
    if (digits >= 0) {
        at += fmtU32(out + at, rest);
        memset(out + at, '0', static_cast<size_t>(digits));
        return at + static_cast<size_t>(digits);
    }
    uint32_t divisor = 1;
    for (int i = digits; i < 0; ++i) {
        divisor *= 10;
    }
    at += fmtU32(out + at, rest / divisor);
    out[at++] = '.';
    for (rest %= divisor, divisor /= 10; divisor != 0; divisor /= 10) {
        out[at++] = static_cast<char>('0' + rest / divisor % 10);
    }
    return at;
}

} // namespace rbpf::bindings
