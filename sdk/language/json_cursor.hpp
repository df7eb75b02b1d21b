// SPDX-License-Identifier: GPL-3.0-or-later
// Where in a JSON text a cursor stands, also while the text is being written and is none yet.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rbpf::language {

struct JsonCursor {
    std::vector<std::string> path; ///< of the value: keys, and "0", "1", … in lists; of a key the object's
    bool isKey = false;            ///< a key stands here, or should
    std::size_t start = 0, end = 0; ///< of the token at the cursor; both the cursor's where there is none
    std::set<std::string> siblings; ///< the object's other keys, where isKey
    bool hasColon = false;          ///< behind the key
};

[[nodiscard]] JsonCursor jsonCursorAt(std::string_view text, std::size_t offset);

/// A token's text without its quotes; escapes stay.
[[nodiscard]] std::string_view unquoted(std::string_view token);

} // namespace rbpf::language
