// SPDX-License-Identifier: LGPL-2.1-or-later
// A run of bytes that somebody else owns; std::span where there is no standard library.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace rbpf::wire {

struct Bytes {
    const uint8_t* data = nullptr;
    size_t size = 0;
};

bool operator==(const Bytes& left, const Bytes& right);

/// The characters of a C string without its NUL. Valid as long as the string is.
Bytes textBytes(const char* text);

} // namespace rbpf::wire
