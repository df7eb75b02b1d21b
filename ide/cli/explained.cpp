// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/explained.hpp"

#include "debugger/dwarf/lines.hpp"
#include "sdk/analyse/explain.hpp"
#include "sdk/analyse/lines.hpp"

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

void explain(project::BuildResult& result) {
    if (!result.ok) {
        return;
    }
    const auto code = analyse::placedCode(result.image, placesOf(result.debugElf));
    analyse::explain(result.size, result.image, code, result.defined);
    result.diagnostics.insert(result.diagnostics.end(), result.size.hints.begin(), result.size.hints.end());
}

} // namespace rbpf::cli
