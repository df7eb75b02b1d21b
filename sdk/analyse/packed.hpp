// SPDX-License-Identifier: GPL-3.0-or-later
// What an image would take on the wire, packed by the candidates for a packed format: LZSS as heatshrink does it, the
// instructions' fields as streams of varints, and both. Every packing is undone here too, so that a size is never told
// of bytes that would not come back.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sdk/image/image.hpp"

namespace rbpf::analyse {

using Bytes = std::vector<std::uint8_t>;

/// How many bits a distance and a length take. A decoder keeps a window of 2^windowBits bytes.
struct LzssShape {
    unsigned windowBits = 8;    ///< 4 … 11
    unsigned lookaheadBits = 4; ///< 3 … 7
};

/// The fewest bits this shape allows, first bit highest: 1 and a byte, or 0, distance - 1 and length - 1.
[[nodiscard]] Bytes lzssPack(std::span<const std::uint8_t> bytes, LzssShape shape);
/// None: `packed` ends early, or goes back behind its beginning.
[[nodiscard]] std::optional<Bytes> lzssUnpack(std::span<const std::uint8_t> packed, std::size_t size, LzssShape shape);

/// The image with its text split into streams: opcodes, registers, offsets, constants; what is not text stays as it is.
/// `textOffset` and `textBytes` must lie within `bytes`; textBytes must be a multiple of 8.
[[nodiscard]] Bytes varintPack(std::span<const std::uint8_t> bytes, std::size_t textOffset, std::size_t textBytes);
/// None: not what varintPack() makes. Never more than `limit` bytes.
[[nodiscard]] std::optional<Bytes> varintUnpack(std::span<const std::uint8_t> packed, std::size_t limit);

struct PackedSizes {
    std::size_t plain = 0;
    std::size_t lzss = 0, varint = 0, varintLzss = 0; ///< lzss: with a byte for its shape and a varint for its length
    LzssShape lzssShape{}, varintLzssShape{};         ///< the best of those tried
};

[[nodiscard]] PackedSizes packedSizes(const image::Image& image);
/// A table: form, bytes, share of plain.
[[nodiscard]] std::string packedText(const PackedSizes& sizes);

} // namespace rbpf::analyse
