// SPDX-License-Identifier: GPL-3.0-or-later
// Writes v1 images (rbpf/image.h) from raw parts, good and bad ones, for tests, fuzzers and the conformance plugin.
// Written apart from sdk/image on purpose: a mistake in one shows against the other.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rbpf::fakes {

struct ImageEntry {
    std::string name = "main";
    std::string trigger;
    uint16_t insnIndex = 0;
    uint16_t frameBytes = 0; ///< stack of the entry function; multiple of 8
};

struct ImageParts {
    std::vector<uint8_t> text;
    std::vector<uint8_t> rodata;
    std::vector<uint8_t> data;
    uint32_t bssBytes = 0;
    uint32_t budget = 0;
    uint16_t stackBytes = 512;
    std::vector<ImageEntry> entries = {ImageEntry{}};
    std::string name = "test";
    std::string version = "1.0";
};

/// The image's bytes, with the checksum and the list of bindings that the text calls. The storage of the returned
/// vector is aligned for the loader.
std::vector<uint8_t> buildImage(const ImageParts& parts);

/// CRC-32 of IEEE 802.3 (as zlib).
uint32_t crc32(std::span<const uint8_t> bytes);

/// Writes the right checksum into an image's header; nothing if it is shorter than a header.
void fixChecksum(std::span<uint8_t> image);

/// Gives every local call whose offset is 0 a caller's frame of `frameBytes`; raw programs know no frame sizes.
void setFrames(std::span<uint8_t> text, int16_t frameBytes);

/// The 8 bytes of one instruction slot.
std::vector<uint8_t> slot(uint8_t opcode, unsigned dst, unsigned src, int16_t offset, int32_t imm);

/// Several slots, one behind the other.
std::vector<uint8_t> program(std::initializer_list<std::vector<uint8_t>> slots);

} // namespace rbpf::fakes
