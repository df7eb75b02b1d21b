// SPDX-License-Identifier: LGPL-2.1-or-later
// Addresses that a firmware's ELF tells by name.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace rbpf::qemu {

/// Values of those of `names` that a 32-bit little-endian ELF's symbol table has. The error is a sentence with the
/// path.
tl::expected<std::map<std::string, std::uint32_t>, std::string> elfSymbols(const std::string& path,
                                                                           const std::vector<std::string>& names);

} // namespace rbpf::qemu
