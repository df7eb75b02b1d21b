// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/image/checksum.hpp"

#include <cstddef>

namespace rbpf::image {

std::uint32_t checksum(std::span<const std::uint8_t> image) {
    std::uint32_t crc = ~0u;
    for (std::size_t at = 0; at < image.size(); ++at) {
        crc ^= at >= 8 && at < 12 ? 0u : image[at];
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1) ^ ((crc & 1u) != 0 ? 0xedb88320u : 0u);
        }
    }
    return ~crc;
}

} // namespace rbpf::image
