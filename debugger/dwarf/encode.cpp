// SPDX-License-Identifier: GPL-3.0-or-later
// What a person types for a variable, as the bytes it will hold.
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "debugger/dwarf/literal.hpp"
#include "debugger/dwarf/value.hpp"

namespace rbpf::dwarf {

using support::ErrorKind;
using support::fail;

namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

bool quoted(std::string_view text, char quote) {
    return text.size() >= 2 && text.front() == quote && text.back() == quote;
}

support::Result<std::vector<std::uint8_t>> encodeString(const Type* type, std::string_view text) {
    const auto inside = unescape(text.substr(1, text.size() - 2));
    if (!inside) {
        return tl::unexpected(inside.error());
    }
    if (inside->size() > type->size) {
        return fail(ErrorKind::Usage, fmt::format("{} characters do not fit into {}", inside->size(), typeName(type)));
    }
    // Behind the text: zeroes, so that nothing of the old one shows.
    std::vector<std::uint8_t> bytes(inside->begin(), inside->end());
    bytes.resize(type->size);
    return bytes;
}

} // namespace

support::Result<std::vector<std::uint8_t>> encodeNumber(const Type* type, std::uint64_t number, bool isSigned,
                                                        unsigned bitSize) {
    const Type* bare = plain(type);
    if ((!isInteger(bare) && bare->kind != TypeKind::Pointer) || bare->size == 0 || bare->size > 8) {
        return fail(ErrorKind::Usage, bare->kind == TypeKind::Float
                                          ? "floating-point values cannot be set: BPF has none"
                                          : fmt::format("a number cannot be assigned to {}", typeName(type)));
    }
    const auto bits = bitSize != 0                      ? bitSize
                      : bare->kind == TypeKind::Boolean ? 1
                                                        : static_cast<unsigned>(bare->size * 8);
    const bool negative = isSigned && static_cast<std::int64_t>(number) < 0;
    const auto unsignedMax = std::numeric_limits<std::uint64_t>::max() >> (64 - bits);
    const auto signedMax = unsignedMax >> 1;
    const bool fits =
        negative ? bare->isSigned && static_cast<std::int64_t>(number) >= -static_cast<std::int64_t>(signedMax) - 1
                 : number <= (bare->isSigned ? signedMax : unsignedMax);
    if (!fits) {
        const auto shown = negative ? std::to_string(static_cast<std::int64_t>(number)) : std::to_string(number);
        const auto low = bare->isSigned ? std::to_string(-static_cast<std::int64_t>(signedMax) - 1) : "0";
        const auto high = std::to_string(bare->isSigned ? signedMax : unsignedMax);
        return fail(ErrorKind::Usage, fmt::format("{} is outside of {}{} ({} … {})", shown, typeName(type),
                                                  bitSize != 0 ? fmt::format(" : {}", bitSize) : "", low, high));
    }
    std::vector<std::uint8_t> bytes;
    for (std::uint64_t i = 0; i < bare->size; ++i) {
        bytes.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
    }
    return bytes;
}

support::Result<std::vector<std::uint8_t>> encode(const Type* type, std::string_view text, unsigned bitSize) {
    const Type* bare = plain(type);
    text = trimmed(text);
    if (text.empty()) {
        return fail(ErrorKind::Usage, fmt::format("expected a value of type {}", typeName(type)));
    }
    if (bare->kind == TypeKind::Array && isPlainChar(bare->target) && quoted(text, '"')) {
        return encodeString(bare, text);
    }
    if (bare->kind == TypeKind::Struct || bare->kind == TypeKind::Union || bare->kind == TypeKind::Array) {
        return fail(ErrorKind::Usage, fmt::format("{} can only be set member by member", typeName(type)));
    }
    for (const auto& enumerator : bare->enumerators) {
        if (enumerator.name == text) {
            return encodeNumber(type, static_cast<std::uint64_t>(enumerator.value), true, bitSize);
        }
    }
    if (text == "true" || text == "false") {
        return encodeNumber(type, text == "true" ? 1 : 0, false, bitSize);
    }
    if (bare->kind == TypeKind::Pointer && text == "NULL") {
        return encodeNumber(type, 0, false, bitSize);
    }
    if (quoted(text, '\'')) {
        const auto inside = unescape(text.substr(1, text.size() - 2));
        if (!inside || inside->size() != 1) {
            return fail(ErrorKind::Usage, fmt::format("{} is not one character", text));
        }
        const auto code = static_cast<std::int64_t>(static_cast<signed char>(inside->front()));
        const bool asUnsigned = !bare->isSigned;
        return encodeNumber(type,
                            asUnsigned ? static_cast<std::uint64_t>(code) & 0xff : static_cast<std::uint64_t>(code),
                            !asUnsigned, bitSize);
    }
    const bool minus = text.front() == '-';
    const auto digits = minus || text.front() == '+' ? trimmed(text.substr(1)) : text;
    const auto number = parseInteger(digits);
    if (!number) {
        if (bare->kind == TypeKind::Enum && number.error().message.ends_with("is not a number")) {
            return fail(ErrorKind::Usage, fmt::format("{} has no enumerator {}", typeName(type), text));
        }
        return tl::unexpected(number.error());
    }
    if (minus && number->value > std::uint64_t{1} << 63) {
        return fail(ErrorKind::Usage, fmt::format("{} does not fit into 64 bits", text));
    }
    // A bit pattern in hexadecimal may fill a signed type: 0xffff for an int16_t is -1, as people write it.
    const bool pattern = !minus && digits.size() > 2 && digits[0] == '0' &&
                         std::string_view("xXbB").find(digits[1]) != std::string_view::npos && bare->isSigned &&
                         bitSize == 0;
    if (pattern && bare->size < 8 && number->value >> (8 * bare->size) == 0) {
        const unsigned unused = 64 - 8 * static_cast<unsigned>(bare->size);
        return encodeNumber(type,
                            static_cast<std::uint64_t>(static_cast<std::int64_t>(number->value << unused) >> unused),
                            true, bitSize);
    }
    if (pattern && bare->size == 8) {
        return encodeNumber(type, number->value, true, bitSize);
    }
    return encodeNumber(type, minus ? 0 - number->value : number->value, minus, bitSize);
}

} // namespace rbpf::dwarf
