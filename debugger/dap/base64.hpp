// SPDX-License-Identifier: GPL-3.0-or-later
// Base64 with padding (RFC 4648, section 4): how the protocol carries memory.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rbpf::dap {

[[nodiscard]] std::string toBase64(std::span<const std::uint8_t> bytes);
/// Nothing if the text is not base64; padding may be missing.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> fromBase64(std::string_view text);

} // namespace rbpf::dap
