// SPDX-License-Identifier: GPL-3.0-or-later
// The functions of a debug ELF, for tools that have only the files.
#include <algorithm>
#include <memory>

#include <gelf.h>
#include <libelf.h>

#include "sdk/link/internal.hpp"

namespace rbpf::linker {
namespace {

tl::unexpected<support::Error> bad() {
    return support::fail(support::ErrorKind::Script, "not a debug ELF of a script", "build the script again");
}

/// A section's bytes; empty if they are not in the file.
std::vector<std::uint8_t> bytesOf(Elf_Scn* scn) {
    const Elf_Data* data = elf_rawdata(scn, nullptr);
    if (data == nullptr || data->d_buf == nullptr) {
        return {};
    }
    const auto* first = static_cast<const std::uint8_t*>(data->d_buf);
    return {first, first + data->d_size};
}

} // namespace

support::Result<std::vector<Function>> readFunctions(const std::vector<std::uint8_t>& debugElf) {
    if (elf_version(EV_CURRENT) == EV_NONE || debugElf.size() < sizeof(Elf64_Ehdr)) {
        return bad();
    }
    std::vector<std::uint8_t> copy = debugElf; // libelf takes writable memory
    const std::unique_ptr<Elf, int (*)(Elf*)> elf(elf_memory(reinterpret_cast<char*>(copy.data()), copy.size()),
                                                  elf_end);
    GElf_Ehdr header;
    std::size_t names = 0;
    if (elf == nullptr || elf_kind(elf.get()) != ELF_K_ELF || gelf_getehdr(elf.get(), &header) == nullptr ||
        header.e_machine != EM_BPF || header.e_type != ET_EXEC || elf_getshdrstrndx(elf.get(), &names) != 0) {
        return bad();
    }
    std::vector<Function> functions;
    std::map<std::string, Place> places;
    for (Elf_Scn* scn = nullptr; (scn = elf_nextscn(elf.get(), scn)) != nullptr;) {
        GElf_Shdr section;
        if (gelf_getshdr(scn, &section) == nullptr || section.sh_type == SHT_NOBITS) {
            continue;
        }
        if (section.sh_offset > copy.size() || section.sh_size > copy.size() - section.sh_offset) {
            return bad();
        }
        const char* name = elf_strptr(elf.get(), names, section.sh_name);
        if (name != nullptr && std::string(name) == ".rbpf.functions") {
            places = readPlaces(bytesOf(scn));
        }
        if (section.sh_type != SHT_SYMTAB || section.sh_entsize != sizeof(Elf64_Sym)) {
            continue;
        }
        Elf_Data* data = elf_getdata(scn, nullptr);
        for (int i = 0; data != nullptr && i < static_cast<int>(data->d_size / sizeof(Elf64_Sym)); ++i) {
            GElf_Sym symbol;
            if (gelf_getsym(data, i, &symbol) == nullptr || GELF_ST_TYPE(symbol.st_info) != STT_FUNC) {
                continue;
            }
            const char* text = elf_strptr(elf.get(), section.sh_link, symbol.st_name);
            Function function;
            function.name = text != nullptr ? text : "";
            function.offset = static_cast<std::uint32_t>(symbol.st_value);
            function.bytes = static_cast<std::uint32_t>(symbol.st_size);
            functions.push_back(std::move(function));
        }
    }
    for (Function& function : functions) {
        if (const auto place = places.find(function.name); place != places.end()) {
            function.file = place->second.file;
            function.line = place->second.line;
            function.frameBytes = place->second.frameBytes;
        }
    }
    std::sort(functions.begin(), functions.end(), [](const Function& a, const Function& b) {
        return a.offset != b.offset ? a.offset < b.offset : a.name < b.name;
    });
    return functions;
}

} // namespace rbpf::linker
