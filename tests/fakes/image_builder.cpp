// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fakes/image_builder.hpp"

#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <set>

#include <rbpf/image.h>

namespace rbpf::fakes {
namespace {

constexpr std::size_t kSlotBytes = 8;
constexpr uint8_t kOpLddw = 0x18;
constexpr uint8_t kOpCall = 0x85;

void put(std::vector<uint8_t>& out, uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; i++)
        out.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

void padTo8(std::vector<uint8_t>& out) {
    while (out.size() % 8 != 0)
        out.push_back(0);
}

/// Calls visit(slot bytes) for every instruction's first slot.
template <typename Visit>
void forEachInstruction(std::span<uint8_t> text, Visit visit) {
    for (std::size_t at = 0; at + kSlotBytes <= text.size(); at += kSlotBytes) {
        visit(text.subspan(at, kSlotBytes));
        if (text[at] == kOpLddw || text[at] == RBPF_OP_LDDWD || text[at] == RBPF_OP_LDDWR)
            at += kSlotBytes;
    }
}

std::set<uint16_t> bindingsOf(std::vector<uint8_t> text) {
    std::set<uint16_t> ids;
    forEachInstruction(text, [&](std::span<uint8_t> slot) {
        if (slot[0] == kOpCall && slot[1] >> 4 == 0)
            ids.insert(static_cast<uint16_t>(slot[4] | slot[5] << 8));
    });
    return ids;
}

/// Strings go behind the tables; each is stored once per use, the loader need not share them.
struct Strings {
    std::size_t base;
    std::vector<uint8_t> bytes;
    uint16_t add(const std::string& text) {
        auto offset = static_cast<uint16_t>(base + bytes.size());
        bytes.insert(bytes.end(), text.begin(), text.end());
        bytes.push_back(0);
        return offset;
    }
};

} // namespace

std::vector<uint8_t> buildImage(const ImageParts& parts) {
    const auto ids = bindingsOf(parts.text);
    const std::size_t tables = sizeof(rbpf_image_header_t) + parts.entries.size() * sizeof(rbpf_image_entry_t);
    Strings strings{tables + ids.size() * sizeof(uint16_t), {}};
    const uint16_t name = strings.add(parts.name);
    const uint16_t version = strings.add(parts.version);
    std::vector<uint8_t> entries;
    for (const auto& entry : parts.entries) {
        put(entries, strings.add(entry.name), 2);
        put(entries, strings.add(entry.trigger), 2);
        put(entries, entry.insnIndex, 2);
        put(entries, entry.frameBytes, 2);
    }
    const std::size_t headerBytes = (strings.base + strings.bytes.size() + 7) / 8 * 8;

    std::vector<uint8_t> image;
    put(image, RBPF_IMAGE_MAGIC, 4);
    put(image, RBPF_IMAGE_VERSION, 1);
    put(image, 0, 1); // flags
    put(image, headerBytes, 2);
    put(image, 0, 4); // checksum, below
    put(image, parts.text.size(), 4);
    put(image, parts.rodata.size(), 4);
    put(image, parts.data.size(), 4);
    put(image, parts.bssBytes, 4);
    put(image, parts.budget, 4);
    put(image, parts.stackBytes, 2);
    put(image, parts.entries.size(), 1);
    put(image, ids.size(), 1);
    put(image, name, 2);
    put(image, version, 2);
    put(image, 0, 8); // build id
    put(image, 0, 8);
    image.insert(image.end(), entries.begin(), entries.end());
    for (const auto id : ids)
        put(image, id, 2);
    image.insert(image.end(), strings.bytes.begin(), strings.bytes.end());
    padTo8(image);
    image.insert(image.end(), parts.text.begin(), parts.text.end());
    image.insert(image.end(), parts.rodata.begin(), parts.rodata.end());
    if (!parts.data.empty()) {
        padTo8(image);
        image.insert(image.end(), parts.data.begin(), parts.data.end());
    }
    fixChecksum(image);
    return image;
}

uint32_t crc32(std::span<const uint8_t> bytes) {
    uint32_t crc = 0xffffffffu;
    for (const uint8_t byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
    }
    return ~crc;
}

void fixChecksum(std::span<uint8_t> image) {
    constexpr std::size_t at = offsetof(rbpf_image_header_t, checksum);
    if (image.size() < sizeof(rbpf_image_header_t))
        return;
    std::memset(&image[at], 0, 4);
    const uint32_t crc = crc32(image);
    for (unsigned i = 0; i < 4; i++)
        image[at + i] = static_cast<uint8_t>(crc >> (8 * i));
}

void setFrames(std::span<uint8_t> text, int16_t frameBytes) {
    forEachInstruction(text, [&](std::span<uint8_t> slot) {
        if (slot[0] == kOpCall && slot[1] >> 4 == 1 && slot[2] == 0 && slot[3] == 0) {
            slot[2] = static_cast<uint8_t>(frameBytes);
            slot[3] = static_cast<uint8_t>(frameBytes >> 8);
        }
    });
}

std::vector<uint8_t> slot(uint8_t opcode, unsigned dst, unsigned src, int16_t offset, int32_t imm) {
    std::vector<uint8_t> bytes{opcode, static_cast<uint8_t>(src << 4 | dst)};
    put(bytes, static_cast<uint16_t>(offset), 2);
    put(bytes, static_cast<uint32_t>(imm), 4);
    return bytes;
}

std::vector<uint8_t> program(std::initializer_list<std::vector<uint8_t>> slots) {
    std::vector<uint8_t> text;
    for (const auto& bytes : slots)
        text.insert(text.end(), bytes.begin(), bytes.end());
    return text;
}

} // namespace rbpf::fakes
