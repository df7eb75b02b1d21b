// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/source_text.hpp"

#include <map>

#include "sdk/support/files.hpp"

namespace rbpf::cli {

namespace {

namespace fs = std::filesystem;

fs::path find(const std::string& file, const fs::path& folder) {
    std::error_code code;
    const fs::path path(file);
    if (path.is_relative() && !folder.empty() && fs::exists(folder / path, code)) {
        return (folder / path).lexically_normal();
    }
    return path;
}

} // namespace

std::string sourceLine(const std::string& file, unsigned line, const fs::path& folder) {
    static std::map<std::string, std::string> files; // a listing asks for many lines of few files
    const std::string path = find(file, folder);
    auto found = files.find(path);
    if (found == files.end()) {
        found = files.emplace(path, support::readText(path).value_or("")).first;
    }
    const std::string& text = found->second;
    std::size_t start = 0;
    for (unsigned at = 1; at < line; ++at) {
        start = text.find('\n', start);
        if (start == std::string::npos) {
            return {};
        }
        ++start;
    }
    std::string result = text.substr(start, text.find('\n', start) - start);
    if (!result.empty() && result.back() == '\r') {
        result.pop_back();
    }
    return result;
}

std::string shownPath(const std::string& file, const fs::path& folder) {
    std::error_code code;
    const fs::path path = find(file, folder);
    const fs::path here = fs::current_path(code);
    const fs::path relative = fs::absolute(path, code).lexically_normal().lexically_relative(here);
    return relative.empty() || *relative.begin() == ".." ? path.string() : relative.string();
}

} // namespace rbpf::cli
