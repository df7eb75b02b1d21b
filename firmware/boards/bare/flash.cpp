// SPDX-License-Identifier: LGPL-2.1-or-later
#include "boards/bare/flash.hpp"

#include <string.h>

namespace rbpf::bare {

bool FlashPart::blank(uint32_t offset, uint32_t size) const {
    for (uint32_t i = 0; i < size; i += 4) {
        if (word(offset + i) != kErasedWord) {
            return false;
        }
    }
    return true;
}

bool FlashPart::erase(uint32_t offset) {
    if (!blank(offset, pageBytes())) {
        flash_->erase(start_ + offset);
    }
    return blank(offset, pageBytes());
}

bool FlashPart::write(uint32_t offset, uint32_t value) {
    flash_->write(start_ + offset, value);
    return word(offset) == value;
}

bool FlashPart::write(uint32_t offset, const uint8_t* data, uint32_t size) {
    uint32_t done = 0;
    while (done < size) {
        const uint32_t lead = (offset + done) % 4;
        const uint32_t count = size - done < 4 - lead ? size - done : 4 - lead;
        uint8_t bytes[4] = {0xFF, 0xFF, 0xFF, 0xFF};
        memcpy(bytes + lead, data + done, count);
        uint32_t value = 0;
        memcpy(&value, bytes, sizeof value);
        flash_->write(start_ + offset + done - lead, value);
        done += count;
    }
    return memcmp(at(offset), data, size) == 0;
}

uint32_t crc32(const uint8_t* data, uint32_t size, uint32_t crc) {
    crc = ~crc;
    for (uint32_t i = 0; i < size; ++i) {
        crc ^= data[i];
        for (unsigned bit = 0; bit < 8; ++bit) {
            crc = crc >> 1 ^ (0xEDB88320u & (0 - (crc & 1)));
        }
    }
    return ~crc;
}

} // namespace rbpf::bare
