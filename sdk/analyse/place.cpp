// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/place.hpp"

#include <algorithm>

namespace rbpf::analyse {

CodePlace placeOf(const std::vector<PlacedCode>& code, std::uint32_t offset) {
    const auto found = std::ranges::lower_bound(code, offset, {}, &PlacedCode::offset);
    if (found == code.end() || found->offset != offset) {
        return {offset, {}, 0};
    }
    return {offset, found->file, found->line};
}

bool isLibraryFile(const std::string& file) {
    return file.starts_with("/rbpf/lib/");
}

} // namespace rbpf::analyse
