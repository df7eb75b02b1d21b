// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/rsp/text_fields.hpp"

#include <charconv>

#include "sdk/support/text.hpp"

namespace rbpf::rsp {

std::optional<std::uint64_t> hexNumber(std::string_view text) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, value, 16);
    return problem == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

std::optional<std::uint64_t> littleEndian(std::string_view digits) {
    const auto bytes = support::fromHex(digits);
    if (!bytes || bytes->empty() || bytes->size() > 8 || digits.size() != 2 * bytes->size()) {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    for (std::size_t i = bytes->size(); i-- > 0;) {
        value = value << 8 | (*bytes)[i];
    }
    return value;
}

std::string littleEndianText(std::uint64_t value, int bytes) {
    std::vector<std::uint8_t> list;
    for (int i = 0; i < bytes; ++i) {
        list.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
    return support::toHex(list);
}

std::optional<std::vector<std::uint8_t>> unescape(std::string_view text) {
    constexpr char kEscape = '}';
    constexpr std::uint8_t kFlip = 0x20;
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escaped = text[i] == kEscape;
        i += escaped ? 1 : 0;
        if (i == text.size()) {
            return std::nullopt;
        }
        bytes.push_back(static_cast<std::uint8_t>(text[i] ^ (escaped ? kFlip : 0)));
    }
    return bytes;
}

std::string_view cutField(std::string_view& text, char separator) {
    const std::size_t end = text.find(separator);
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return field;
}

std::uint64_t NumberList::next(std::uint64_t limit) {
    if (!more_) {
        ok_ = false;
        return 0;
    }
    const std::size_t comma = rest_.find(',');
    more_ = comma != std::string_view::npos;
    const auto value = hexNumber(cutField(rest_, ','));
    if (!value || *value > limit) {
        ok_ = false;
        return 0;
    }
    return *value;
}

} // namespace rbpf::rsp
