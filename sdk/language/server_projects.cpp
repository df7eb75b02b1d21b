// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/server_projects.hpp"

#include "sdk/project/compile_commands.hpp"

namespace rbpf::language {

namespace fs = std::filesystem;

std::string Projects::folderOf(const std::string& file) const {
    std::error_code code;
    for (fs::path folder = fs::path(file).parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
        if (fs::is_regular_file(folder / project::kConfigName, code)) {
            return folder;
        }
    }
    return {};
}

std::vector<std::string> Projects::commandOf(const std::string& folder, const std::string& file) const {
    const auto loaded = project::load(folder);
    // With a mistake in rbpf.json, as a project that says nothing.
    const project::Project project = loaded && loaded->project ? *loaded->project : project::Project{folder, {}, {}, {}};
    return project::compileCommand(project, file);
}

} // namespace rbpf::language
