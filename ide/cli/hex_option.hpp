// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes that a command takes from a file or as hexadecimal digits.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::cli {

/// At most one of the two may be given; none gives no bytes.
[[nodiscard]] support::Result<std::vector<std::uint8_t>> contextBytes(const std::string& file, const std::string& hex);

} // namespace rbpf::cli
