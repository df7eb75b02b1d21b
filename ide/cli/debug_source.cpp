// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/debug_source.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "ide/cli/source_text.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::cli::debug {

namespace {

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        lines.push_back(text.substr(start, end - start));
        if (!lines.back().empty() && lines.back().back() == '\r') {
            lines.back().pop_back();
        }
        start = end + 1;
    }
    return lines;
}

} // namespace

const std::vector<std::string>& Sources::lines(const std::string& file) {
    auto found = files_.find(file);
    if (found == files_.end()) {
        const auto text = support::readText(shownPath(file, folder_));
        found = files_.emplace(file, split(text.value_or(""))).first;
    }
    return found->second;
}

std::string Sources::excerpt(const std::string& file, unsigned first, unsigned last, unsigned current) {
    const auto& all = lines(file);
    std::string text;
    for (unsigned line = std::max(first, 1u); line <= last && line <= all.size(); ++line) {
        text += fmt::format("{} {:>4} | {}\n", line == current ? "->" : "  ", line, all[line - 1]);
    }
    return text;
}

std::string Sources::place(const std::string& file, unsigned line) const {
    const std::string shown = shownPath(file, folder_);
    return line != 0 ? fmt::format("{}:{}", shown, line) : shown;
}

} // namespace rbpf::cli::debug
