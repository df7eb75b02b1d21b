// SPDX-License-Identifier: GPL-3.0-or-later
// templates, new, build
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ide/cli/project_build.hpp"
#include "ide/cli/registry.hpp"
#include "sdk/analyse/report.hpp"
#include "sdk/project/templates.hpp"

namespace rbpf::cli {

namespace {

int listTemplates(Console& console) {
    const auto list = project::templates();
    if (!list) {
        return console.fail(list.error());
    }
    nlohmann::json json = nlohmann::json::array();
    std::size_t width = 0;
    for (const project::Template& one : *list) {
        json.push_back({{"name", one.name}, {"description", one.description}, {"folder", one.folder.string()}});
        width = std::max(width, one.name.size());
    }
    if (console.json) {
        console.printJson(json);
        return kFine;
    }
    for (const project::Template& one : *list) {
        console.print(fmt::format("{:<{}}  {}\n", one.name, width, one.description));
    }
    return kFine;
}

int create(Console& console, const std::string& templateName, const std::string& folder) {
    const auto name = project::create(templateName, folder);
    if (!name) {
        return console.fail(name.error());
    }
    if (console.json) {
        console.printJson(nlohmann::json{{"name", *name}, {"template", templateName}, {"folder", folder}});
        return kFine;
    }
    console.print(fmt::format("made {0} in {1}\nnext: rbpf build {1} && rbpf deploy {1}\n", *name, folder));
    return kFine;
}

int build(Console& console, const std::string& folder, bool force) {
    project::BuildOptions options = withCosts();
    options.force = force;
    const auto result = buildProject(console, folder, options);
    if (!result) {
        return console.fail(result.error());
    }
    if (console.json) {
        console.printJson(buildJson(*result));
    } else if (result->ok) {
        console.print(analyse::summary(result->size) + (result->upToDate ? " (up to date)\n" : "\n"));
    }
    return result->ok ? kFine : kScriptFault;
}

} // namespace

void addProjectCommands(Registry& registry) {
    CLI::App* list = registry.add("templates", "List what `rbpf new` can start from", "rbpf templates");
    registry.json(list);
    registry.run(list, listTemplates);

    struct Options {
        std::string templateName, folder = ".";
        bool force = false;
    };
    const auto options = std::make_shared<Options>();

    CLI::App* fresh = registry.add("new", "Start a project from a template", "rbpf new coap-sensor demo");
    fresh->add_option("template", options->templateName, "A name that `rbpf templates` lists")->required();
    fresh->add_option("dir", options->folder, "A new or empty folder; the project takes its name")->required();
    registry.json(fresh);
    registry.run(fresh,
                 [options](Console& console) { return create(console, options->templateName, options->folder); });

    CLI::App* make = registry.add("build", "Build a project: build/NAME.rbpf and its debug ELF", "rbpf build demo");
    make->add_option("dir", options->folder, "The project's folder; the current one if left out");
    make->add_flag("--force", options->force, "Build even if nothing has changed");
    registry.json(make);
    registry.run(make, [options](Console& console) { return build(console, options->folder, options->force); });
}

} // namespace rbpf::cli
