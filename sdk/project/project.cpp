// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/project/project.hpp"

#include <algorithm>
#include <fnmatch.h>
#include <functional>

#include "sdk/support/files.hpp"

namespace rbpf::project {

namespace {

namespace fs = std::filesystem;
using support::Diagnostic;
using support::ErrorKind;

bool isPattern(const std::string& text) {
    return text.find_first_of("*?[") != std::string::npos;
}

/// Files below `folder` that the rest of a pattern, from component `at`, names. "**" stands for any folders, or none.
void expand(const fs::path& folder, const std::vector<std::string>& components, std::size_t at,
            std::vector<fs::path>& files) {
    std::error_code code;
    if (at == components.size()) {
        if (fs::is_regular_file(folder, code)) {
            files.push_back(folder);
        }
        return;
    }
    const std::string& component = components[at];
    if (!isPattern(component)) {
        expand(folder / component, components, at + 1, files);
        return;
    }
    if (component == "**") {
        expand(folder, components, at + 1, files);
    }
    for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
        const std::string name = entry->path().filename();
        if (component == "**") {
            std::error_code ignored;
            if (entry->is_directory(ignored) && !entry->is_symlink(ignored) && name.front() != '.') {
                expand(entry->path(), components, at, files);
            }
        } else if (::fnmatch(component.c_str(), name.c_str(), FNM_PERIOD) == 0) {
            expand(entry->path(), components, at + 1, files);
        }
    }
}

std::vector<fs::path> filesOf(const fs::path& folder, const std::string& pattern) {
    const fs::path relative(pattern);
    std::vector<std::string> components;
    for (const fs::path& component : relative.relative_path()) {
        if (!component.empty()) {
            components.push_back(component);
        }
    }
    std::vector<fs::path> files;
    expand(relative.is_absolute() ? relative.root_path() : folder, components, 0, files);
    return files;
}

/// A setting that names nothing; without a place in rbpf.json it is the default's fault, told at the file.
Diagnostic missing(const Project& project, const Placed& setting, const std::string& expected,
                   const std::string& hint) {
    Diagnostic diagnostic;
    diagnostic.range = setting.place;
    if (diagnostic.range.file.empty()) {
        diagnostic.range.file = project.configPath();
    }
    diagnostic.message = "expected " + expected + ", found nothing that matches \"" + setting.text + "\"";
    diagnostic.hint = hint;
    return diagnostic;
}

void findSources(Project& project, std::vector<Diagnostic>& diagnostics) {
    for (const Placed& pattern : project.config.sources) {
        const auto files = filesOf(project.folder, pattern.text);
        if (files.empty()) {
            diagnostics.push_back(missing(project, pattern, isPattern(pattern.text) ? "C sources" : "a C source",
                                          "patterns count from the folder " + project.folder.string()));
        }
        for (const fs::path& file : files) {
            project.sources.push_back(file.lexically_normal());
        }
    }
    std::ranges::sort(project.sources);
    const auto repeated = std::ranges::unique(project.sources);
    project.sources.erase(repeated.begin(), repeated.end());
}

void findIncludes(Project& project, std::vector<Diagnostic>& diagnostics) {
    std::error_code code;
    if (project.config.include.empty()) {
        const fs::path usual = project.folder / "include";
        if (fs::is_directory(usual, code)) {
            project.includeDirs.push_back(usual);
        }
    }
    for (const Placed& setting : project.config.include) {
        const fs::path path = (project.folder / setting.text).lexically_normal();
        if (!fs::is_directory(path, code)) {
            diagnostics.push_back(missing(project, setting, "a folder", "make it or take it out"));
            continue;
        }
        project.includeDirs.push_back(path);
    }
}

} // namespace

support::Result<LoadedProject> load(const fs::path& folder, const std::map<std::string, std::string>& unsaved) {
    std::error_code code;
    const fs::path given = folder.empty() ? fs::path(".") : folder;
    if (!fs::is_directory(given, code)) {
        return support::fail(ErrorKind::Usage, given.string() + ": there is no such folder");
    }
    Project project;
    project.folder = fs::canonical(given, code);
    if (!fs::exists(project.configPath(), code)) {
        return support::fail(ErrorKind::Usage, given.string() + ": there is no rbpf.json in this folder",
                             "`rbpf new TEMPLATE DIR` makes a project; `rbpf templates` lists the templates");
    }
    const auto edited = unsaved.find(project.configPath());
    const auto text = edited != unsaved.end() ? support::Result<std::string>(edited->second)
                                              : support::readText(project.configPath());
    if (!text) {
        return tl::unexpected(text.error());
    }
    // The name as the caller would write it, so that an editor or a terminal can follow it.
    const fs::path shown = given == "." ? fs::path(kConfigName) : given / kConfigName;
    ParsedConfig parsed = parseConfig(*text, shown.string());
    LoadedProject loaded{std::nullopt, std::move(parsed.diagnostics)};
    if (!parsed.config) {
        return loaded;
    }
    project.config = std::move(*parsed.config);
    findSources(project, loaded.diagnostics);
    findIncludes(project, loaded.diagnostics);
    if (loaded.diagnostics.empty()) {
        loaded.project = std::move(project);
    }
    return loaded;
}

} // namespace rbpf::project
