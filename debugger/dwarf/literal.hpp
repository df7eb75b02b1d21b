// SPDX-License-Identifier: GPL-3.0-or-later
// C literals: numbers, characters, strings. Internal; shared by expressions and by what is typed into a variable.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "debugger/dwarf/type.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::dwarf {

struct IntegerLiteral {
    std::uint64_t value = 0;
    const Type* type = nullptr; ///< int, unsigned int, long or unsigned long, as C chooses
};

/// Decimal, 0x, 0b and octal numbers with the suffixes u, l, ll in any case. Errors are clauses without a place.
[[nodiscard]] support::Result<IntegerLiteral> parseInteger(std::string_view text);

/// What stands between quotes, escapes resolved. `quote` is ' or ".
[[nodiscard]] support::Result<std::string> unescape(std::string_view inside);

} // namespace rbpf::dwarf
