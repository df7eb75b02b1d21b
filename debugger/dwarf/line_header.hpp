// SPDX-License-Identifier: GPL-3.0-or-later
// Is the head of a line table (DWARF 5, section 6.2.4) one that LLVM can be trusted with? LLVM 19.1 smashes its own
// stack on file entries in forms that the standard does not have. Internal.
#pragma once

#include <cstdint>
#include <span>

namespace rbpf::dwarf {

/// `section`: .debug_line; `offset`: the unit's DW_AT_stmt_list.
[[nodiscard]] bool isSoundLineHeader(std::span<const std::uint8_t> section, std::uint64_t offset);

} // namespace rbpf::dwarf
