// SPDX-License-Identifier: GPL-3.0-or-later
// The debug ELF (ELF-64, ET_EXEC, EM_BPF): the image's sections at their VM addresses, symbols with final addresses,
// DWARF with relocations applied, frame sizes (.stack_sizes), and a note with the build id (NT_GNU_BUILD_ID).
#include <algorithm>
#include <cstring>

#include <elf.h>

#include "sdk/link/internal.hpp"

namespace rbpf::linker {
namespace {

struct Part {
    std::string name;
    Elf64_Shdr header{};
    const void* bytes = nullptr; ///< sh_size of them; null for SHT_NOBITS
};

Part part(std::string name, Elf64_Word type, Elf64_Xword flags, Elf64_Addr address, Elf64_Xword align,
          const void* bytes, std::size_t size) {
    Part result;
    result.name = std::move(name);
    result.header.sh_type = type;
    result.header.sh_flags = flags;
    result.header.sh_addr = address;
    result.header.sh_addralign = align;
    result.header.sh_size = size;
    result.bytes = bytes;
    return result;
}

class Writer {
public:
    explicit Writer(const Link& link) : link_(link) {}

    std::vector<std::uint8_t> write() {
        addRegions();
        addDebug();
        addSymbols();
        return emit();
    }

private:
    std::size_t add(Part part) {
        parts_.push_back(std::move(part));
        return parts_.size(); // ELF index: 0 is the undefined section
    }

    void addRegions() {
        const auto& link = link_;
        const std::uint64_t data = RBPF_ADDRESS(RBPF_REGION_DATA, 0);
        regions_[Kind::Text] = add(part(".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR,
                                        RBPF_ADDRESS(RBPF_REGION_TEXT, 0), 8, link.text.data(), link.text.size()));
        if (!link.rodata.empty()) {
            regions_[Kind::Rodata] = add(part(".rodata", SHT_PROGBITS, SHF_ALLOC, RBPF_ADDRESS(RBPF_REGION_RODATA, 0),
                                              8, link.rodata.data(), link.rodata.size()));
        }
        if (!link.data.empty()) {
            regions_[Kind::Data] =
                add(part(".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, data, 8, link.data.data(), link.data.size()));
        }
        if (link.bssBytes != 0) {
            regions_[Kind::Bss] = add(
                part(".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, data + link.data.size(), 1, nullptr, link.bssBytes));
        }
        const Elf64_Nhdr header{4, RBPF_BUILD_ID_BYTES, NT_GNU_BUILD_ID};
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(&header);
        note_.assign(bytes, bytes + sizeof header);
        note_.insert(note_.end(), {'G', 'N', 'U', '\0'});
        note_.insert(note_.end(), link.buildId.begin(), link.buildId.end());
        add(part(".note.gnu.build-id", SHT_NOTE, 0, 0, 4, note_.data(), note_.size()));
    }

    void addDebug() {
        for (const Section& section : link_.object.sections) {
            if (section.kind == Kind::Debug) {
                add(part(section.name, SHT_PROGBITS, 0, 0, section.align, section.bytes.data(), section.bytes.size()));
            }
        }
        // As the code generator's section of this name: address, then the frame's bytes as ULEB128.
        for (const Function& function : link_.output.functions) {
            for (unsigned i = 0; i < 8; ++i) {
                stackSizes_.push_back(static_cast<std::uint8_t>(std::uint64_t{function.offset} >> (8 * i)));
            }
            std::uint32_t size = function.frameBytes;
            for (; size > 0x7f; size >>= 7) {
                stackSizes_.push_back(static_cast<std::uint8_t>(size | 0x80));
            }
            stackSizes_.push_back(static_cast<std::uint8_t>(size));
        }
        Part sizes = part(".stack_sizes", SHT_PROGBITS, SHF_LINK_ORDER, 0, 1, stackSizes_.data(), stackSizes_.size());
        sizes.header.sh_link = static_cast<Elf64_Word>(regions_.at(Kind::Text));
        add(std::move(sizes));
        places_ = writePlaces(link_.output.functions);
        add(part(".rbpf.functions", SHT_PROGBITS, 0, 0, 1, places_.data(), places_.size()));
    }

    void addSymbols() {
        symbols_.emplace_back();
        for (const int pass : {STB_LOCAL, STB_GLOBAL}) { // local ones stand first (gABI)
            for (const Symbol& symbol : link_.object.symbols) {
                const Section& section = link_.object.sections[symbol.section];
                const auto region = regions_.find(section.kind);
                const bool isGlobal = symbol.binding != STB_LOCAL;
                if ((symbol.type != STT_FUNC && symbol.type != STT_OBJECT) || region == regions_.end() ||
                    !section.kept || symbol.section == kNoSection || isGlobal != (pass == STB_GLOBAL)) {
                    continue;
                }
                Elf64_Sym raw{};
                raw.st_name = addName(symbolNames_, symbol.name);
                raw.st_info = ELF64_ST_INFO(pass, symbol.type);
                raw.st_shndx = static_cast<Elf64_Half>(region->second);
                raw.st_value = section.address + symbol.value;
                raw.st_size = symbol.size;
                symbols_.push_back(raw);
            }
            if (pass == STB_LOCAL) {
                firstGlobal_ = static_cast<Elf64_Word>(symbols_.size());
            }
        }
        Part table = part(".symtab", SHT_SYMTAB, 0, 0, 8, symbols_.data(), symbols_.size() * sizeof(Elf64_Sym));
        table.header.sh_entsize = sizeof(Elf64_Sym);
        table.header.sh_info = firstGlobal_;
        table.header.sh_link = static_cast<Elf64_Word>(parts_.size() + 2); // .strtab follows
        add(std::move(table));
        add(part(".strtab", SHT_STRTAB, 0, 0, 1, symbolNames_.data(), symbolNames_.size()));
    }

    static Elf64_Word addName(std::string& names, const std::string& name) {
        const auto offset = static_cast<Elf64_Word>(names.size());
        names += name;
        names += '\0';
        return offset;
    }

    std::vector<std::uint8_t> emit() {
        std::string names(1, '\0');
        for (Part& part : parts_) {
            part.header.sh_name = addName(names, part.name);
        }
        const Elf64_Word namesName = addName(names, ".shstrtab");
        add(part(".shstrtab", SHT_STRTAB, 0, 0, 1, names.data(), names.size()));
        parts_.back().header.sh_name = namesName;

        std::vector<std::uint8_t> file(sizeof(Elf64_Ehdr));
        const auto append = [&](const void* bytes, std::size_t size) {
            const auto* first = static_cast<const std::uint8_t*>(bytes);
            file.insert(file.end(), first, first + size);
        };
        std::vector<Elf64_Shdr> headers(1);
        for (Part& part : parts_) {
            const std::size_t align = part.header.sh_addralign;
            file.resize((file.size() + align - 1) / align * align);
            part.header.sh_offset = file.size();
            if (part.bytes != nullptr) {
                append(part.bytes, part.header.sh_size);
            }
            headers.push_back(part.header);
        }
        file.resize((file.size() + 7) / 8 * 8);

        Elf64_Ehdr header{};
        std::memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS64;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        header.e_ident[EI_VERSION] = EV_CURRENT;
        header.e_type = ET_EXEC;
        header.e_machine = EM_BPF;
        header.e_version = EV_CURRENT;
        header.e_ehsize = sizeof header;
        header.e_shentsize = sizeof(Elf64_Shdr);
        header.e_shoff = file.size();
        header.e_shnum = static_cast<Elf64_Half>(headers.size());
        header.e_shstrndx = static_cast<Elf64_Half>(headers.size() - 1);
        std::memcpy(file.data(), &header, sizeof header);
        append(headers.data(), headers.size() * sizeof(Elf64_Shdr));
        return file;
    }

    const Link& link_;
    std::vector<Part> parts_;
    std::vector<std::uint8_t> note_, stackSizes_, places_;
    std::vector<Elf64_Sym> symbols_;
    std::map<Kind, std::size_t> regions_;
    std::string symbolNames_ = std::string(1, '\0');
    Elf64_Word firstGlobal_ = 0;
};

} // namespace

std::vector<std::uint8_t> writeDebugElf(const Link& link) {
    return Writer(link).write();
}

} // namespace rbpf::linker
