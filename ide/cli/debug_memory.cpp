// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/debug_memory.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fmt/format.h>

namespace rbpf::cli::debug {

namespace {

constexpr std::uint32_t kRowBytes = 16;
constexpr std::uint32_t kCharactersPerRow = 8;
constexpr std::uint32_t kWordBytes = 8;
constexpr std::uint32_t kMostExamined = 4096;

std::uint64_t number(std::span<const std::uint8_t> bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) {
        value = value << 8 | bytes[i];
    }
    return value;
}

std::string one(std::span<const std::uint8_t> bytes, const ExamineFormat& format) {
    const std::uint64_t value = number(bytes);
    const auto bits = static_cast<unsigned>(bytes.size() * 8);
    switch (format.format) {
    case 'd':
        return fmt::format("{}", static_cast<std::int64_t>(value << (64 - bits)) >> (64 - bits));
    case 'u':
        return fmt::format("{}", value);
    case 'c': {
        const auto c = static_cast<std::uint8_t>(value);
        return std::isprint(c) != 0 ? fmt::format("{} '{}'", c, static_cast<char>(c)) : fmt::format("{}", c);
    }
    default:
        return fmt::format("0x{:0{}x}", value, bytes.size() * 2);
    }
}

} // namespace

std::optional<ExamineFormat> parseFormat(std::string_view text, const ExamineFormat& before) {
    ExamineFormat result = before;
    std::size_t digits = 0;
    while (digits < text.size() && std::isdigit(static_cast<unsigned char>(text[digits])) != 0) {
        ++digits;
    }
    if (digits != 0) {
        std::uint32_t count = 0;
        const auto parsed = std::from_chars(text.data(), text.data() + digits, count);
        if (parsed.ec != std::errc() || count == 0 || count > kMostExamined) {
            return std::nullopt;
        }
        result.count = count;
    }
    for (const char letter : text.substr(digits)) {
        switch (letter) {
        case 'b':
        case 'h':
        case 'w':
        case 'g':
            result.size = letter == 'b' ? 1 : letter == 'h' ? 2 : letter == 'w' ? 4 : 8;
            break;
        case 'c':
        case 's':
            result.size = 1;
            [[fallthrough]];
        case 'x':
        case 'd':
        case 'u':
        case 'i':
            result.format = letter;
            break;
        default:
            return std::nullopt;
        }
    }
    return result;
}

std::string memoryText(std::uint32_t address, std::span<const std::uint8_t> bytes, const ExamineFormat& format) {
    const std::uint32_t perRow = format.format == 'c' ? kCharactersPerRow : std::max(kRowBytes / format.size, 1u);
    const std::size_t count = bytes.size() / format.size;
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        if (i % perRow == 0) {
            text += fmt::format("{}0x{:08x}:", i == 0 ? "" : "\n", address + i * format.size);
        }
        text += " " + one(bytes.subspan(i * format.size, format.size), format);
    }
    return text + "\n";
}

std::string stackText(std::uint32_t low, std::uint32_t high, std::span<const std::uint8_t> bytes,
                      const std::vector<StackVariable>& variables) {
    std::string text;
    for (std::uint32_t address = high; address >= low + kWordBytes; address -= kWordBytes) {
        const std::uint32_t at = address - kWordBytes;
        text += fmt::format("   0x{:08x} {:>7}  0x{:016x}", at, fmt::format("r10-{}", high - at),
                            number(bytes.subspan(at - low, kWordBytes)));
        std::string names;
        for (const StackVariable& variable : variables) {
            if (variable.address >= at + kWordBytes || variable.address + variable.size <= at) {
                continue;
            }
            const std::uint32_t from = std::max(variable.address, at) - variable.address;
            names += (names.empty() ? "  " : ", ") + variable.name;
            if (variable.address < at || variable.address + variable.size > at + kWordBytes) { // part of it
                names += fmt::format("+{}", from);
            }
        }
        text += names + "\n";
    }
    return text;
}

std::uint32_t usedBytes(std::span<const std::uint8_t> stack) {
    const auto lowest = std::ranges::find_if(stack, [](std::uint8_t byte) { return byte != 0; });
    return static_cast<std::uint32_t>(stack.end() - lowest);
}

} // namespace rbpf::cli::debug
