// SPDX-License-Identifier: GPL-3.0-or-later
// A project's folder: rbpf.json read, its patterns turned into files.
#pragma once

#include <filesystem>
#include <optional>
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

/// An Error: no folder, no rbpf.json, not readable. What is wrong inside of rbpf.json is told by diagnostics.
[[nodiscard]] support::Result<LoadedProject> load(const std::filesystem::path& folder);

} // namespace rbpf::project
