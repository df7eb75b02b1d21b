// SPDX-License-Identifier: GPL-3.0-or-later
// firmware build: an application with rBPF, built by RIOT for one of its boards.
#include <cstdio>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ide/cli/interrupt.hpp"
#include "ide/cli/registry.hpp"
#include "ide/cli/riot_build.hpp"

namespace rbpf::cli {

namespace {

struct Options {
    RiotBuild build;
    bool verbose = false;
};

/// On a terminal one line that changes: the folder make is in.
class Parts {
public:
    explicit Parts(const Console& console) : isShown_(console.isTerminal() && !console.json) {}
    ~Parts() {
        if (isDrawn_) {
            fmt::print(stderr, "\r\x1b[K");
            std::fflush(stderr);
        }
    }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    void take(std::string_view piece) {
        constexpr std::size_t kWidth = 70;
        for (const char c : piece) {
            if (c != '\n') {
                line_ += c;
                continue;
            }
            const std::size_t at = line_.find(" -C ");
            if (isShown_ && at != std::string::npos) {
                std::string folder = line_.substr(at + 4);
                folder = folder.size() > kWidth ? "…" + folder.substr(folder.size() - kWidth) : folder;
                fmt::print(stderr, "\r\x1b[K[{}] {}", ++count_, folder);
                std::fflush(stderr);
                isDrawn_ = true;
            }
            line_.clear();
        }
    }

private:
    bool isShown_;
    bool isDrawn_ = false;
    unsigned count_ = 0;
    std::string line_;
};

int build(const Console& console, Options options) {
    const Interrupt interrupt;
    options.build.stop = interrupt.token();
    support::Result<RiotFirmware> firmware;
    {
        Parts parts(console);
        options.build.progress = [&](std::string_view piece) {
            if (options.verbose) {
                std::fwrite(piece.data(), 1, piece.size(), stderr);
            } else {
                parts.take(piece);
            }
        };
        firmware = buildRiotFirmware(options.build);
    }
    if (!firmware) {
        return console.fail(firmware.error());
    }
    if (console.json) {
        console.printJson({{"board", options.build.board},
                           {"elf", firmware->elf.string()},
                           {"flash", firmware->flashBytes},
                           {"ram", firmware->ramBytes}});
    } else {
        console.print(fmt::format("{}: {} B of flash, {} B of RAM\n", firmware->elf.string(), firmware->flashBytes,
                                  firmware->ramBytes));
    }
    return kFine;
}

} // namespace

void addFirmwareCommand(Registry& registry) {
    const auto options = std::make_shared<Options>();
    CLI::App* firmware =
        registry.add("firmware", "Build firmware", "rbpf firmware build --riot ~/RIOT --board nrf52840dk");
    firmware->require_subcommand(1);
    CLI::App* building = registry.add("build", "Build a RIOT application with rBPF for one of RIOT's boards",
                                      "rbpf firmware build --riot ~/RIOT --board nrf52840dk", firmware);
    building->add_option("--riot", options->build.riot, "A RIOT checkout; RIOTBASE of the environment if left out");
    building->add_option("--board", options->build.board, "RIOT's name of the board")->required();
    building->add_option("--app", options->build.application,
                         "Folder of an application of yours that uses the module rbpf_agent; ours if left out");
    options->build.output = "build/riot";
    building->add_option("--output", options->build.output, "Folder for what is built")->capture_default_str();
    building->add_option("--jobs,-j", options->build.jobs, "Compilers at once; one for each processor if left out");
    building->add_flag("--verbose,-v", options->verbose, "Show all of make's output");
    registry.json(building);
    registry.run(building, [options](Console& console) { return build(console, *options); });
}

} // namespace rbpf::cli
