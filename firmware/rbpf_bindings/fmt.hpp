// SPDX-License-Identifier: LGPL-2.1-or-later
// Numbers as decimal text, with RIOT's results (sys/fmt). No NUL is written.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace rbpf::bindings {

/// '-', five digits, seven zeros or a point and leading zeros: no output is longer.
inline constexpr size_t kFmtBytes = 16;

size_t fmtU32(char* out, uint32_t value);
size_t fmtU64(char* out, uint64_t value); ///< at most 20 characters
/// value * 10^digits: (-1234, -2) gives "-12.34", (7, 2) gives "700". 0 if digits is not within -7 … 7.
size_t fmtS16Dfp(char out[kFmtBytes], int16_t value, int digits);

} // namespace rbpf::bindings
