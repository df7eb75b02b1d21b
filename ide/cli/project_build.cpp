// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/project_build.hpp"

#include <nlohmann/json.hpp>

#include "ide/cli/size_json.hpp"
#include "sdk/project/diagnostics.hpp"

namespace rbpf::cli {

support::Result<project::BuildResult> buildProject(const Console& console, const std::filesystem::path& folder,
                                                   const project::BuildOptions& options) {
    auto result = project::build(folder, options);
    if (!result) {
        return result;
    }
    console.diagnostics(result->diagnostics, folder);
    return result;
}

support::Result<OpenedImage> openWhat(const Console& console, const std::string& what) {
    std::error_code code;
    if (!std::filesystem::is_directory(what, code)) {
        return openImage(what);
    }
    const auto built = buildProject(console, what);
    if (!built) {
        return tl::unexpected(built.error());
    }
    if (!built->ok) {
        return support::fail(support::ErrorKind::Script, what + " does not build", "the messages above name the places");
    }
    return openImage(built->project->image());
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
