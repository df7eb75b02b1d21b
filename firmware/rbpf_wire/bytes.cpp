// SPDX-License-Identifier: LGPL-2.1-or-later
// Comparison of byte runs.
#include "rbpf_wire/bytes.hpp"

#include <string.h>

namespace rbpf::wire {

bool operator==(const Bytes& left, const Bytes& right) {
    return left.size == right.size && (left.size == 0 || memcmp(left.data, right.data, left.size) == 0);
}

Bytes textBytes(const char* text) {
    return {reinterpret_cast<const uint8_t*>(text), strlen(text)};
}

} // namespace rbpf::wire
