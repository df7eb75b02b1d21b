// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/support/text.hpp"

#include <algorithm>
#include <cctype>

namespace rbpf::support {

namespace {

/// Optimal string alignment: insertions, deletions, replacements and swapped neighbours count 1 each; case is ignored.
std::size_t distance(std::string_view a, std::string_view b) {
    const auto same = [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    };
    std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            cost[i][j] = std::min(
                {cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (same(a[i - 1], b[j - 1]) ? 0 : 1)});
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1])) {
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
            }
        }
    }
    return cost[a.size()][b.size()];
}

int digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

} // namespace

std::string toHex(std::span<const std::uint8_t> bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::optional<std::vector<std::uint8_t>> fromHex(std::string_view text) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t at = 0; at < text.size();) {
        if (std::isspace(static_cast<unsigned char>(text[at])) != 0) {
            ++at;
            continue;
        }
        if (at + 1 >= text.size() || digit(text[at]) < 0 || digit(text[at + 1]) < 0) {
            return std::nullopt;
        }
        bytes.push_back(static_cast<std::uint8_t>(digit(text[at]) * 16 + digit(text[at + 1])));
        at += 2;
    }
    return bytes;
}

std::optional<std::string> closest(std::string_view word, std::span<const std::string_view> candidates) {
    std::optional<std::string> best;
    // A third of the letters may differ, at least one, at most three: "sorces" is "sources", "x" is nothing.
    std::size_t limit = std::clamp<std::size_t>(word.size() / 3, 1, 3);
    for (const std::string_view candidate : candidates) {
        const std::size_t cost = distance(word, candidate);
        if (cost <= limit && cost < candidate.size() && (!best || cost < limit)) {
            best = std::string(candidate);
            limit = cost;
        }
    }
    return best;
}

} // namespace rbpf::support
