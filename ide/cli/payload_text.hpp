// SPDX-License-Identifier: GPL-3.0-or-later
// What a board sent, as text that is safe to show whatever it holds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace rbpf::cli {

/// UTF-8 as it is; other bytes and control characters but the newline and the tab as "\x1b".
[[nodiscard]] std::string escaped(std::span<const std::uint8_t> bytes);

/// "text/plain", "CBOR", …, "format 1234"; "no format".
[[nodiscard]] std::string formatName(std::optional<std::uint16_t> format);

/// By its format: CBOR as indented JSON (byte strings as "h'0102'"), what is binary as hexadecimal digits, the rest
/// as escaped text. CBOR that is none is hexadecimal too.
[[nodiscard]] std::string payloadText(std::optional<std::uint16_t> format, std::span<const std::uint8_t> payload);

} // namespace rbpf::cli
