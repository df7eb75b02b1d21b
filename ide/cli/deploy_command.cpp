// SPDX-License-Identifier: GPL-3.0-or-later
// deploy: build if needed, install, say what answers where.
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <optional>

#include "debugger/link/deploy.hpp"
#include "ide/cli/board_access.hpp"
#include "ide/cli/fault_text.hpp"
#include "ide/cli/interrupt.hpp"
#include "ide/cli/known_builds.hpp"
#include "ide/cli/progress.hpp"
#include "ide/cli/project_build.hpp"
#include "ide/cli/registry.hpp"

namespace rbpf::cli {

namespace {

using support::Result;

struct Options {
    std::string what = ".", board;
    std::optional<std::uint32_t> slot; ///< nullopt: link::deploy() chooses
};

Result<OpenedImage> findImage(Console& console, const std::string& what, bool& failed) {
    std::error_code code;
    if (!std::filesystem::is_directory(what, code)) {
        return openImage(what);
    }
    const auto built = buildProject(console, what);
    if (!built) {
        return tl::unexpected(built.error());
    }
    failed = !built->ok;
    if (failed) {
        if (console.json) {
            console.printJson(buildJson(*built));
        }
        return OpenedImage{};
    }
    return openImage(built->project->image());
}

void report(const Console& console, const OpenedImage& opened, const link::BoardRecord& record,
            const link::Deployed& done) {
    const image::Image& image = opened.image;
    const auto answers = link::coapAddresses(image, record.coap);
    if (console.json) {
        console.printJson({{"board", record.id},
                           {"slot", done.slot},
                           {"name", image.name},
                           {"version", image.version},
                           {"bytes", image.bytes.size()},
                           {"ms", done.took.count()},
                           {"answers", answers}});
        return;
    }
    const std::string name = image.name.empty() ? opened.path.filename().string() : image.name + " " + image.version;
    console.print(fmt::format("deployed {} ({} B) to {} slot {} in {} ms{}{}\n", name, image.bytes.size(), record.id,
                              done.slot, done.took.count(), answers.empty() ? "" : "; answers ",
                              fmt::join(answers, ", ")));
}

int deploy(Console& console, const Options& options) {
    const Interrupt interrupt;
    bool failed = false;
    const auto opened = findImage(console, options.what, failed);
    if (!opened) {
        return console.fail(opened.error());
    }
    if (failed) {
        return kScriptFault;
    }
    auto board = openBoard(console, options.board, interrupt.token());
    if (!board) {
        return console.fail(board.error());
    }
    std::optional<Progress> bar;
    link::DeployOptions request;
    request.slot = options.slot;
    request.stop = interrupt.token();
    request.progress = [&](std::uint32_t slot, std::size_t done, std::size_t total) {
        if (!bar) {
            bar.emplace(console, fmt::format("deploying to slot {}", slot));
        }
        bar->show(done, total);
    };
    request.words = deployWords(*opened);
    const auto done = link::deploy(board->client, opened->image, request);
    bar.reset();
    if (!done) {
        return console.fail(done.error());
    }
    rememberBuild(*opened);
    report(console, *opened, board->record, *done);
    return kFine;
}

} // namespace

void addDeployCommand(Registry& registry) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = registry.add("deploy", "Build a project if needed and install it on a board",
                                     "rbpf deploy demo --board native");
    command->add_option("what", options->what, "A project's folder or an image; the current folder if left out");
    boardOption(command, options->board);
    command
        ->add_option("--slot", options->slot,
                     "Slot; the one with the same script, else the first empty one if left out")
        ->check(CLI::NonNegativeNumber);
    registry.json(command);
    registry.run(command, [options](Console& console) { return deploy(console, *options); });
}

} // namespace rbpf::cli
