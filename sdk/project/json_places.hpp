// SPDX-License-Identifier: GPL-3.0-or-later
// Where in a JSON text every key and value stands: nlohmann/json gives values without places.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rbpf::project {

/// Line and column count from 1 (bytes).
struct Place {
    unsigned line = 1;
    unsigned column = 1;
};

struct Places {
    std::map<std::string, Place> values; ///< by JSON pointer: "" is the whole text, "/entries/0/trigger"
    std::map<std::string, Place> keys;   ///< where the key of that value stands
    std::vector<std::string> repeated;   ///< pointers of keys given twice in one object

    [[nodiscard]] Place value(const std::string& pointer) const;
    [[nodiscard]] Place key(const std::string& pointer) const;
};

/// `text` must have been parsed as JSON already; of anything else the result is incomplete but harmless.
[[nodiscard]] Places locate(std::string_view text);

/// How long the text (with its quotes), number or word is that begins at a place; 1 for anything else.
[[nodiscard]] unsigned tokenBytes(std::string_view text, const Place& place);

/// Of a byte offset.
[[nodiscard]] Place placeOf(std::string_view text, std::size_t offset);

} // namespace rbpf::project
