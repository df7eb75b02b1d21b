// SPDX-License-Identifier: LGPL-2.1-or-later
// CRC-16/IBM-SDLC: polynomial x^16 + x^12 + x^5 + 1, bits reflected, half a byte at a time (a table of 32 bytes).
#include "rbpf_wire/fcs.hpp"

namespace rbpf::wire {

namespace {

/// Remainders of the 16 half bytes for the reflected polynomial 0x8408.
constexpr uint16_t remainderOf(unsigned nibble) {
    unsigned value = nibble;
    for (int bit = 0; bit < 4; ++bit) {
        value = (value & 1) != 0 ? (value >> 1) ^ 0x8408 : value >> 1;
    }
    return static_cast<uint16_t>(value);
}

struct Table {
    uint16_t row[16] = {};
    constexpr Table() {
        for (unsigned nibble = 0; nibble < 16; ++nibble) {
            row[nibble] = remainderOf(nibble);
        }
    }
};

constexpr Table kTable;

} // namespace

uint16_t fcsAdd(uint16_t running, uint8_t byte) {
    unsigned value = running ^ byte;
    value = (value >> 4) ^ kTable.row[value & 15];
    value = (value >> 4) ^ kTable.row[value & 15];
    return static_cast<uint16_t>(value);
}

uint16_t fcs(const uint8_t* data, size_t size) {
    uint16_t running = kFcsInit;
    for (size_t i = 0; i < size; ++i) {
        running = fcsAdd(running, data[i]);
    }
    return static_cast<uint16_t>(running ^ 0xFFFF);
}

} // namespace rbpf::wire
