// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/session/explain_source.hpp"

#include <sstream>

#include "sdk/support/files.hpp"

namespace rbpf::session {

std::optional<std::string> sourceText(const std::filesystem::path& root, const std::string& file) {
    const std::filesystem::path path(file);
    if (file.empty() || (root.empty() && path.is_relative())) {
        return std::nullopt;
    }
    auto text = support::readText(path.is_absolute() ? path : root / path);
    return text ? std::optional(std::move(*text)) : std::nullopt;
}

std::string lineOf(const std::string& text, unsigned line) {
    std::istringstream in(text);
    std::string found;
    for (unsigned number = 0; number < line; ++number) {
        if (!std::getline(in, found)) {
            return {};
        }
    }
    const auto first = found.find_first_not_of(" \t\r");
    return first == found.npos ? std::string() : found.substr(first, found.find_last_not_of(" \t\r") - first + 1);
}

} // namespace rbpf::session
