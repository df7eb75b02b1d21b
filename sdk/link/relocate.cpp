// SPDX-License-Identifier: GPL-3.0-or-later
// Relocations of the BPF psABI, applied to final addresses, and the sections' bytes joined.
#include <algorithm>

#include <gelf.h>

#include "sdk/link/internal.hpp"

namespace rbpf::linker {
namespace {

/// The function whose text holds an address, for complaints.
const Function* functionAt(const Link& link, const Section& section, std::uint64_t offset) {
    if (section.kind != Kind::Text) {
        return nullptr;
    }
    for (const Function& function : link.output.functions) {
        const std::uint64_t address = section.address + offset;
        if (address >= function.offset && address - function.offset < function.bytes) {
            return &function;
        }
    }
    return nullptr;
}

void complainUndefined(Link& link, const Symbol& symbol, const Function* at) {
    link.complain("no function or variable `" + symbol.name + "`",
                  "define it in one of the script's sources, or use a function that the SDK's headers declare", at);
}

class Relocator {
public:
    Relocator(Link& link, Section& section) : link_(link), section_(section) {}

    void apply(const Relocation& relocation) {
        const Symbol& symbol = link_.object.symbols[relocation.symbol];
        const Function* at = functionAt(link_, section_, relocation.offset);
        if (!symbol.isDefined() && section_.kind != Kind::Debug && relocation.symbol != 0) {
            complainUndefined(link_, symbol, at);
            return;
        }
        switch (static_cast<Reloc>(relocation.type)) {
        case Reloc::Call:
            call(relocation, symbol, at);
            break;
        case Reloc::Wide:
            wide(relocation, symbol, at);
            break;
        case Reloc::Abs64:
            number(relocation, symbol, 8);
            break;
        case Reloc::Abs32:
        case Reloc::NoDyld32:
            number(relocation, symbol, 4);
            break;
        case Reloc::None:
            break;
        }
    }

private:
    [[nodiscard]] const Section& home(const Symbol& symbol) const { return link_.object.sections[symbol.section]; }

    /// An instruction's immediate counts slots from behind the call; before linking it holds (offset into the symbol)/8
    /// - 1.
    void call(const Relocation& relocation, const Symbol& symbol, const Function* at) {
        if (section_.kind != Kind::Text || symbol.isAbsolute || home(symbol).kind != Kind::Text) {
            link_.complain("a call of `" + symbol.name + "`, which is not a function", "call a function", at);
            return;
        }
        const auto imm = static_cast<std::int32_t>(load(section_.bytes, relocation.offset + 4, 4));
        const std::int64_t inside = relocation.addend.value_or((static_cast<std::int64_t>(imm) + 1) * 8);
        const std::int64_t target = static_cast<std::int64_t>(home(symbol).address + symbol.value) + inside;
        const auto from = static_cast<std::int64_t>(section_.address + relocation.offset + 8);
        store(section_.bytes, relocation.offset + 4, 4, static_cast<std::uint64_t>((target - from) / 8));
    }

    void wide(const Relocation& relocation, const Symbol& symbol, const Function* at) {
        if (section_.kind != Kind::Text || !mayPointTo(symbol, at)) {
            return;
        }
        const std::int64_t inPlace = static_cast<std::int32_t>(load(section_.bytes, relocation.offset + 4, 4));
        const std::uint64_t value = valueOf(symbol) + static_cast<std::uint64_t>(relocation.addend.value_or(inPlace));
        store(section_.bytes, relocation.offset + 4, 4, value & 0xffffffffU);
        store(section_.bytes, relocation.offset + 12, 4, value >> 32);
    }

    void number(const Relocation& relocation, const Symbol& symbol, std::size_t size) {
        if (section_.kind != Kind::Debug && section_.kind != Kind::StackSizes && !mayPointTo(symbol, nullptr)) {
            return;
        }
        const auto inPlace = static_cast<std::int64_t>(load(section_.bytes, relocation.offset, size));
        std::uint64_t value = valueOf(symbol) + static_cast<std::uint64_t>(relocation.addend.value_or(inPlace));
        if (symbol.section != kNoSection && !home(symbol).kept) {
            value = ~std::uint64_t{0}; // DWARF 5's word for code that is gone
        }
        store(section_.bytes, relocation.offset, size, value);
    }

    bool mayPointTo(const Symbol& symbol, const Function* at) {
        if (symbol.section != kNoSection && home(symbol).kind == Kind::Text) {
            link_.complain("the address of the function `" + symbol.name + "` is taken",
                           "BPF has no calls through pointers: use an if or a switch that calls the functions by name",
                           at);
            return false;
        }
        if (symbol.section != kNoSection && home(symbol).kind == Kind::Other) {
            link_.complain("`" + symbol.name + "` lies in the section \"" + home(symbol).name +
                               "\", which scripts do not have",
                           "remove its section attribute", at);
            return false;
        }
        return true;
    }

    [[nodiscard]] std::uint64_t valueOf(const Symbol& symbol) const {
        return symbol.isAbsolute ? symbol.value : home(symbol).address + symbol.value;
    }

    Link& link_;
    Section& section_;
};

} // namespace

void relocate(Link& link) {
    for (Section& section : link.object.sections) {
        if (!section.kept || section.kind == Kind::Functions) {
            continue;
        }
        Relocator relocator(link, section);
        for (const Relocation& relocation : section.relocations) {
            relocator.apply(relocation);
        }
    }
}

void join(Link& link) {
    for (const Section& section : link.object.sections) {
        if (!section.kept) {
            continue;
        }
        std::vector<std::uint8_t>* target = section.kind == Kind::Text     ? &link.text
                                            : section.kind == Kind::Rodata ? &link.rodata
                                            : section.kind == Kind::Data   ? &link.data
                                                                           : nullptr;
        if (target != nullptr) {
            const std::uint64_t offset = section.address & RBPF_OFFSET_MASK;
            std::copy(section.bytes.begin(), section.bytes.end(),
                      target->begin() + static_cast<std::ptrdiff_t>(offset));
        }
    }
}

} // namespace rbpf::linker
