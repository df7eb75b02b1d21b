// SPDX-License-Identifier: GPL-3.0-or-later
// Reading payloads piece by piece: what is missing or wrong gives nothing.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rbpf::rsp {

/// A hexadecimal number of 1 to 16 digits and nothing else.
[[nodiscard]] std::optional<std::uint64_t> hexNumber(std::string_view text);

/// `bytes` as register values have them: little-endian, two digits a byte.
[[nodiscard]] std::optional<std::uint64_t> littleEndian(std::string_view digits);
[[nodiscard]] std::string littleEndianText(std::uint64_t value, int bytes);

/// RSP's binary escape taken out; nothing if it ends in the middle of an escape.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> unescape(std::string_view text);

/// Cuts `text` up to the next `separator` off its front; all of it if there is none.
[[nodiscard]] std::string_view cutField(std::string_view& text, char separator);

/// Numbers separated by commas, read one by one; ok() at the end says whether all of them were there.
class NumberList {
public:
    explicit NumberList(std::string_view text) : rest_(text), more_(!text.empty()) {}

    /// The next number, at most `limit`; 0 (and not ok) if there is none or it is too large.
    std::uint64_t next(std::uint64_t limit = std::numeric_limits<std::uint64_t>::max());
    std::uint32_t next32() { return static_cast<std::uint32_t>(next(std::numeric_limits<std::uint32_t>::max())); }
    /// True if every number was good and nothing is left.
    [[nodiscard]] bool ok() const { return ok_ && !more_; }

private:
    std::string_view rest_;
    bool more_;
    bool ok_ = true;
};

} // namespace rbpf::rsp
