// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/source_places.hpp"

#include "debugger/dwarf/lines.hpp"

namespace rbpf::cli {

std::vector<image::SourcePlace> placesOf(const std::vector<std::uint8_t>& debugElf) {
    std::vector<image::SourcePlace> places;
    if (const auto lines = dwarf::readLines(debugElf)) {
        for (const dwarf::SourceLine& line : *lines) {
            places.push_back({line.file, line.line});
        }
    }
    return places;
}

} // namespace rbpf::cli
