// SPDX-License-Identifier: GPL-3.0-or-later
// Which source lines a function's bytes come from.
#pragma once

#include "sdk/analyse/size.hpp"

namespace rbpf::analyse {

/// An instruction and the source line that it is for; line 0: none is known.
struct PlacedCode {
    std::uint32_t offset = 0; ///< bytes from the start of text
    std::uint32_t bytes = 0;
    std::string file;
    unsigned line = 0;
};

/// Fills in FunctionSize::lines, ordered by file and line.
void addLines(SizeReport& report, const std::vector<PlacedCode>& code);

} // namespace rbpf::analyse
