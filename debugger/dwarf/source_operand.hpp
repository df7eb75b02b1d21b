// SPDX-License-Identifier: GPL-3.0-or-later
// Which expression of a C source an instruction belongs to, from the place that the line table gives.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "debugger/dwarf/debug_info.hpp"

namespace rbpf::dwarf {

enum class Operand : std::uint8_t {
    Read,    ///< what is loaded
    Written, ///< what is stored to
    Called   ///< the call
};

/// The text of the operand that the compiler places at `line` and `column` (both from 1) of `source`, on one line; ""
/// where there is no such expression. Names of types come from `info`; it may be empty.
[[nodiscard]] std::string operandAt(std::string_view source, unsigned line, unsigned column, Operand wanted,
                                    const DebugInfo& info);

} // namespace rbpf::dwarf
