// SPDX-License-Identifier: GPL-3.0-or-later
// Small text helpers that several folders need: hexadecimal, and the word somebody probably meant.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rbpf::support {

/// Two lower-case digits a byte.
[[nodiscard]] std::string toHex(std::span<const std::uint8_t> bytes);
/// The reverse; blanks between bytes are allowed, anything else gives nothing.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> fromHex(std::string_view text);

/// The candidate closest to `word`, if it is close enough to be what was meant.
[[nodiscard]] std::optional<std::string> closest(std::string_view word, std::span<const std::string_view> candidates);

} // namespace rbpf::support
