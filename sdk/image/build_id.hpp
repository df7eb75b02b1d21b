// SPDX-License-Identifier: GPL-3.0-or-later
// Which image a debug ELF belongs to: its note NT_GNU_BUILD_ID.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "sdk/image/image.hpp"

namespace rbpf::image {

/// Of a little-endian ELF64 file; nothing if it has none or is no such file.
[[nodiscard]] std::optional<BuildId> debugBuildId(std::span<const std::uint8_t> elf);

} // namespace rbpf::image
