// SPDX-License-Identifier: GPL-3.0-or-later
// Where code comes from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rbpf::analyse {

/// An instruction and the source line that it is for; line 0: none is known.
struct PlacedCode {
    std::uint32_t offset = 0; ///< bytes from the start of text
    std::uint32_t bytes = 0;
    std::string file;
    unsigned line = 0;
};

struct CodePlace {
    std::uint32_t offset = 0; ///< bytes from the start of text
    std::string file;         ///< "" = unknown
    unsigned line = 0;
};

/// `code` in the order of the text.
[[nodiscard]] CodePlace placeOf(const std::vector<PlacedCode>& code, std::uint32_t offset);

/// The library's sources stand under this name in debug information.
[[nodiscard]] bool isLibraryFile(const std::string& file);

} // namespace rbpf::analyse
