// SPDX-License-Identifier: GPL-3.0-or-later
// A small ARM ELF made by hand: code at 0, a variable's initial value loaded behind it, a core.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rbpf::test {

struct TinyElf {
    std::uint16_t machine = 40, type = 2;
    std::uint32_t architecture = 12; ///< Tag_CPU_arch: v6S-M
    std::uint32_t loadAddress = 0;
    std::vector<std::uint8_t> code{0x00, 0x40, 0x00, 0x20, 0xc1, 0x00, 0x00, 0x00, 1, 2, 3, 4};
    std::vector<std::uint8_t> data{0xaa, 0xbb};
    bool hasSections = true;

    [[nodiscard]] std::vector<std::uint8_t> build() const {
        std::vector<std::uint8_t> attributes{'A', 0, 0, 0, 0, 'a', 'e', 'a', 'b', 'i', 0, 1, 0, 0, 0, 0};
        for (const char c : std::string("\x05"
                                        "Cortex-Mx\0\x06",
                                        12)) {
            attributes.push_back(static_cast<std::uint8_t>(c));
        }
        attributes.push_back(static_cast<std::uint8_t>(architecture));
        attributes[1] = static_cast<std::uint8_t>(attributes.size() - 1);
        attributes[12] = static_cast<std::uint8_t>(attributes.size() - 11);

        constexpr std::uint32_t kHeader = 52, kProgram = 32, kSection = 40;
        const auto codeSize = static_cast<std::uint32_t>(code.size()),
                   dataSize = static_cast<std::uint32_t>(data.size()),
                   attributesSize = static_cast<std::uint32_t>(attributes.size());
        const std::uint32_t codeAt = kHeader + 2 * kProgram, dataAt = codeAt + codeSize,
                            attributesAt = dataAt + dataSize, sectionsAt = attributesAt + attributesSize;
        std::vector<std::uint8_t> file{0x7f, 'E', 'L', 'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        const auto u16 = [&](std::uint32_t value) {
            file.push_back(static_cast<std::uint8_t>(value));
            file.push_back(static_cast<std::uint8_t>(value >> 8));
        };
        const auto u32 = [&](std::uint32_t value) {
            u16(value & 0xffff);
            u16(value >> 16);
        };
        u16(type), u16(machine), u32(1), u32(loadAddress), u32(kHeader), u32(hasSections ? sectionsAt : 0), u32(0);
        u16(kHeader), u16(kProgram), u16(2), u16(kSection), u16(hasSections ? 4 : 0), u16(0);
        // The first segment begins before its section, as linkers do to have the headers in memory.
        const std::uint32_t before = hasSections ? 8 : 0;
        u32(1), u32(codeAt - before), u32(loadAddress - before), u32(loadAddress - before), u32(codeSize + before),
            u32(codeSize + before), u32(5), u32(4);
        u32(1), u32(dataAt), u32(0x20000000), u32(loadAddress + codeSize), u32(dataSize), u32(dataSize + 64), u32(6),
            u32(4);
        file.insert(file.end(), code.begin(), code.end());
        file.insert(file.end(), data.begin(), data.end());
        file.insert(file.end(), attributes.begin(), attributes.end());
        const auto section = [&](std::uint32_t kind, std::uint32_t flags, std::uint32_t at, std::uint32_t size) {
            u32(0), u32(kind), u32(flags), u32(0), u32(at), u32(size), u32(0), u32(0), u32(1), u32(0);
        };
        section(1, 6, codeAt, codeSize);
        section(1, 3, dataAt, dataSize);
        section(8, 3, dataAt + dataSize, 64); // zeroed variables: nothing to flash
        section(0x70000003, 0, attributesAt, attributesSize);
        return file;
    }
};

} // namespace rbpf::test
