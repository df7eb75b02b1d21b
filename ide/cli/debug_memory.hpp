// SPDX-License-Identifier: GPL-3.0-or-later
// Memory as text: what `x` shows, and the stack with its variables.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rbpf::cli::debug {

struct ExamineFormat {
    std::uint32_t count = 1;
    char format = 'x'; ///< x d u c s i
    unsigned size = 4; ///< bytes of one: 1, 2, 4, 8
};

/// "8xb", "4dw", "i", ""; letters in any order. Nothing: not understood. What is left out stays as in `before`.
[[nodiscard]] std::optional<ExamineFormat> parseFormat(std::string_view text, const ExamineFormat& before = {});

/// Rows of addresses and values, not for the formats s and i.
[[nodiscard]] std::string memoryText(std::uint32_t address, std::span<const std::uint8_t> bytes,
                                     const ExamineFormat& format);

/// A variable's bytes in the stack.
struct StackVariable {
    std::uint32_t address = 0, size = 0;
    std::string name;
};

/// Words of 8 bytes from `high` (behind the highest byte) down to `low`, the variables that lie in each behind it.
[[nodiscard]] std::string stackText(std::uint32_t low, std::uint32_t high, std::span<const std::uint8_t> bytes,
                                    const std::vector<StackVariable>& variables);

/// Bytes from the end down to the lowest one that is not zero: a run starts with a stack of zeroes.
[[nodiscard]] std::uint32_t usedBytes(std::span<const std::uint8_t> stack);

} // namespace rbpf::cli::debug
