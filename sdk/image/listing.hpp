// SPDX-License-Identifier: GPL-3.0-or-later
// The disassembly as a person reads it: functions, labels, source lines between, then rodata and data in bytes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sdk/image/disassemble.hpp"

namespace rbpf::image {

/// Where an instruction comes from; line 0 = unknown.
struct SourcePlace {
    std::string file;
    unsigned line = 0;
};

struct ListingOptions {
    std::vector<Symbol> symbols;
    std::vector<SourcePlace> places;                           ///< one for each slot of the text, or empty
    std::function<std::string(const SourcePlace&)> sourceText; ///< text of a source line, "" if it is not at hand
    bool bytes = true;                                         ///< show the instruction's bytes
};

[[nodiscard]] std::string listing(const Image& image, const ListingOptions& options);

} // namespace rbpf::image
