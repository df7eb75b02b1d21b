// SPDX-License-Identifier: GPL-3.0-or-later
// Is the tree of debug information (DWARF 5, section 7.5) one that LLVM can be trusted with? LLVM 19.1 reads past the
// ends of sections and lists that do not say what they should, so every form, size and reference is walked before it
// sees them. Internal.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace rbpf::dwarf {

/// .debug_info and .debug_abbrev, whole. Empty: they are sound; otherwise what is wrong. Sound are little-endian 32-bit
/// DWARF 5 compile units as LLVM and GCC write them, without anything that leads into another file.
[[nodiscard]] std::string whyUnsound(std::span<const std::uint8_t> info, std::span<const std::uint8_t> abbreviations);

} // namespace rbpf::dwarf
