// SPDX-License-Identifier: GPL-3.0-or-later
// Text that no entry reaches goes: from the sections of the entries along the relocations.
#include <gelf.h>

#include "sdk/link/internal.hpp"

namespace rbpf::linker {

void drop(Link& link) {
    Object& object = link.object;
    std::vector<std::size_t> todo;
    for (Section& section : object.sections) {
        section.kept = section.kind != Kind::Text;
    }
    const auto reach = [&](std::size_t index) {
        Section& section = object.sections[index];
        if (!section.kept && section.kind == Kind::Text) {
            section.kept = true;
            todo.push_back(index);
        }
    };
    for (const Entry& entry : link.request.entries) {
        for (const Symbol& symbol : object.symbols) {
            if (symbol.name == entry.function && symbol.type == STT_FUNC && symbol.section != kNoSection) {
                reach(symbol.section);
            }
        }
    }
    while (!todo.empty()) {
        const std::size_t index = todo.back();
        todo.pop_back();
        for (const Relocation& relocation : object.sections[index].relocations) {
            reach(object.symbols[relocation.symbol].section);
        }
    }
}

} // namespace rbpf::linker
