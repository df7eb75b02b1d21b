// SPDX-License-Identifier: GPL-3.0-or-later
// The image's checksum: CRC-32 of IEEE 802.3 (reflected 0xEDB88320, initial and final complement).
#pragma once

#include <cstdint>
#include <span>

namespace rbpf::image {

/// Over a whole image, its checksum field (bytes 8 … 11) taken as 0.
[[nodiscard]] std::uint32_t checksum(std::span<const std::uint8_t> image);

} // namespace rbpf::image
