// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers in as few bytes as they need: seven bits a byte, lowest first; signed ones with the sign in the lowest bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace rbpf::analyse {

inline void putVarint(std::vector<std::uint8_t>& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) {
        out.push_back(static_cast<std::uint8_t>(value | 0x80));
    }
    out.push_back(static_cast<std::uint8_t>(value));
}

inline void putSigned(std::vector<std::uint8_t>& out, std::int32_t value) {
    const auto bits = static_cast<std::uint32_t>(value);
    putVarint(out, (bits << 1) ^ (value < 0 ? ~std::uint32_t{0} : 0));
}

/// Takes bytes from the front; every read says whether there was one.
class VarintReader {
public:
    explicit VarintReader(std::span<const std::uint8_t> bytes) : left_(bytes) {}

    [[nodiscard]] std::size_t left() const { return left_.size(); }

    std::optional<std::span<const std::uint8_t>> take(std::size_t size) {
        if (size > left_.size()) {
            return std::nullopt;
        }
        const auto taken = left_.first(size);
        left_ = left_.subspan(size);
        return taken;
    }

    /// Of at most 32 bits.
    std::optional<std::uint32_t> number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 35; shift += 7) {
            const auto byte = take(1);
            if (!byte) {
                return std::nullopt;
            }
            value |= std::uint64_t{(*byte)[0] & 0x7fu} << shift;
            if ((*byte)[0] < 0x80) {
                return value <= UINT32_MAX ? std::optional(static_cast<std::uint32_t>(value)) : std::nullopt;
            }
        }
        return std::nullopt;
    }

    std::optional<std::int32_t> signedNumber() {
        const auto bits = number();
        return bits ? std::optional(static_cast<std::int32_t>((*bits >> 1) ^ (0u - (*bits & 1)))) : std::nullopt;
    }

private:
    std::span<const std::uint8_t> left_;
};

} // namespace rbpf::analyse
