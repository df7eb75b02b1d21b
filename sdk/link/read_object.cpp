// SPDX-License-Identifier: GPL-3.0-or-later
// ELF object -> Object. Every offset and index is checked here, so that the passes need not.
#include <cstring>
#include <memory>

#include <gelf.h>
#include <libelf.h>

#include "sdk/link/internal.hpp"

namespace rbpf::linker {
namespace {

constexpr std::uint64_t kLargest = 16u << 20; ///< of any section: far more than a device has
constexpr std::uint64_t kLargestAlign = 4096;

tl::unexpected<support::Error> bad(const std::string& what) {
    return support::fail(support::ErrorKind::Script, "not a BPF object: " + what, "build the script again");
}

Kind kindOf(const GElf_Shdr& header, const std::string& name) {
    const auto starts = [&](const char* prefix) { return name.rfind(prefix, 0) == 0; };
    if (name == ".stack_sizes") {
        return Kind::StackSizes;
    }
    if (name == ".rbpf.functions") {
        return Kind::Functions;
    }
    if (name == ".rbpf.globals") {
        return Kind::Globals;
    }
    if (starts(".debug_")) {
        return Kind::Debug;
    }
    if ((header.sh_flags & SHF_ALLOC) == 0 || header.sh_size == 0) {
        return Kind::Other;
    }
    // Conventions of libbpf for the kernel, which have no meaning here.
    if (name == "license" || name == "version" || name == ".maps" || name == "maps") {
        return Kind::Other;
    }
    if ((header.sh_flags & SHF_EXECINSTR) != 0) {
        return Kind::Text;
    }
    if (header.sh_type == SHT_NOBITS) {
        return Kind::Bss;
    }
    return (header.sh_flags & SHF_WRITE) != 0 ? Kind::Data : Kind::Rodata;
}

support::Result<Section> readSection(Elf_Scn* scn, std::size_t names, Elf* elf, std::size_t fileSize) {
    GElf_Shdr header;
    if (gelf_getshdr(scn, &header) == nullptr) {
        return bad("a section header is unreadable");
    }
    Section section;
    const char* name = elf_strptr(elf, names, header.sh_name);
    section.name = name != nullptr ? name : "";
    if (header.sh_size > kLargest) {
        return bad("the section " + section.name + " is too large");
    }
    section.size = header.sh_size;
    section.align = header.sh_addralign == 0 ? 1 : header.sh_addralign;
    if ((section.align & (section.align - 1)) != 0 || section.align > kLargestAlign) {
        return bad("the alignment of section " + section.name + " is odd");
    }
    section.kind = kindOf(header, section.name);
    if (header.sh_type == SHT_NOBITS || section.kind == Kind::Other) {
        return section;
    }
    if (header.sh_offset > fileSize || header.sh_size > fileSize - header.sh_offset) {
        return bad("the section " + section.name + " lies outside the file");
    }
    if ((header.sh_flags & SHF_COMPRESSED) != 0) {
        return bad("the section " + section.name + " is compressed");
    }
    const Elf_Data* data = elf_rawdata(scn, nullptr);
    if (header.sh_size != 0 && (data == nullptr || data->d_buf == nullptr || data->d_size != header.sh_size)) {
        return bad("the section " + section.name + " is unreadable");
    }
    if (header.sh_size != 0) {
        const auto* bytes = static_cast<const std::uint8_t*>(data->d_buf);
        section.bytes.assign(bytes, bytes + data->d_size);
    }
    if (section.kind == Kind::Text && section.size % 8 != 0) {
        return bad("the section " + section.name + " does not hold whole instructions");
    }
    return section;
}

support::Result<std::vector<Symbol>> readSymbols(Elf* elf, Elf_Scn* scn, const GElf_Shdr& header,
                                                 const std::vector<Section>& sections) {
    std::vector<Symbol> symbols;
    Elf_Data* data = elf_getdata(scn, nullptr);
    if (data == nullptr || header.sh_entsize != sizeof(Elf64_Sym)) {
        return bad("the symbol table is unreadable");
    }
    const std::size_t count = data->d_size / sizeof(Elf64_Sym);
    symbols.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        GElf_Sym raw;
        if (gelf_getsym(data, static_cast<int>(i), &raw) == nullptr) {
            return bad("a symbol is unreadable");
        }
        Symbol symbol;
        const char* name = elf_strptr(elf, header.sh_link, raw.st_name);
        symbol.name = name != nullptr ? name : "";
        symbol.value = raw.st_value;
        symbol.size = raw.st_size;
        symbol.type = GELF_ST_TYPE(raw.st_info);
        symbol.binding = GELF_ST_BIND(raw.st_info);
        if (raw.st_shndx == SHN_ABS) {
            symbol.isAbsolute = true;
        } else if (raw.st_shndx != SHN_UNDEF) {
            if (raw.st_shndx >= sections.size()) {
                return bad("the symbol " + symbol.name + " lies in no section");
            }
            symbol.section = raw.st_shndx;
            const std::uint64_t size = sections[symbol.section].size;
            if (symbol.value > size || symbol.size > size - symbol.value) {
                return bad("the symbol " + symbol.name + " lies outside its section");
            }
            if (sections[symbol.section].kind == Kind::Text && symbol.type == STT_FUNC &&
                (symbol.value % 8 != 0 || symbol.size % 8 != 0)) {
                return bad("the function " + symbol.name + " does not start and end at instructions");
            }
        }
        if (symbol.type == STT_SECTION && symbol.name.empty() && symbol.isDefined() && !symbol.isAbsolute) {
            symbol.name = sections[symbol.section].name;
        }
        symbols.push_back(std::move(symbol));
    }
    return symbols;
}

/// Bytes that a relocation of this type changes, from its offset on; 0 if the type is unknown.
std::uint64_t reach(std::uint32_t type) {
    switch (static_cast<Reloc>(type)) {
    case Reloc::Wide:
        return 16;
    case Reloc::Abs64:
    case Reloc::Call:
        return 8;
    case Reloc::Abs32:
    case Reloc::NoDyld32:
        return 4;
    case Reloc::None:
        break;
    }
    return 0;
}

support::Result<std::vector<Relocation>> readRelocations(Elf_Scn* scn, const GElf_Shdr& header, const Section& target,
                                                         std::size_t symbolCount) {
    std::vector<Relocation> result;
    Elf_Data* data = elf_getdata(scn, nullptr);
    const bool withAddend = header.sh_type == SHT_RELA;
    const std::size_t entry = withAddend ? sizeof(Elf64_Rela) : sizeof(Elf64_Rel);
    if (data == nullptr || header.sh_entsize != entry) {
        return bad("the relocations of " + target.name + " are unreadable");
    }
    for (std::size_t i = 0; i < data->d_size / entry; ++i) {
        Relocation relocation;
        std::uint64_t info = 0;
        if (withAddend) {
            GElf_Rela raw;
            if (gelf_getrela(data, static_cast<int>(i), &raw) == nullptr) {
                return bad("a relocation is unreadable");
            }
            relocation.offset = raw.r_offset;
            relocation.addend = raw.r_addend;
            info = raw.r_info;
        } else {
            GElf_Rel raw;
            if (gelf_getrel(data, static_cast<int>(i), &raw) == nullptr) {
                return bad("a relocation is unreadable");
            }
            relocation.offset = raw.r_offset;
            info = raw.r_info;
        }
        relocation.type = GELF_R_TYPE(info);
        relocation.symbol = GELF_R_SYM(info);
        if (relocation.type == static_cast<std::uint32_t>(Reloc::None)) {
            continue;
        }
        const std::uint64_t bytes = reach(relocation.type);
        if (bytes == 0) {
            return bad("the relocation type " + std::to_string(relocation.type) + " is unknown");
        }
        if (relocation.symbol >= symbolCount || relocation.offset > target.bytes.size() ||
            bytes > target.bytes.size() - relocation.offset) {
            return bad("a relocation of " + target.name + " lies outside of it");
        }
        if (target.kind == Kind::Text && relocation.offset % 8 != 0) {
            return bad("a relocation of " + target.name + " does not stand at an instruction");
        }
        result.push_back(relocation);
    }
    return result;
}

} // namespace

support::Result<Object> readObject(const std::vector<std::uint8_t>& bytes) {
    if (elf_version(EV_CURRENT) == EV_NONE) {
        return support::fail(support::ErrorKind::Io, "libelf is too old");
    }
    if (bytes.size() < sizeof(Elf64_Ehdr)) {
        return bad("it is too short");
    }
    std::vector<std::uint8_t> copy = bytes; // libelf takes writable memory
    const std::unique_ptr<Elf, int (*)(Elf*)> elf(elf_memory(reinterpret_cast<char*>(copy.data()), copy.size()),
                                                  elf_end);
    GElf_Ehdr header;
    if (elf == nullptr || elf_kind(elf.get()) != ELF_K_ELF || gelf_getehdr(elf.get(), &header) == nullptr) {
        return bad("it is not an ELF file");
    }
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
        header.e_machine != EM_BPF || header.e_type != ET_REL) {
        return bad("it is an ELF file of another kind");
    }
    std::size_t count = 0;
    std::size_t names = 0;
    if (elf_getshdrnum(elf.get(), &count) != 0 || elf_getshdrstrndx(elf.get(), &names) != 0 || count == 0 ||
        count > 0xff00 || header.e_shoff > bytes.size() || count * sizeof(Elf64_Shdr) > bytes.size() - header.e_shoff) {
        return bad("its section table is unreadable");
    }

    Object object;
    object.sections.resize(1);
    for (std::size_t i = 1; i < count; ++i) {
        Elf_Scn* scn = elf_getscn(elf.get(), i);
        if (scn == nullptr) {
            return bad("its section table is unreadable");
        }
        support::Result<Section> section = readSection(scn, names, elf.get(), bytes.size());
        if (!section) {
            return tl::unexpected<support::Error>(section.error());
        }
        object.sections.push_back(std::move(*section));
    }
    const auto each = [&](auto&& visit) -> support::Result<bool> {
        for (std::size_t i = 1; i < object.sections.size(); ++i) {
            Elf_Scn* scn = elf_getscn(elf.get(), i);
            GElf_Shdr section;
            if (gelf_getshdr(scn, &section) == nullptr || section.sh_offset > bytes.size() ||
                (section.sh_type != SHT_NOBITS && section.sh_size > bytes.size() - section.sh_offset)) {
                return bad("a section header is unreadable");
            }
            support::Result<bool> done = visit(scn, section);
            if (!done) {
                return done;
            }
        }
        return true;
    };
    support::Result<bool> done = each([&](Elf_Scn* scn, const GElf_Shdr& section) -> support::Result<bool> {
        if (section.sh_type != SHT_SYMTAB) {
            return true;
        }
        support::Result<std::vector<Symbol>> symbols = readSymbols(elf.get(), scn, section, object.sections);
        if (!symbols) {
            return tl::unexpected<support::Error>(symbols.error());
        }
        object.symbols = std::move(*symbols);
        return true;
    });
    if (done) {
        done = each([&](Elf_Scn* scn, const GElf_Shdr& section) -> support::Result<bool> {
            if (section.sh_type != SHT_REL && section.sh_type != SHT_RELA) {
                return true;
            }
            if (section.sh_info == 0 || section.sh_info >= object.sections.size()) {
                return bad("relocations belong to no section");
            }
            Section& target = object.sections[section.sh_info];
            if (target.kind == Kind::Other) {
                return true;
            }
            support::Result<std::vector<Relocation>> relocations =
                readRelocations(scn, section, target, object.symbols.size());
            if (!relocations) {
                return tl::unexpected<support::Error>(relocations.error());
            }
            target.relocations = std::move(*relocations);
            return true;
        });
    }
    if (!done) {
        return tl::unexpected<support::Error>(done.error());
    }
    return object;
}

} // namespace rbpf::linker
