// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dwarf/literal.hpp"

#include <algorithm>
#include <cctype>
#include <limits>

#include <fmt/format.h>

namespace rbpf::dwarf {

using support::ErrorKind;
using support::fail;

namespace {

int digitOf(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
}

} // namespace

support::Result<IntegerLiteral> parseInteger(std::string_view text) {
    const std::string_view all = text;
    unsigned base = 10;
    const auto starts = [&text](char letter) {
        return text.size() > 2 && text[0] == '0' && std::tolower(static_cast<unsigned char>(text[1])) == letter;
    };
    if (starts('x') || starts('b')) {
        base = starts('x') ? 16 : 2;
        text.remove_prefix(2);
    } else if (text.size() > 1 && text[0] == '0') {
        base = 8;
    }
    std::size_t digits = 0;
    IntegerLiteral literal;
    for (; digits < text.size() && digitOf(text[digits]) < static_cast<int>(base); ++digits) {
        const auto digit = static_cast<unsigned>(digitOf(text[digits]));
        if (literal.value > (std::numeric_limits<std::uint64_t>::max() - digit) / base) {
            return fail(ErrorKind::Usage, fmt::format("{} does not fit into 64 bits", all));
        }
        literal.value = literal.value * base + digit;
    }
    std::string suffix(text.substr(digits));
    std::ranges::transform(suffix, suffix.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (digits == 0) {
        return fail(ErrorKind::Usage, fmt::format("{} is not a number", all));
    }
    if (suffix.find('.') != std::string::npos || (base == 10 && (suffix.starts_with('e') || suffix == "f"))) {
        return fail(ErrorKind::Usage, fmt::format("{} is a floating-point number, which BPF does not have", all));
    }
    const bool isUnsigned = std::erase(suffix, 'u') == 1;
    if (!suffix.empty() && suffix != "l" && suffix != "ll") {
        return fail(ErrorKind::Usage, fmt::format("{} is not a number: \"{}\" is no suffix of one", all, suffix));
    }
    // C picks the first type that can hold it; only numbers that are not decimal may become unsigned on their own.
    const bool fitsInt = literal.value <= 0x7fffffff && suffix.empty();
    const bool fitsUnsigned = literal.value <= 0xffffffff && suffix.empty() && (isUnsigned || base != 10);
    const bool fitsLong = literal.value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    literal.type = builtin(fitsInt && !isUnsigned    ? Builtin::Int
                           : fitsUnsigned            ? Builtin::UnsignedInt
                           : fitsLong && !isUnsigned ? Builtin::Long
                                                     : Builtin::UnsignedLong);
    return literal;
}

support::Result<std::string> unescape(std::string_view inside) {
    std::string result;
    for (std::size_t i = 0; i < inside.size(); ++i) {
        if (inside[i] != '\\') {
            result += inside[i];
            continue;
        }
        if (++i == inside.size()) {
            return fail(ErrorKind::Usage, "a backslash with nothing behind it");
        }
        constexpr std::string_view kNames = "abfnrtv\\'\"?e";
        constexpr std::string_view kValues = "\a\b\f\n\r\t\v\\'\"?\x1b";
        const auto named = kNames.find(inside[i]);
        if (named != std::string_view::npos) {
            result += kValues[named];
            continue;
        }
        const bool hex = inside[i] == 'x';
        const int base = hex ? 16 : 8;
        std::size_t at = hex ? i + 1 : i;
        const std::size_t limit = std::min(inside.size(), at + (hex ? 2 : 3));
        int value = 0;
        const std::size_t first = at;
        for (; at < limit && digitOf(inside[at]) < base; ++at) {
            value = value * base + digitOf(inside[at]);
        }
        if (at == first || value > 255) {
            return fail(ErrorKind::Usage, fmt::format("\\{} is not an escape that C knows", inside[i]));
        }
        result += static_cast<char>(value);
        i = at - 1;
    }
    return result;
}

} // namespace rbpf::dwarf
