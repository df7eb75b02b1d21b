// SPDX-License-Identifier: GPL-3.0-or-later
// VM addresses of the sections: text from 0, rodata, data and behind it bss in their regions, each in the object's
// order but .rodata, .data and .bss first: sdk/compile has counted on their addresses when it placed the globals.
#include <algorithm>

#include <fmt/format.h>
#include <gelf.h>

#include "sdk/link/internal.hpp"

namespace rbpf::linker {
namespace {

std::uint64_t place(Object& object, Kind kind, const char* first, std::uint64_t address) {
    const auto put = [&](Section& section) {
        address = (address + section.align - 1) & ~(section.align - 1);
        section.address = address;
        address += section.size;
    };
    for (Section& section : object.sections) {
        if (section.kind == kind && section.kept && section.name == first) {
            put(section);
        }
    }
    for (Section& section : object.sections) {
        if (section.kind == kind && section.kept && section.name != first) {
            put(section);
        }
    }
    return address;
}

/// The text holds the variables' addresses as numbers already: a variable that lands elsewhere would be read and
/// written at a wrong place without a sign of it.
void checkAddresses(Link& link) {
    std::map<std::string, std::uint64_t> expected;
    for (const Section& section : link.object.sections) {
        if (section.kind == Kind::Globals) {
            expected = readAddresses(section.bytes);
        }
    }
    const auto complain = [&](const std::string& name, std::uint64_t address, const std::string& instead) {
        link.complain(fmt::format("internal error: the code expects `{}` at 0x{:08x}, {}", name, address, instead),
                      "this is a mistake in the SDK, not in the script: please report it");
    };
    for (const Symbol& symbol : link.object.symbols) {
        const auto found = expected.find(symbol.name);
        const Section& section = link.object.sections[symbol.section];
        if (found == expected.end() || symbol.isAbsolute || section.kind == Kind::Text) {
            continue;
        }
        if (const std::uint64_t address = section.address + symbol.value; address != found->second) {
            complain(symbol.name, found->second, fmt::format("the linker puts it at 0x{:08x}", address));
        }
        expected.erase(found);
    }
    for (const auto& [name, address] : expected) {
        complain(name, address, "but the object does not hold it");
    }
}

void listFunctions(Link& link) {
    std::map<std::string, Place> places;
    for (const Section& section : link.object.sections) {
        if (section.kind == Kind::Functions) {
            places = readPlaces(section.bytes);
        }
    }
    std::vector<Function>& functions = link.output.functions;
    for (const Symbol& symbol : link.object.symbols) {
        const Section& section = link.object.sections[symbol.section];
        if (symbol.type != STT_FUNC || section.kind != Kind::Text || !section.kept) {
            continue;
        }
        Function function;
        function.name = symbol.name;
        function.offset = static_cast<std::uint32_t>(section.address + symbol.value);
        function.bytes = static_cast<std::uint32_t>(symbol.size);
        if (const auto place = places.find(symbol.name); place != places.end()) {
            function.file = place->second.file;
            function.line = place->second.line;
        }
        functions.push_back(std::move(function));
    }
    std::sort(functions.begin(), functions.end(), [](const Function& a, const Function& b) {
        return a.offset != b.offset ? a.offset < b.offset : a.name < b.name;
    });
    functions.erase(std::unique(functions.begin(), functions.end(),
                                [](const Function& a, const Function& b) { return a.offset == b.offset; }),
                    functions.end());
}

void findEntries(Link& link) {
    const std::vector<Function>& functions = link.output.functions;
    for (const Entry& entry : link.request.entries) {
        const auto found = std::find_if(functions.begin(), functions.end(),
                                        [&](const Function& function) { return function.name == entry.function; });
        if (found == functions.end()) {
            Function at;
            at.file = entry.file;
            at.line = entry.line;
            link.complain("the entry `" + entry.function + "` is not a function of the script",
                          "is it spelled as in the source?", &at);
            continue;
        }
        link.entryFunctions.push_back(static_cast<std::size_t>(found - functions.begin()));
    }
}

} // namespace

void layOut(Link& link) {
    Object& object = link.object;
    const std::uint64_t textEnd = place(object, Kind::Text, ".text", RBPF_ADDRESS(RBPF_REGION_TEXT, 0));
    const std::uint64_t rodataEnd = place(object, Kind::Rodata, ".rodata", RBPF_ADDRESS(RBPF_REGION_RODATA, 0));
    const std::uint64_t dataEnd = place(object, Kind::Data, ".data", RBPF_ADDRESS(RBPF_REGION_DATA, 0));
    const std::uint64_t bssEnd = place(object, Kind::Bss, ".bss", dataEnd);

    std::uint64_t bssStart = dataEnd; // where the padding that bss needs ends
    for (const Section& section : object.sections) {
        if (section.kind == Kind::Bss && section.name == ".bss") {
            bssStart = section.address;
        }
    }
    link.text.resize(textEnd);
    link.rodata.resize(rodataEnd - RBPF_ADDRESS(RBPF_REGION_RODATA, 0));
    link.data.resize((bssEnd == dataEnd ? dataEnd : bssStart) - RBPF_ADDRESS(RBPF_REGION_DATA, 0));
    if (link.data.size() != 0 && dataEnd == RBPF_ADDRESS(RBPF_REGION_DATA, 0)) {
        link.data.clear(); // only padding: bss starts at the region's start then
    }
    checkAddresses(link);
    link.bssBytes = static_cast<std::uint32_t>(bssEnd - RBPF_ADDRESS(RBPF_REGION_DATA, 0) - link.data.size());
    listFunctions(link);
    findEntries(link);
}

} // namespace rbpf::linker
