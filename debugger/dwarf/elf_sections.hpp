// SPDX-License-Identifier: GPL-3.0-or-later
// The sections of a 64-bit little-endian BPF ELF, every offset checked. Internal.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "sdk/support/error.hpp"

namespace rbpf::dwarf {

/// Contents by name; views into the file. Sections without bytes in the file (.bss) and compressed ones are left out.
[[nodiscard]] support::Result<std::map<std::string, std::span<const std::uint8_t>>>
readSections(std::span<const std::uint8_t> elf);

} // namespace rbpf::dwarf
