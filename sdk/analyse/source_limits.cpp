// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/source_limits.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace rbpf::analyse {

namespace {

constexpr std::string_view kMacro = "RBPF_LOOP_BOUND";
constexpr std::string_view kBlank = " \t\r;";

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::optional<std::uint64_t> number(std::string_view text) {
    text = trimmed(text);
    while (!text.empty() && (text.back() == 'u' || text.back() == 'U' || text.back() == 'l' || text.back() == 'L')) {
        text.remove_suffix(1);
    }
    const bool isHex = text.starts_with("0x") || text.starts_with("0X");
    text.remove_prefix(isHex ? 2 : 0);
    std::uint64_t value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value, isHex ? 16 : 10);
    if (text.empty() || code != std::errc() || end != text.data() + text.size() || value > UINT32_MAX) {
        return std::nullopt;
    }
    return value;
}

} // namespace

std::vector<TurnLimit> limitsInSource(std::string_view text, const std::string& file) {
    std::vector<TurnLimit> limits;
    std::optional<std::uint64_t> waiting; // for the next line with code
    unsigned line = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view row = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        ++line;
        row = row.substr(0, row.find("//"));
        std::optional<std::uint64_t> here;
        std::string_view rest = trimmed(row);
        const std::size_t at = row.find(kMacro);
        const std::size_t open = at == std::string_view::npos ? at : row.find('(', at);
        const std::size_t close = open == std::string_view::npos ? open : row.find(')', open);
        if (close != std::string_view::npos && !rest.starts_with('#') && trimmed(row.substr(at + kMacro.size(), open - at - kMacro.size())).empty()) {
            here = number(row.substr(open + 1, close - open - 1));
            rest = trimmed(row.substr(0, at)).empty() ? trimmed(row.substr(close + 1)) : rest;
        }
        if (rest.empty()) {
            waiting = here ? here : waiting;
            continue;
        }
        if (here || waiting) {
            limits.push_back({file, line, here ? *here : *waiting});
        }
        waiting.reset();
    }
    return limits;
}

} // namespace rbpf::analyse
