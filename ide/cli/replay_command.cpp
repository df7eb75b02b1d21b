// SPDX-License-Identifier: GPL-3.0-or-later
// replay: a recording as a regression test.
#include <nlohmann/json.hpp>

#include "debugger/session/history.hpp"
#include "debugger/session/replay.hpp"
#include "ide/cli/registry.hpp"
#include "sdk/image/image.hpp"

namespace rbpf::cli {

namespace {

nlohmann::json replayJson(const session::Replay& replay) {
    nlohmann::json runs = nlohmann::json::array();
    for (const session::ReplayedRun& run : replay.runs) {
        nlohmann::json one{{"run", run.run}, {"entry", run.entry}, {"instructions", run.instructionsBefore}};
        if (run.skipped.empty()) {
            one["instructionsNow"] = run.instructionsAfter;
            one["differences"] = run.differences;
        } else {
            one["skipped"] = run.skipped;
        }
        runs.push_back(std::move(one));
    }
    return {{"sameImage", replay.sameImage},
            {"same", !replay.behavesDifferently()},
            {"sameInstructions", !replay.countsDiffer()},
            {"replayed", replay.replayed()},
            {"runs", std::move(runs)},
            {"notes", replay.notes}};
}

int run(Console& console, const std::string& recording, const std::string& imagePath) {
    auto loaded = session::History::load(recording);
    if (!loaded) {
        return console.fail(loaded.error());
    }
    std::vector<std::uint8_t> image;
    if (!imagePath.empty()) {
        auto other = image::readFile(imagePath);
        if (!other) {
            return console.fail(other.error());
        }
        image = std::move(other->bytes);
    }
    const auto replay = session::replay(loaded->history, std::move(image));
    if (!replay) {
        return console.fail(replay.error());
    }
    if (console.json) {
        console.printJson(replayJson(*replay));
    } else {
        console.print(session::replayText(*replay));
    }
    if (replay->replayed() == 0) {
        return console.json
                   ? kScriptFault
                   : console.fail({support::ErrorKind::Script, "no run of this recording could be replayed", ""});
    }
    return replay->behavesDifferently() ? kScriptFault : kFine;
}

} // namespace

void addReplayCommand(Registry& registry) {
    struct Options {
        std::string recording, image;
    };
    const auto options = std::make_shared<Options>();
    CLI::App* command =
        registry.add("replay", "Run a recording again, and tell where another build of the script behaves differently",
                     "rbpf replay bug.rbpfrec --image demo/build/demo.rbpf");
    command->add_option("recording", options->recording, "A recording: what `save` in a debug session writes")
        ->required();
    command->add_option("--image", options->image,
                        "The build to try; left out: the one recorded, which must agree exactly");
    command->footer(
        command->get_footer() +
        "\nExit code 1 if results, binding calls, output or memory differ, 0 if nothing or only the number of\n"
        "instructions does. Another build gets the recorded answers of each binding in the order of its calls.");
    registry.json(command);
    registry.run(command, [options](Console& console) { return run(console, options->recording, options->image); });
}

} // namespace rbpf::cli
