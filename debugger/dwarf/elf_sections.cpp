// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dwarf/elf_sections.hpp"

#include <algorithm>
#include <array>

#include "sdk/support/byte_reader.hpp"

namespace rbpf::dwarf {

using support::ErrorKind;
using support::fail;

namespace {

constexpr std::uint16_t kMachineBpf = 247;
constexpr std::uint16_t kTypeRelocatable = 1;
constexpr std::uint16_t kTypeExecutable = 2;
constexpr std::uint32_t kSectionNoBits = 8;
constexpr std::uint64_t kFlagCompressed = 0x800;
constexpr std::size_t kSectionHeaderBytes = 64;

} // namespace

support::Result<std::map<std::string, std::span<const std::uint8_t>>> readSections(std::span<const std::uint8_t> elf) {
    const support::ByteReader reader(elf);
    constexpr std::array<std::uint8_t, 6> kIdentification = {0x7f, 'E', 'L', 'F', 2, 1}; // 64 bits, little-endian
    if (elf.size() < 64 || !std::ranges::equal(elf.first(kIdentification.size()), kIdentification)) {
        return fail(ErrorKind::Script, "debug information: not a 64-bit little-endian ELF file",
                    "build the script again");
    }
    const auto type = *reader.u16(16);
    if (*reader.u16(18) != kMachineBpf || (type != kTypeExecutable && type != kTypeRelocatable)) {
        return fail(ErrorKind::Script, "debug information: the ELF file is not a BPF program");
    }
    const auto table = *reader.u64(40);
    const auto entryBytes = *reader.u16(58);
    const auto count = *reader.u16(60);
    const auto namesIndex = *reader.u16(62);
    std::map<std::string, std::span<const std::uint8_t>> sections;
    if (count == 0) {
        return sections;
    }
    if (entryBytes != kSectionHeaderBytes || !reader.bytes(table, std::size_t{count} * kSectionHeaderBytes) ||
        namesIndex >= count) {
        return fail(ErrorKind::Script, "debug information: the ELF file's section table is damaged",
                    "build the script again");
    }
    const auto at = [&](std::size_t index) { return table + index * kSectionHeaderBytes; };
    const auto names = reader.bytes(*reader.u64(at(namesIndex) + 24), *reader.u64(at(namesIndex) + 32));
    if (!names) {
        return fail(ErrorKind::Script, "debug information: the ELF file's section names are damaged",
                    "build the script again");
    }
    for (std::size_t i = 1; i < count; ++i) {
        const auto name = support::ByteReader(*names).text(*reader.u32(at(i)), names->size());
        const auto bytes = reader.bytes(*reader.u64(at(i) + 24), *reader.u64(at(i) + 32));
        if (name && bytes && *reader.u32(at(i) + 4) != kSectionNoBits &&
            (*reader.u64(at(i) + 8) & kFlagCompressed) == 0) {
            sections.emplace(*name, *bytes);
        }
    }
    return sections;
}

} // namespace rbpf::dwarf
