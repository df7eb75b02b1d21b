// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/project_files.hpp"

#include <algorithm>

namespace rbpf::model {

namespace {

namespace fs = std::filesystem;

/// A folder with more is no script's project.
constexpr std::size_t kMostFiles = 10000;

} // namespace

std::vector<std::string> projectFiles(const fs::path& folder) {
    std::vector<std::string> files;
    std::error_code code;
    fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, code);
    for (; !code && at != fs::recursive_directory_iterator() && files.size() < kMostFiles; at.increment(code)) {
        const std::string name = at->path().filename();
        const bool isBuilt = at.depth() == 0 && (name == "build" || name == "compile_commands.json");
        if (name.starts_with('.') || isBuilt) {
            at.disable_recursion_pending();
        } else if (at->is_regular_file(code)) {
            files.push_back(at->path().lexically_relative(folder));
        }
        code.clear();
    }
    std::ranges::sort(files);
    return files;
}

} // namespace rbpf::model
