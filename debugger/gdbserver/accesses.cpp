// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/gdbserver/accesses.hpp"

namespace rbpf::gdbserver {

namespace {

// Fields of the opcode byte.
constexpr unsigned kClassLdx = 1, kClassSt = 2, kClassStx = 3;
constexpr unsigned kModeMem = 3, kModeMemSigned = 4, kModeAtomic = 6;
constexpr std::uint32_t kSizes[] = {4, 2, 1, 8};
constexpr unsigned kMostRegister = 10;

} // namespace

std::optional<Access> accessOf(const std::uint8_t* instruction, const std::uint64_t* registers) {
    const unsigned opcode = instruction[0];
    const unsigned kind = opcode & 7, mode = opcode >> 5;
    const bool load = kind == kClassLdx && (mode == kModeMem || mode == kModeMemSigned);
    const bool atomic = kind == kClassStx && mode == kModeAtomic;
    const bool store = (kind == kClassSt || kind == kClassStx) && mode == kModeMem;
    // Destination register in the low half, source in the high half; a load's address is its source.
    const unsigned base = load ? instruction[1] >> 4 : instruction[1] & 15;
    if ((!load && !atomic && !store) || base > kMostRegister) {
        return std::nullopt;
    }
    const auto offset = static_cast<std::int16_t>(instruction[2] | instruction[3] << 8);
    Access access;
    access.address = static_cast<std::uint32_t>(registers[base]) + static_cast<std::uint32_t>(offset);
    access.size = kSizes[opcode >> 3 & 3];
    access.reads = load || atomic;
    access.writes = store || atomic;
    return access;
}

} // namespace rbpf::gdbserver
