// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/vectors/encodings.hpp"

#include <cstdio>

namespace rbpf::vectors {
namespace {

constexpr uint8_t kAlu = 0x04, kJmp = 0x05, kJmp32 = 0x06, kAlu64 = 0x07;
constexpr uint8_t kSourceRegister = 0x08;
constexpr uint8_t kDiv = 0x30, kMod = 0x90, kMov = 0xb0, kEnd = 0xd0;

void addArithmetic(std::set<Encoding>& all, uint8_t cls) {
    for (const uint8_t code : {0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0}) {
        const auto opcode = static_cast<uint8_t>(cls | code);
        for (const uint8_t source : {uint8_t{0}, kSourceRegister}) {
            all.insert({static_cast<uint8_t>(opcode | source), 0});
            if (code == kDiv || code == kMod)
                all.insert({static_cast<uint8_t>(opcode | source), 1});
        }
    }
    const auto neg = static_cast<uint8_t>(cls | 0x80);
    all.insert({neg, 0});
    const auto movsx = static_cast<uint8_t>(cls | kMov | kSourceRegister);
    all.insert({movsx, 8});
    all.insert({movsx, 16});
    if (cls == kAlu64)
        all.insert({movsx, 32});
}

void addJumps(std::set<Encoding>& all, uint8_t cls) {
    all.insert({cls, 0}); // ja
    for (const uint8_t code : {0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0xa0, 0xb0, 0xc0, 0xd0})
        for (const uint8_t source : {uint8_t{0}, kSourceRegister})
            all.insert({static_cast<uint8_t>(cls | code | source), 0});
}

} // namespace

std::string toString(const Encoding& encoding) {
    char text[48];
    std::snprintf(text, sizeof text, "opcode 0x%02x, selector %d", encoding.opcode,
                  static_cast<int>(encoding.selector));
    return text;
}

Encoding encodingOf(std::span<const uint8_t> slot) {
    const uint8_t opcode = slot[0];
    const auto offset = static_cast<int16_t>(slot[2] | slot[3] << 8);
    const auto imm = static_cast<int32_t>(slot[4] | slot[5] << 8 | slot[6] << 16 | uint32_t{slot[7]} << 24);
    const uint8_t cls = opcode & 0x07, code = opcode & 0xf0;
    if (cls == kAlu || cls == kAlu64) {
        if (code == kEnd)
            return {opcode, imm};
        return {opcode, code == kDiv || code == kMod || code == kMov ? offset : 0};
    }
    if (opcode == 0x85 || opcode == 0x18)
        return {opcode, slot[1] >> 4};
    if (opcode == 0xc3 || opcode == 0xdb)
        return {opcode, imm};
    return {opcode, 0};
}

std::set<Encoding> allEncodings() {
    std::set<Encoding> all;
    addArithmetic(all, kAlu);
    addArithmetic(all, kAlu64);
    for (const int32_t bits : {16, 32, 64})
        for (const uint8_t opcode : {0xd4, 0xdc, 0xd7}) // to little-endian, to big-endian, swap
            all.insert({opcode, bits});
    addJumps(all, kJmp);
    addJumps(all, kJmp32);
    all.insert({0x85, 0}); // a firmware function
    all.insert({0x85, 1}); // a local function
    all.insert({0x95, 0}); // exit
    all.insert({0x18, 0}); // lddw
    for (const uint8_t load : {0x61, 0x69, 0x71, 0x79, 0x81, 0x89, 0x91})
        all.insert({load, 0});
    for (const uint8_t store : {0x62, 0x6a, 0x72, 0x7a, 0x63, 0x6b, 0x73, 0x7b})
        all.insert({store, 0});
    for (const uint8_t opcode : {0xc3, 0xdb})
        for (const int32_t operation : {0x00, 0x01, 0x40, 0x41, 0x50, 0x51, 0xa0, 0xa1, 0xe1, 0xf1})
            all.insert({opcode, operation});
    return all;
}

} // namespace rbpf::vectors
