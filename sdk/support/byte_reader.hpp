// SPDX-License-Identifier: GPL-3.0-or-later
// Little-endian reads out of somebody else's bytes; none can leave them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <type_traits>

namespace rbpf::support {

/// A view; the bytes must outlive it. Every read names its offset and gives nothing when any byte of it is outside.
class ByteReader {
public:
    explicit ByteReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    [[nodiscard]] std::size_t size() const { return bytes_.size(); }

    [[nodiscard]] std::optional<std::uint8_t> u8(std::size_t offset) const { return number<std::uint8_t>(offset); }
    [[nodiscard]] std::optional<std::uint16_t> u16(std::size_t offset) const { return number<std::uint16_t>(offset); }
    [[nodiscard]] std::optional<std::uint32_t> u32(std::size_t offset) const { return number<std::uint32_t>(offset); }
    [[nodiscard]] std::optional<std::uint64_t> u64(std::size_t offset) const { return number<std::uint64_t>(offset); }

    /// [offset, offset + size).
    [[nodiscard]] std::optional<std::span<const std::uint8_t>> bytes(std::size_t offset, std::size_t size) const {
        if (offset > bytes_.size() || size > bytes_.size() - offset) {
            return std::nullopt;
        }
        return bytes_.subspan(offset, size);
    }

    /// The text from `offset` up to its NUL; the NUL must be inside [offset, limit) too.
    [[nodiscard]] std::optional<std::string> text(std::size_t offset, std::size_t limit) const {
        std::string result;
        for (std::size_t at = offset; at < limit && at < bytes_.size(); ++at) {
            if (bytes_[at] == 0) {
                return result;
            }
            result += static_cast<char>(bytes_[at]);
        }
        return std::nullopt;
    }

private:
    template <typename T>
    [[nodiscard]] std::optional<T> number(std::size_t offset) const {
        static_assert(std::is_unsigned_v<T>);
        const auto part = bytes(offset, sizeof(T));
        if (!part) {
            return std::nullopt;
        }
        T value = 0;
        for (std::size_t i = sizeof(T); i-- > 0;) {
            value = static_cast<T>((static_cast<std::uint64_t>(value) << 8) | (*part)[i]);
        }
        return value;
    }

    std::span<const std::uint8_t> bytes_;
};

} // namespace rbpf::support
