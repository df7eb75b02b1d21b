// SPDX-License-Identifier: LGPL-2.1-or-later
// ELF, System V ABI chapter 4: section headers, symbol table, string table.
#include "boards/qemu/elf_symbols.hpp"

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <optional>

#include "boards/native/files.hpp"

namespace rbpf::qemu {

namespace {

template <typename T>
std::optional<T> at(const std::string& bytes, std::uint64_t offset) {
    if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) {
        return std::nullopt;
    }
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

std::string textAt(const std::string& bytes, const Elf32_Shdr& strings, std::uint32_t offset) {
    if (offset >= strings.sh_size || strings.sh_offset > bytes.size() ||
        strings.sh_size > bytes.size() - strings.sh_offset) {
        return "";
    }
    const char* start = bytes.data() + strings.sh_offset + offset;
    return {start, ::strnlen(start, strings.sh_size - offset)};
}

} // namespace

tl::expected<std::map<std::string, std::uint32_t>, std::string> elfSymbols(const std::string& path,
                                                                           const std::vector<std::string>& names) {
    const auto file = native::readFile(path);
    if (!file) {
        return tl::unexpected(file.error());
    }
    const auto header = at<Elf32_Ehdr>(*file, 0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_ident[EI_CLASS] != ELFCLASS32 ||
        header->e_machine != EM_ARM) {
        return tl::unexpected(path + ": expected a firmware's ELF file for Arm");
    }
    const auto section = [&](std::uint64_t index) {
        return at<Elf32_Shdr>(*file, header->e_shoff + index * sizeof(Elf32_Shdr));
    };
    std::map<std::string, std::uint32_t> found;
    for (unsigned i = 0; i < header->e_shnum; ++i) {
        const auto table = section(i);
        if (!table || table->sh_type != SHT_SYMTAB) {
            continue;
        }
        const auto strings = section(table->sh_link);
        for (std::uint64_t offset = 0; strings && offset < table->sh_size; offset += sizeof(Elf32_Sym)) {
            const auto symbol = at<Elf32_Sym>(*file, table->sh_offset + offset);
            if (!symbol) {
                break;
            }
            const std::string name = textAt(*file, *strings, symbol->st_name);
            if (std::find(names.begin(), names.end(), name) != names.end()) {
                found[name] = symbol->st_value;
            }
        }
    }
    return found;
}

} // namespace rbpf::qemu
