// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/project/code_files.hpp"

#include "sdk/support/files.hpp"

namespace rbpf::project {

namespace {

namespace fs = std::filesystem;

/// More files, or longer ones, are no project of scripts; their features stop at what is open.
constexpr std::size_t kMostFiles = 200;
constexpr std::uintmax_t kMostBytes = 4 * 1024 * 1024;
constexpr int kDeepest = 8;

} // namespace

std::set<std::string> codeFiles(const Project& project) {
    std::set<std::string> files;
    for (const fs::path& source : project.sources) {
        files.insert(source.string());
    }
    std::error_code code;
    fs::recursive_directory_iterator at(project.folder, fs::directory_options::skip_permission_denied, code);
    for (; !code && at != fs::recursive_directory_iterator() && files.size() < kMostFiles; at.increment(code)) {
        const fs::path& path = at->path();
        const std::string name = path.filename().string();
        if (at->is_directory(code)) {
            if (name == "build" || name.starts_with('.') || at.depth() > kDeepest) {
                at.disable_recursion_pending();
            }
        } else if (path.extension() == ".c" || path.extension() == ".h") {
            files.insert(path.string());
        }
    }
    return files;
}

support::Result<std::string> readCode(const std::string& file) {
    std::error_code code;
    if (fs::file_size(file, code) > kMostBytes || code) {
        return support::fail(support::ErrorKind::Io, file + ": this is no script");
    }
    return support::readText(file);
}

Project loadOrDefault(const fs::path& folder) {
    auto loaded = load(folder);
    return loaded && loaded->project ? std::move(*loaded->project) : Project{folder, {}, {}, {}};
}

} // namespace rbpf::project
