// SPDX-License-Identifier: GPL-3.0-or-later
// templates, new, build, size
#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "debugger/dwarf/lines.hpp"
#include "ide/cli/opened_image.hpp"
#include "ide/cli/project_build.hpp"
#include "ide/cli/registry.hpp"
#include "ide/cli/size_json.hpp"
#include "sdk/analyse/lines.hpp"
#include "sdk/analyse/report.hpp"
#include "sdk/image/instruction.hpp"
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
    const auto result = buildProject(console, folder, {force});
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

/// Which lines the bytes are for, if the debug information tells.
void addLines(analyse::SizeReport& report, const image::Image& image, const std::vector<std::uint8_t>& debugElf) {
    const auto lines = dwarf::readLines(debugElf);
    if (!lines) {
        return;
    }
    std::vector<analyse::PlacedCode> placed;
    for (const image::Instruction& in : image::decode(image.text())) {
        if (in.index < lines->size()) {
            placed.push_back({in.index * 8, in.slots * 8, (*lines)[in.index].file, (*lines)[in.index].line});
        }
    }
    analyse::addLines(report, placed);
}

/// Of a project's folder, built if needed, or of an image.
support::Result<analyse::SizeReport> measure(const Console& console, const std::string& what, bool& failed) {
    std::error_code code;
    if (std::filesystem::is_directory(what, code)) {
        auto result = buildProject(console, what);
        if (!result) {
            return tl::unexpected(result.error());
        }
        failed = !result->ok;
        addLines(result->size, result->image, result->debugElf);
        return std::move(result->size);
    }
    const auto opened = openImage(what);
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    auto report = analyse::measure(opened->image, opened->functions);
    addLines(report, opened->image, opened->debugElf);
    return report;
}

int size(Console& console, const std::string& what, const std::string& against) {
    bool failed = false;
    const auto report = measure(console, what, failed);
    if (!report) {
        return console.fail(report.error());
    }
    if (failed) {
        return kScriptFault;
    }
    if (against.empty()) {
        if (console.json) {
            console.printJson(sizeJson(*report));
        } else {
            console.print(analyse::summary(*report) + "\n\n" + analyse::table(*report));
        }
        return kFine;
    }
    const auto before = measure(console, against, failed);
    if (!before) {
        return console.fail(before.error());
    }
    if (failed) {
        return kScriptFault;
    }
    if (console.json) {
        nlohmann::json json = sizeJson(*report);
        json["against"] = sizeJson(*before);
        console.printJson(json);
    } else {
        console.print(analyse::summary(*report) + "\n\n" + analyse::difference(*report, *before));
    }
    return kFine;
}

} // namespace

void addProjectCommands(Registry& registry) {
    CLI::App* list = registry.add("templates", "List what `rbpf new` can start from", "rbpf templates");
    registry.json(list);
    registry.run(list, listTemplates);

    struct Options {
        std::string templateName, folder = ".", against;
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

    CLI::App* measured = registry.add("size", "Show what a script costs, by function and by part of the image",
                                      "rbpf size demo --against old.rbpf");
    measured->add_option("what", options->folder, "A project's folder or an image; the current folder if left out");
    measured->add_option("--against", options->against, "Compare with this image or project");
    registry.json(measured);
    registry.run(measured, [options](Console& console) { return size(console, options->folder, options->against); });
}

} // namespace rbpf::cli
