// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/project_build.hpp"

#include <nlohmann/json.hpp>

#include "ide/cli/size_json.hpp"
#include "ide/cli/source_places.hpp"
#include "sdk/project/diagnostics.hpp"

namespace rbpf::cli {

project::BuildOptions withCosts() {
    project::BuildOptions options;
    options.places = placesOf;
    return options;
}

support::Result<project::BuildResult> buildProject(const Console& console, const std::filesystem::path& folder,
                                                   const project::BuildOptions& options) {
    auto result = project::build(folder, options);
    if (result) {
        console.diagnostics(result->diagnostics, folder);
    }
    return result;
}

support::Result<project::BuildResult> buildGood(const Console& console, const std::filesystem::path& folder,
                                                const project::BuildOptions& options) {
    auto built = buildProject(console, folder, options);
    if (built && !built->ok) {
        return support::fail(support::ErrorKind::Script, folder.string() + " does not build", "the messages above name the places");
    }
    return built;
}

support::Result<OpenedImage> openWhat(const Console& console, const std::string& what) {
    std::error_code code;
    if (!std::filesystem::is_directory(what, code)) {
        return openImage(what);
    }
    const auto built = buildGood(console, what);
    return built ? openImage(built->project->image()) : tl::unexpected(built.error());
}

nlohmann::json buildJson(const project::BuildResult& result) {
    nlohmann::json json{{"ok", result.ok}, {"upToDate", result.upToDate}};
    if (result.ok) {
        json["files"] = {{"image", result.project->image().string()},
                         {"debugElf", result.project->debugElf().string()}};
        json["size"] = sizeJson(result.size);
    }
    json["diagnostics"] = project::toJson(result.diagnostics);
    return json;
}

} // namespace rbpf::cli
