// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/project/loop_limits.hpp"

#include <set>

#include "sdk/analyse/source_limits.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::project {

std::vector<analyse::TurnLimit> loopLimits(const Project& project, const std::vector<image::SourcePlace>& places,
                                           const std::map<std::string, std::string>& unsaved) {
    std::set<std::string> files;
    for (const image::SourcePlace& place : places) {
        files.insert(place.file);
    }
    std::vector<analyse::TurnLimit> limits = project.config.bounds;
    for (const std::string& file : files) {
        const std::filesystem::path path = (project.folder / file).lexically_normal();
        const auto open = unsaved.find(path.string());
        const std::string text = open != unsaved.end() ? open->second : support::readText(path).value_or("");
        for (analyse::TurnLimit& limit : analyse::limitsInSource(text, file)) {
            limits.push_back(std::move(limit));
        }
    }
    return limits;
}

} // namespace rbpf::project
