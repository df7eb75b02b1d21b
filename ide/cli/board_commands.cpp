// SPDX-License-Identifier: GPL-3.0-or-later
// boards, board start, board stop
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "debugger/link/boards.hpp"
#include "ide/cli/interrupt.hpp"
#include "ide/cli/native_board.hpp"
#include "ide/cli/registry.hpp"

namespace rbpf::cli {

namespace {

nlohmann::json recordJson(const link::BoardRecord& record) {
    return {{"id", record.id},     {"board", record.board}, {"serial", record.serial},
            {"coap", record.coap}, {"pid", record.pid},     {"stateFile", record.stateFile}};
}

int listBoards(Console& console) {
    const auto boards = link::listBoards();
    if (console.json) {
        nlohmann::json json = nlohmann::json::array();
        for (const link::BoardRecord& record : boards) {
            json.push_back(recordJson(record));
        }
        console.printJson(json);
        return kFine;
    }
    if (boards.empty()) {
        console.note("no board is attached; `rbpf board start native` starts a simulated one");
        return kFine;
    }
    std::size_t width = 5;
    for (const link::BoardRecord& record : boards) {
        width = std::max(width, record.id.size());
    }
    console.print(fmt::format("{:<{}}  {:<10}  {:<16}  {}\n", "id", width, "board", "serial", "CoAP"));
    for (const link::BoardRecord& record : boards) {
        console.print(fmt::format("{:<{}}  {:<10}  {:<16}  {}\n", record.id, width, record.board, record.serial,
                                  record.coap != 0 ? fmt::format("coap://127.0.0.1:{}", record.coap) : "-"));
    }
    return kFine;
}

int start(Console& console, NativeBoardOptions options, const std::string& kind) {
    if (kind != "native") {
        return console.fail({support::ErrorKind::Usage, "there is no board \"" + kind + "\" that can be started here",
                             "`rbpf board start native` starts a simulated one"});
    }
    const Interrupt interrupt;
    options.stop = interrupt.token();
    const auto record = startNativeBoard(options);
    if (!record) {
        return console.fail(record.error());
    }
    if (console.json) {
        console.printJson(recordJson(*record));
    } else {
        console.print(fmt::format("started {} on {}, coap://127.0.0.1:{}\n", record->id, record->serial, record->coap));
    }
    return kFine;
}

int stop(Console& console, const std::string& name) {
    const auto stopped = stopNativeBoard(name);
    if (!stopped) {
        return console.fail(stopped.error());
    }
    if (console.json) {
        console.printJson({{"id", name}, {"stopped", true}});
    } else {
        console.print(fmt::format("stopped {}\n", name));
    }
    return kFine;
}

} // namespace

void addBoardCommands(Registry& registry) {
    CLI::App* list = registry.add("boards", "List the boards that are attached or running", "rbpf boards --json");
    registry.json(list);
    registry.run(list, listBoards);

    struct Options {
        NativeBoardOptions native;
        std::string kind, name;
    };
    const auto options = std::make_shared<Options>();
    CLI::App* board = registry.add("board", "Start or stop a simulated board", "rbpf board start native");
    board->require_subcommand(1);

    CLI::App* starting = registry.add("start", "Start a board in the background; its scripts and values are kept",
                                      "rbpf board start native --name greenhouse --sensors sensors.json", board);
    starting->add_option("kind", options->kind, "native")->required();
    starting->add_option("--name", options->native.name, "Its id")->capture_default_str();
    starting->add_option("--sensors", options->native.sensors, "JSON file that describes its devices")
        ->check(CLI::ExistingFile);
    starting->add_option("--state", options->native.state,
                         "File that keeps scripts and values; by its name if left out");
    starting->add_option("--udp-port", options->native.udpPort, "UDP port for CoAP, 0 = any")->capture_default_str();
    starting->add_flag("--open-management", options->native.openManagement, "Let UDP on loopback manage the board too");
    registry.json(starting);
    registry.run(starting, [options](Console& console) { return start(console, options->native, options->kind); });

    CLI::App* stopping = registry.add("stop", "Stop a board that was started", "rbpf board stop native", board);
    stopping->add_option("name", options->name, "Its id")->required();
    registry.json(stopping);
    registry.run(stopping, [options](Console& console) { return stop(console, options->name); });
}

} // namespace rbpf::cli
