// SPDX-License-Identifier: GPL-3.0-or-later
// An image file as a model with named parts: `.rbpf` version 1 and Femto-Container `.rbf` (headers/rbpf/image.h).
// Reads by itself rather than through the firmware's loader, so that each checks the other.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <rbpf/image.h>

#include "sdk/support/error.hpp"

namespace rbpf::image {

enum class Format : std::uint8_t {
    V1,
    Femto
};

using BuildId = std::array<std::uint8_t, RBPF_BUILD_ID_BYTES>;

/// Bytes [offset, offset + size) of the file and what they are: "header", "entries", "bindings", "strings", "padding",
/// "text", "rodata", "data", "functions".
struct Part {
    std::string name;
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
};

struct Entry {
    std::string name;
    std::string trigger;
    std::uint32_t insnIndex = 0; ///< 8-byte slot from the start of text
    std::uint32_t frameBytes = 0;
};

struct Image {
    Format format = Format::V1;
    std::vector<std::uint8_t> bytes; ///< the whole file
    std::string name;                ///< "" for Femto-Container images
    std::string version;
    BuildId buildId{}; ///< zeroes for Femto-Container images
    std::vector<Entry> entries;
    std::vector<std::uint16_t> bindings; ///< ids used, ascending
    std::vector<Part> parts;             ///< in file order; together they are the file, without gap or overlap
    std::uint32_t textOffset = 0, textBytes = 0;
    std::uint32_t rodataOffset = 0, rodataBytes = 0;
    std::uint32_t dataOffset = 0, dataBytes = 0;
    std::uint32_t bssBytes = 0;
    std::uint32_t stackBytes = 0; ///< stack wanted
    std::uint32_t budget = 0;     ///< 0 = the device's default

    [[nodiscard]] std::span<const std::uint8_t> text() const { return {bytes.data() + textOffset, textBytes}; }
    [[nodiscard]] std::span<const std::uint8_t> rodata() const { return {bytes.data() + rodataOffset, rodataBytes}; }
    [[nodiscard]] std::span<const std::uint8_t> data() const { return {bytes.data() + dataOffset, dataBytes}; }
};

/// An Error (kind Script) names the byte offset, what was expected there and what is.
[[nodiscard]] support::Result<Image> read(std::vector<std::uint8_t> bytes);
/// The same from a file; errors start with its path.
[[nodiscard]] support::Result<Image> readFile(const std::filesystem::path& path);

} // namespace rbpf::image
