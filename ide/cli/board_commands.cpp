// SPDX-License-Identifier: GPL-3.0-or-later
// board start, board stop, board add, board forget
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "debugger/link/boards.hpp"
#include "debugger/link/remembered_boards.hpp"
#include "ide/cli/board_process.hpp"
#include "ide/cli/emulated_board.hpp"
#include "ide/cli/interrupt.hpp"
#include "ide/cli/native_board.hpp"
#include "ide/cli/record_json.hpp"
#include "ide/cli/registry.hpp"

namespace rbpf::cli {

namespace {

struct StartOptions {
    NativeBoardOptions native;
    EmulatedBoardOptions emulated;
    std::string kind, name, state, address;
};

support::Result<link::BoardRecord> startBoard(const StartOptions& options, std::stop_token stop) {
    if (options.kind == "native") {
        NativeBoardOptions native = options.native;
        native.name = options.name.empty() ? native.name : options.name;
        native.state = options.state;
        native.stop = std::move(stop);
        return startNativeBoard(native);
    }
    EmulatedBoardOptions emulated = options.emulated;
    emulated.board = options.kind;
    emulated.name = options.name;
    emulated.state = options.state;
    emulated.stop = std::move(stop);
    return startEmulatedBoard(emulated);
}

int start(Console& console, const StartOptions& options) {
    const auto& emulated = emulatedBoards();
    if (options.kind != "native" && std::find(emulated.begin(), emulated.end(), options.kind) == emulated.end()) {
        return console.fail({support::ErrorKind::Usage,
                             "there is no board \"" + options.kind + "\" that can be started here",
                             fmt::format("there are: native, {}", fmt::join(emulated, ", "))});
    }
    const NativeBoardOptions& native = options.native;
    const bool forNative = !native.sensors.empty() || native.udpPort != 0 || native.openManagement;
    const bool forEmulated = !options.emulated.firmware.empty() || !options.emulated.gdb.empty();
    if (options.kind == "native" ? forEmulated : forNative) {
        return console.fail(
            {support::ErrorKind::Usage,
             fmt::format("{} is no option of the board {}",
                         forEmulated ? "--firmware or --gdb" : "--sensors, --udp-port or --open-management",
                         options.kind),
             "`rbpf board start --help` tells which option is for which board"});
    }
    const Interrupt interrupt;
    const auto record = startBoard(options, interrupt.token());
    if (!record) {
        return console.fail(record.error());
    }
    if (console.json) {
        console.printJson(recordJson(*record));
    } else {
        console.print(fmt::format("started {} on {}{}\n", record->id, record->serial,
                                  record->coap != 0 ? fmt::format(", coap://127.0.0.1:{}", record->coap) : ""));
    }
    return kFine;
}

int stop(Console& console, const std::string& name) {
    const auto stopped = stopBoard(name);
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

int add(Console& console, const std::string& name, const std::string& address) {
    if (const auto added = link::rememberBoard(name, address); !added) {
        return console.fail(added.error());
    }
    if (console.json) {
        console.printJson({{"id", name}, {"address", address}});
    } else {
        console.print(fmt::format("--board {} now means {}\n", name, address));
    }
    return kFine;
}

int forget(Console& console, const std::string& name) {
    if (const auto forgotten = link::forgetBoard(name); !forgotten) {
        return console.fail(forgotten.error());
    }
    if (console.json) {
        console.printJson({{"id", name}, {"forgotten", true}});
    } else {
        console.print(fmt::format("forgot {}\n", name));
    }
    return kFine;
}

} // namespace

void addBoardCommands(Registry& registry) {
    const auto options = std::make_shared<StartOptions>();
    CLI::App* board =
        registry.add("board", "Start or stop a simulated board, name a remote one", "rbpf board start microbit");
    board->require_subcommand(1);

    CLI::App* starting = registry.add("start", "Start a board in the background; its scripts and values are kept",
                                      "rbpf board start native --name greenhouse --sensors sensors.json", board);
    starting
        ->add_option("kind", options->kind,
                     "native: a process of this machine; microbit, mps2_an386: the firmware for it, in QEMU")
        ->required();
    starting->add_option("--name", options->name, "Its id; the kind if left out");
    starting->add_option("--state", options->state, "File that keeps scripts and values; by its name if left out");
    CLI::Option_group* native = starting->add_option_group("native", "Only for a native board");
    native->add_option("--sensors", options->native.sensors, "JSON file that describes its devices")
        ->check(CLI::ExistingFile);
    native->add_option("--udp-port", options->native.udpPort, "UDP port for CoAP, 0 = any")->capture_default_str();
    native->add_flag("--open-management", options->native.openManagement, "Let UDP on loopback manage the board too");
    CLI::Option_group* emulated = starting->add_option_group("QEMU", "Only for a board in QEMU");
    emulated->add_option("--firmware", options->emulated.firmware, "ELF file; our own if left out")
        ->check(CLI::ExistingFile);
    emulated->add_option("--gdb", options->emulated.gdb, "HOST:PORT where a GDB for Arm may debug the firmware itself");
    registry.json(starting);
    registry.run(starting, [options](Console& console) { return start(console, *options); });

    CLI::App* stopping = registry.add("stop", "Stop a board that was started", "rbpf board stop native", board);
    stopping->add_option("name", options->name, "Its id")->required();
    registry.json(stopping);
    registry.run(stopping, [options](Console& console) { return stop(console, options->name); });

    CLI::App* adding = registry.add("add", "Give a remote board a name, under which `rbpf boards` lists it",
                                    "rbpf board add lab rfc2217://lab-server:4000", board);
    adding->add_option("name", options->name, "What --board shall take")->required();
    adding->add_option("address", options->address, "tcp://HOST:PORT, rfc2217://HOST:PORT or a serial port's path")
        ->required();
    registry.json(adding);
    registry.run(adding, [options](Console& console) { return add(console, options->name, options->address); });

    CLI::App* forgetting =
        registry.add("forget", "Forget a name that `rbpf board add` gave", "rbpf board forget lab", board);
    forgetting->add_option("name", options->name, "The name")->required();
    registry.json(forgetting);
    registry.run(forgetting, [options](Console& console) { return forget(console, options->name); });
}

} // namespace rbpf::cli
