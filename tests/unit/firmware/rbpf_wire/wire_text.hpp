// SPDX-License-Identifier: GPL-3.0-or-later
// Shorthand for tests on bytes: hexadecimal text to bytes and back, and seeded random bytes.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "rbpf_wire/bytes.hpp"

namespace rbpf::wire::test {

using Buffer = std::vector<std::uint8_t>;

inline Buffer fromHex(const std::string& text) {
    Buffer bytes;
    std::string digits;
    for (char c : text) {
        if (c != ' ') {
            digits += c;
        }
        if (digits.size() == 2) {
            bytes.push_back(static_cast<std::uint8_t>(std::stoul(digits, nullptr, 16)));
            digits.clear();
        }
    }
    return bytes;
}

inline Bytes view(const Buffer& buffer) {
    return {buffer.data(), buffer.size()};
}
inline Buffer copy(Bytes bytes) {
    return bytes.size == 0 ? Buffer{} : Buffer(bytes.data, bytes.data + bytes.size);
}
inline std::string text(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data), bytes.size};
}

/// Bytes among which those that slipmux must escape are frequent.
inline Buffer randomBytes(std::mt19937& random, std::size_t size) {
    static constexpr std::uint8_t kSpecial[] = {0xC0, 0xDB, 0xDC, 0xDD, 0xFF, 0x00};
    Buffer bytes(size);
    for (std::uint8_t& byte : bytes) {
        byte = random() % 3 == 0 ? kSpecial[random() % 6] : static_cast<std::uint8_t>(random());
    }
    return bytes;
}

} // namespace rbpf::wire::test
