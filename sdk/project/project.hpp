// SPDX-License-Identifier: GPL-3.0-or-later
// A project's folder: rbpf.json read, its patterns turned into files.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sdk/project/config.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::project {

struct Project {
    std::filesystem::path folder; ///< absolute
    Config config;
    std::vector<std::filesystem::path> sources;     ///< absolute, sorted, none twice
    std::vector<std::filesystem::path> includeDirs; ///< absolute, existing

    [[nodiscard]] std::filesystem::path configPath() const { return folder / kConfigName; }
    [[nodiscard]] std::filesystem::path image() const { return output(".rbpf"); }
    [[nodiscard]] std::filesystem::path debugElf() const { return output(".debug.elf"); }
    [[nodiscard]] std::filesystem::path deps() const { return output(".deps"); }

private:
    [[nodiscard]] std::filesystem::path output(const char* suffix) const {
        return folder / "build" / (config.name + suffix);
    }
};

struct LoadedProject {
    std::optional<Project> project; ///< nothing if there are errors
    std::vector<support::Diagnostic> diagnostics;
};

/// An Error: no folder, no rbpf.json, not readable. What is wrong inside of rbpf.json is told by diagnostics. `unsaved`
/// may have the text that stands in for the rbpf.json on disk, by its absolute path.
[[nodiscard]] support::Result<LoadedProject> load(const std::filesystem::path& folder,
                                                  const std::map<std::string, std::string>& unsaved = {});

} // namespace rbpf::project
