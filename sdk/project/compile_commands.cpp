// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/project/compile_commands.hpp"

#include <nlohmann/json.hpp>

#include "sdk/project/sdk_folders.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::project {

std::vector<std::string> compileCommand(const Project& project, const std::filesystem::path& file) {
    const std::filesystem::path headers = headersFolder();
    std::vector<std::string> arguments = {"clang",      "-target", "bpfel",   "-mcpu=v4",
                                          "-std=gnu17", "-Wall",   "-Wextra", "-nostdlibinc"};
    for (const std::string& define : project.config.defines) {
        arguments.push_back("-D" + define);
    }
    for (const auto& folder : project.includeDirs) {
        arguments.push_back("-I" + folder.string());
    }
    for (const auto& folder : {headers, headers / "compat", headers / "rbpf" / "libc"}) {
        arguments.push_back("-isystem" + folder.string());
    }
    if (file.extension() == ".h") {
        arguments.push_back("-xc-header");
    }
    arguments.push_back("-c");
    arguments.push_back(file.string());
    return arguments;
}

support::Result<void> writeCompileCommands(const Project& project) {
    using nlohmann::ordered_json;
    ordered_json list = ordered_json::array();
    for (const auto& source : project.sources) {
        list.push_back({{"directory", project.folder.string()},
                        {"file", source.string()},
                        {"arguments", compileCommand(project, source)}});
    }
    const auto path = project.folder / "compile_commands.json";
    const std::string text = list.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
    if (support::readText(path).value_or("") == text) {
        return {};
    }
    return support::writeAtomically(path, text);
}

} // namespace rbpf::project
