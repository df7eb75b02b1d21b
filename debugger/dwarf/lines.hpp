// SPDX-License-Identifier: GPL-3.0-or-later
// Source line of every instruction of an image, from its debug ELF.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::dwarf {

/// Where an instruction comes from; line 0 = unknown. `function` is the innermost, inlined ones included.
struct SourceLine {
    std::string file;
    unsigned line = 0;
    unsigned column = 0;
    std::string function;
};

/// One element for each 8-byte slot of the text (the second slot of a wide instruction repeats the first).
[[nodiscard]] support::Result<std::vector<SourceLine>> readLines(const std::vector<std::uint8_t>& debugElf);

} // namespace rbpf::dwarf
