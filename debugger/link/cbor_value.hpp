// SPDX-License-Identifier: GPL-3.0-or-later
// A board's CBOR answer as a tree. Bounded in depth, so that no answer can exhaust the stack.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rbpf_wire/cbor.hpp"

namespace rbpf::link {

struct CborValue {
    wire::CborType type = wire::CborType::Null;
    std::uint64_t number = 0;        ///< as in wire::CborItem
    std::vector<std::uint8_t> bytes; ///< Bytes and Text
    std::vector<CborValue> items;    ///< Array: items; Map: key, value, key, value, …

    [[nodiscard]] bool is(wire::CborType wanted) const { return type == wanted; }
    /// Uint within 32 bits.
    [[nodiscard]] std::optional<std::uint32_t> u32() const;
    /// Uint or Negative within 64 bits; a Uint above INT64_MAX is not.
    [[nodiscard]] std::optional<std::int64_t> i64() const;
    /// Text made safe to show: control characters and what is not UTF-8 become U+FFFD.
    [[nodiscard]] std::optional<std::string> text() const;
    /// Map: the value of a text key; null if absent or not a map.
    [[nodiscard]] const CborValue* find(std::string_view key) const;
};

/// Length of the well-formed UTF-8 sequence at the start of `bytes`, which are not empty; 0 if there is none (RFC 3629
/// section 4).
[[nodiscard]] std::size_t utf8Sequence(std::span<const std::uint8_t> bytes);

/// Exactly one item; nullopt if the bytes are anything else.
[[nodiscard]] std::optional<CborValue> decodeCbor(std::span<const std::uint8_t> bytes);

} // namespace rbpf::link
