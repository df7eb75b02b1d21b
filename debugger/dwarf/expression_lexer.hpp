// SPDX-License-Identifier: GPL-3.0-or-later
// Expressions as tokens. Internal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::dwarf {

struct Token {
    enum class Kind : std::uint8_t {
        Number,
        Character,
        String,
        Name,
        Register, ///< text without the $
        Operator,
        End
    };
    Kind kind = Kind::End;
    std::string text;    ///< as written; of characters and strings what stands inside the quotes
    std::size_t at = 0;  ///< byte offset
    std::size_t end = 0; ///< behind its last byte

    [[nodiscard]] bool is(std::string_view op) const { return kind == Kind::Operator && text == op; }
};

/// "column 3: message"; columns count from 1.
[[nodiscard]] tl::unexpected<support::Error> failAt(std::size_t offset, const std::string& message);

/// Ends with Kind::End.
[[nodiscard]] support::Result<std::vector<Token>> tokenise(std::string_view text);

} // namespace rbpf::dwarf
