// SPDX-License-Identifier: GPL-3.0-or-later
// Positions as the protocol has them, counted from 0 in the units that were agreed on (LSP 3.17, PositionEncodingKind),
// and places in a text in bytes.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "sdk/support/error.hpp"

namespace rbpf::language {

enum class Encoding : std::uint8_t {
    Utf8,
    Utf16,
    Utf32
};

/// "utf-8", as the protocol and clangd call it.
[[nodiscard]] const char* nameOf(Encoding encoding);

/// What an editor's capabilities ask for, its first choice first; UTF-16 where they say nothing.
[[nodiscard]] Encoding chooseEncoding(const nlohmann::json& capabilities);

/// Where a position is in the text; the end of its line, or of the text, where there is no such place.
[[nodiscard]] std::size_t offsetAt(std::string_view text, const nlohmann::json& position, Encoding encoding);

[[nodiscard]] nlohmann::json positionAt(std::string_view text, std::size_t offset, Encoding encoding);

/// `range` counts from 1, in bytes; without columns it is the line's text, without a line the first one's.
[[nodiscard]] nlohmann::json rangeIn(std::string_view text, const support::SourceRange& range, Encoding encoding);

/// Start of a line (counted from 0) and its end without the line break; the text's end if there is no such line.
[[nodiscard]] std::size_t lineStart(std::string_view text, unsigned line);
[[nodiscard]] std::size_t lineEnd(std::string_view text, std::size_t start);

/// The letters, digits and underlines around an offset.
[[nodiscard]] std::string_view wordAt(std::string_view text, std::size_t offset);

} // namespace rbpf::language
