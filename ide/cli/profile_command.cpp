// SPDX-License-Identifier: GPL-3.0-or-later
// profile: how often what was executed, in a run here or on a board.
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>

#include "ide/cli/board_access.hpp"
#include "ide/cli/fault_text.hpp"
#include "ide/cli/interrupt.hpp"
#include "ide/cli/measured.hpp"
#include "ide/cli/profile_board.hpp"
#include "ide/cli/progress.hpp"
#include "ide/cli/project_build.hpp"
#include "ide/cli/registry.hpp"
#include "ide/cli/run_options.hpp"
#include "ide/cli/size_json.hpp"
#include "ide/cli/source_text.hpp"
#include "sdk/image/disassemble.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::cli {

namespace {

using support::ErrorKind;
using support::Result;

struct Options {
    std::string what = ".", board;
    RunOptions run;
    std::uint32_t runs = 1;
    bool annotate = false;
};

Result<void> countHere(const Console& console, const OpenedImage& opened, RunRequest request, std::uint32_t runs,
                       analyse::ExecutionCounter& counter) {
    request.executed = [&](std::uint32_t slot) { counter.step(slot); };
    Progress progress(console, "running", "runs");
    for (std::uint32_t run = 0; run < runs; ++run) {
        progress.show(run, runs);
        counter.beginRun();
        const auto result = runHere(opened.image, request);
        if (!result) {
            return tl::unexpected(result.error());
        }
        if (result->fault) {
            progress.clear();
            console.warn("the run ended early: " + faultSentence(*result->fault, &opened, result->regions),
                         "the profile shows it up to there");
        }
    }
    return {};
}

/// The sources with how often each line was executed; lines without code have no number.
std::string annotated(const Measured& measured, const analyse::Profile& profile) {
    std::map<std::string, std::map<unsigned, const analyse::LineProfile*>> files;
    for (const analyse::LineProfile& line : profile.lines) {
        files[line.file][line.line] = &line;
    }
    std::string text;
    for (const auto& [file, lines] : files) {
        // What comes from the library has no source here.
        std::error_code code;
        const auto path = measured.opened.sourceFolder / file;
        const auto source = std::filesystem::exists(path, code) ? support::readText(path) : Result<std::string>("");
        if (!source || source->empty()) {
            continue;
        }
        text += fmt::format("\n{}\n{:>10} {:>10} {:>7} {:>5}\n", shownPath(file, measured.opened.sourceFolder), "count",
                            "executed", "share", "size");
        unsigned number = 0;
        for (std::size_t at = 0; at < source->size();) {
            const std::size_t end = std::min(source->find('\n', at), source->size());
            const std::string one = source->substr(at, end - at);
            const auto found = lines.find(++number);
            text += found == lines.end()
                        ? fmt::format("{:>35} {:>5} | {}\n", "", number, one)
                        : fmt::format("{:>10} {:>10} {:>6.1f}% {:>5} {:>5} | {}\n", found->second->count,
                                      found->second->executed, found->second->share * 100,
                                      found->second->instructions, number, one);
            at = end + 1;
        }
    }
    return text;
}

/// The lines along the hot path, each once in a row.
std::string hotPathText(const Measured& measured, const analyse::Profile& profile) {
    constexpr std::size_t kMostLines = 20;
    std::string text;
    std::string last;
    std::size_t told = 0;
    for (const std::uint32_t slot : profile.hotPath) {
        const std::string place = measured.opened.place(slot);
        if (place.empty() || place == last) {
            continue;
        }
        last = place;
        if (++told > kMostLines) {
            return text + "  …\n";
        }
        const auto& line = measured.opened.lines()[slot];
        text += fmt::format("{:>10}  {}: {}\n", profile.counts[slot], place,
                            sourceLine(line.file, line.line, measured.opened.sourceFolder));
    }
    return text;
}

nlohmann::json profileJson(const Measured& measured, const analyse::Profile& profile) {
    nlohmann::json json{{"runs", profile.runs},
                        {"executed", profile.executed},
                        {"longestRun", profile.longestRun},
                        {"worst", nullptr},
                        {"functions", nlohmann::json::array()},
                        {"lines", nlohmann::json::array()},
                        {"branches", nlohmann::json::array()},
                        {"instructions", nlohmann::json::array()},
                        {"hotPath", profile.hotPath}};
    if (profile.entry) {
        json["worst"] = worstJson(profile.entry->worst);
    }
    for (const auto& one : profile.functions) {
        json["functions"].push_back({{"name", one.name},
                                     {"file", one.file},
                                     {"line", one.line},
                                     {"calls", one.calls},
                                     {"executed", one.executed},
                                     {"instructions", one.instructions},
                                     {"seen", one.seen},
                                     {"share", one.share}});
    }
    for (const auto& one : profile.lines) {
        json["lines"].push_back({{"file", one.file},
                                 {"line", one.line},
                                 {"count", one.count},
                                 {"executed", one.executed},
                                 {"instructions", one.instructions},
                                 {"share", one.share}});
    }
    for (const auto& one : profile.branches) {
        json["branches"].push_back({{"index", one.slot},
                                    {"file", one.file},
                                    {"line", one.line},
                                    {"taken", one.taken},
                                    {"notTaken", one.notTaken},
                                    {"ways", waysName(one.ways)}});
    }
    for (const image::Line& line : image::disassemble(measured.opened.image, measured.opened.symbols())) {
        const std::uint32_t slot = line.instruction.index;
        if (slot < profile.counts.size()) {
            json["instructions"].push_back({{"index", slot}, {"count", profile.counts[slot]}, {"text", line.text}});
        }
    }
    return json;
}

int report(Console& console, const Options& options, const Measured& measured, const analyse::Profile& profile) {
    if (console.json) {
        console.printJson(profileJson(measured, profile));
        return kFine;
    }
    std::string text = analyse::profileText(profile);
    if (const std::string path = hotPathText(measured, profile); !path.empty()) {
        text += "\nhot path\n" + path;
    }
    console.print(options.annotate ? text + annotated(measured, profile) : text);
    return kFine;
}

int profileHere(Console& console, const Options& options) {
    const Interrupt interrupt;
    auto measured = measureWhat(console, options.what);
    if (!measured) {
        return console.fail(measured.error());
    }
    const auto request = runRequest(options.run, measured->opened.image, interrupt.token());
    if (!request) {
        return console.fail(request.error());
    }
    analyse::ExecutionCounter counter(measured->opened.image);
    if (const auto counted = countHere(console, measured->opened, *request, options.runs, counter); !counted) {
        return console.fail(counted.error());
    }
    return report(console, options, *measured, analyse::profile(counter, measured->report, measured->code, request->insnIndex));
}

int profileOnBoard(Console& console, const Options& options) {
    if (options.run.budget != 0 || !options.run.sensors.empty()) {
        return console.fail({ErrorKind::Usage, "--budget and --sensors are for runs on the workstation's VM",
                             "leave them out: a board has its own"});
    }
    auto launched = launch(console, {options.what, options.board});
    if (!launched) {
        return console.fail(launched.error());
    }
    const Interrupt interrupt;
    const auto request = runRequest(options.run, launched->opened.image, interrupt.token());
    if (!request) {
        return console.fail(request.error());
    }
    analyse::ExecutionCounter counter(launched->opened.image);
    if (const auto counted = countOnBoard(console, *launched, *request, options.runs, counter); !counted) {
        return console.fail(counted.error());
    }
    const Measured measured = measure(std::move(launched->opened));
    return report(console, options, measured, analyse::profile(counter, measured.report, measured.code, request->insnIndex));
}

} // namespace

void addProfileCommand(Registry& registry) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = registry.add("profile", "Count what a run executes: instructions, lines, functions, branches",
                                     "rbpf profile demo --runs 10 --annotate");
    command->add_option("what", options->what, "A project's folder or an image; the current folder if left out");
    addRunOptions(command, options->run);
    constexpr std::uint32_t kMostRuns = 1'000'000;
    command->add_option("--runs", options->runs, "Run it so many times")->check(CLI::Range(1u, kMostRuns));
    command->add_flag("--annotate", options->annotate, "Show the sources, with the counts beside each line");
    boardOption(command, options->board);
    command->footer(command->get_footer() +
                    "\nWithout --board it runs on the workstation's VM, with simulated devices. With one, the board runs it\n"
                    "and the runs are executed again here with what its bindings answered: the counts are exact.");
    registry.json(command);
    registry.run(command, [options](Console& console) {
        return options->board.empty() ? profileHere(console, *options) : profileOnBoard(console, *options);
    });
}

} // namespace rbpf::cli
