// SPDX-License-Identifier: GPL-3.0-or-later
// size: what a script costs, and what it cost before.
#include <nlohmann/json.hpp>

#include "ide/cli/measured.hpp"
#include "ide/cli/registry.hpp"
#include "ide/cli/size_json.hpp"
#include "sdk/analyse/report.hpp"

namespace rbpf::cli {

namespace {

struct Options {
    std::string what = ".", against;
};

int size(Console& console, const Options& options) {
    const auto now = measureWhat(console, options.what);
    if (!now) {
        return console.fail(now.error());
    }
    nlohmann::json json = sizeJson(now->report);
    std::string text = analyse::summary(now->report) + "\n\n";
    if (options.against.empty()) {
        text += analyse::table(now->report);
    } else {
        const auto before = measureWhat(console, options.against);
        if (!before) {
            return console.fail(before.error());
        }
        json["against"] = sizeJson(before->report);
        text += analyse::difference(now->report, before->report);
    }
    console.json ? console.printJson(json) : console.print(text);
    return kFine;
}

} // namespace

void addSizeCommand(Registry& registry) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = registry.add("size", "Show what a script costs, by function and by part of the image",
                                     "rbpf size demo --against old.rbpf");
    command->add_option("what", options->what, "A project's folder or an image; the current folder if left out");
    command->add_option("--against", options->against, "Compare with this image or project");
    registry.json(command);
    registry.run(command, [options](Console& console) { return size(console, *options); });
}

} // namespace rbpf::cli
