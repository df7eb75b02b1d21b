// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/image/build_id.hpp"

#include <algorithm>
#include <elf.h>

#include "sdk/support/byte_reader.hpp"

namespace rbpf::image {

namespace {

using support::ByteReader;

std::uint64_t roundUp(std::uint64_t value) {
    return (value + 3) & ~std::uint64_t{3};
}

/// Notes: {name size, description size, type}, name and description each padded to 4.
std::optional<BuildId> fromNotes(const ByteReader& notes) {
    std::uint64_t at = 0;
    for (;;) {
        const auto nameBytes = notes.u32(at);
        const auto bytes = notes.u32(at + 4);
        const auto type = notes.u32(at + 8);
        if (!nameBytes || !bytes || !type) {
            return std::nullopt;
        }
        const std::uint64_t descriptionAt = at + 12 + roundUp(*nameBytes);
        const auto description = notes.bytes(descriptionAt, *bytes);
        if (*type == NT_GNU_BUILD_ID && description && description->size() == RBPF_BUILD_ID_BYTES) {
            BuildId id{};
            std::ranges::copy(*description, id.begin());
            return id;
        }
        at = descriptionAt + roundUp(*bytes);
    }
}

} // namespace

std::optional<BuildId> debugBuildId(std::span<const std::uint8_t> elf) {
    const ByteReader reader(elf);
    const auto sections = reader.u64(offsetof(Elf64_Ehdr, e_shoff));
    const auto count = reader.u16(offsetof(Elf64_Ehdr, e_shnum));
    if (reader.u32(0) != 0x464c457fu || reader.u8(EI_CLASS) != ELFCLASS64 || !sections || !count ||
        *sections > elf.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < *count; ++i) {
        const std::size_t at = *sections + i * sizeof(Elf64_Shdr);
        const auto offset = reader.u64(at + offsetof(Elf64_Shdr, sh_offset));
        const auto size = reader.u64(at + offsetof(Elf64_Shdr, sh_size));
        const auto content = offset && size ? reader.bytes(*offset, *size) : std::nullopt;
        if (reader.u32(at + offsetof(Elf64_Shdr, sh_type)) == SHT_NOTE && content) {
            if (const auto id = fromNotes(ByteReader(*content))) {
                return id;
            }
        }
    }
    return std::nullopt;
}

} // namespace rbpf::image
