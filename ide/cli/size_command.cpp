// SPDX-License-Identifier: GPL-3.0-or-later
// size: what a script costs, what it cost before, what it may cost.
#include <nlohmann/json.hpp>

#include "ide/cli/interrupt.hpp"
#include "ide/cli/measured.hpp"
#include "ide/cli/registry.hpp"
#include "ide/cli/size_against.hpp"
#include "ide/cli/size_json.hpp"
#include "ide/cli/size_parts_json.hpp"
#include "ide/cli/source_text.hpp"
#include "sdk/analyse/html.hpp"
#include "sdk/analyse/report.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::cli {

namespace {

struct Options {
    std::string what = ".", against, limits, html;
    bool markdown = false, packed = false;
};

analyse::Side sideOf(const Measured& measured) {
    return {measured.report, measured.opened.image, [&measured](const std::string& file, unsigned line) {
                return sourceLine(file, line, measured.opened.sourceFolder);
            }};
}

/// What was asked for besides the report itself.
struct Answer {
    nlohmann::json json;
    std::string text, markdown;
};

support::Result<void> compare(const Console& console, const Options& options, const Measured& now, Answer& answer) {
    const Interrupt interrupt;
    const auto before = measureAgainst(console, options.against, now.opened.sourceFolder, interrupt.token());
    if (!before) {
        return tl::unexpected(before.error());
    }
    const auto difference = analyse::diff(sideOf(before->measured), sideOf(now));
    answer.json["against"] = sizeJson(before->measured.report);
    answer.json["diff"] = diffJson(difference);
    answer.text += analyse::diffText(difference);
    answer.markdown = analyse::diffMarkdown(difference, now.report.name + " against " + options.against);
    return {};
}

/// Whether all are kept; the broken ones are told.
bool keepsLimits(const Console& console, const std::vector<analyse::LimitCheck>& checks) {
    bool keeps = true;
    for (const analyse::LimitCheck& check : checks) {
        keeps = keeps && check.isKept;
        if (!check.isKept) {
            console.note("limit: " + check.sentence);
        }
    }
    return keeps;
}

support::Result<void> writePage(const Measured& now, const std::string& file) {
    const auto symbols = now.opened.symbols();
    const auto side = sideOf(now);
    return support::writeAtomically(
        file, std::string_view(analyse::sizePage({now.report, now.opened.image, symbols, now.code, side.sourceText})));
}

int size(Console& console, const Options& options) {
    const auto limits = analyse::parseLimits(options.limits);
    if (!limits) {
        return console.fail(limits.error());
    }
    const auto now = measureWhat(console, options.what);
    if (!now) {
        return console.fail(now.error());
    }
    if (!options.html.empty()) {
        if (const auto written = writePage(*now, options.html); !written) {
            return console.fail(written.error());
        }
    }
    Answer answer{sizeJson(now->report), analyse::summary(now->report) + "\n\n", {}};
    if (options.against.empty()) {
        answer.text += analyse::table(now->report) + analyse::origins(now->report);
    } else if (const auto compared = compare(console, options, *now, answer); !compared) {
        return console.fail(compared.error());
    }
    if (options.packed) {
        const auto packed = analyse::packedSizes(now->opened.image);
        answer.json["packed"] = packedJson(packed);
        answer.text += "\n" + analyse::packedText(packed);
    }
    const auto checks = analyse::checkLimits(now->report, *limits);
    if (!checks.empty()) {
        answer.json["limits"] = limitsJson(checks);
        for (const analyse::LimitCheck& check : checks) {
            answer.markdown += (check.isKept ? "\n✓ " : "\n✗ ") + analyse::markdownEscaped(check.sentence) + "\n";
        }
    }
    if (console.json) {
        console.printJson(answer.json);
    } else {
        console.print(options.markdown ? answer.markdown : answer.text);
    }
    return keepsLimits(console, checks) ? kFine : kScriptFault;
}

} // namespace

void addSizeCommand(Registry& registry) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = registry.add("size", "Show what a script costs, by function and by part of the image",
                                     "rbpf size demo --against git:main --markdown --limit text=400,worst=5000");
    command->add_option("what", options->what, "A project's folder or an image; the current folder if left out");
    auto* against = command->add_option("--against", options->against,
                                        "Tell why it grew since this image, project, or git:REV: the project as it was then");
    command->add_flag("--markdown", options->markdown, "Print the comparison for a pull request")->needs(against);
    command->add_option("--limit", options->limits,
                        "Exit code 1 if it costs more: text=400,stack=256,worst=5000; also rodata, data, bss, image, instructions");
    command->add_flag("--packed", options->packed, "Show what the image would take on the wire, packed");
    command->add_option("--html", options->html,
                        "Write a page to this file: map, functions, source and bytecode side by side");
    registry.json(command);
    registry.run(command, [options](Console& console) { return size(console, *options); });
}

} // namespace rbpf::cli
