// SPDX-License-Identifier: GPL-3.0-or-later
// Files as the debug information names them and as the editor does.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace rbpf::dap {

class Sources {
public:
    Sources() = default;
    /// `folder`: what relative paths count from; `files`: those of the debug information.
    Sources(std::filesystem::path folder, std::vector<std::string> files)
        : folder_(std::move(folder)), files_(std::move(files)) {}

    [[nodiscard]] std::filesystem::path absolute(const std::string& file) const;
    /// The debug information's name for a path of the editor's; the path itself if it has none.
    [[nodiscard]] std::string known(const std::string& path) const;
    [[nodiscard]] bool contains(const std::string& path) const;
    /// A DAP Source.
    [[nodiscard]] nlohmann::json describe(const std::string& file) const;
    [[nodiscard]] const std::vector<std::string>& files() const { return files_; }

private:
    std::filesystem::path folder_;
    std::vector<std::string> files_;
};

} // namespace rbpf::dap
