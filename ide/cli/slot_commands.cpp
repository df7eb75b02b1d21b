// SPDX-License-Identifier: GPL-3.0-or-later
// list, invoke, remove, trigger
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ide/cli/board_session.hpp"
#include "ide/cli/hex_option.hpp"
#include "ide/cli/registry.hpp"
#include "ide/cli/run_text.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::cli {

namespace {

struct Options {
    std::string board, entry, context, contextHex, trigger;
    std::uint32_t slot = 0;
};

nlohmann::json slotJson(const link::SlotInfo& slot) {
    nlohmann::json entries = nlohmann::json::array();
    for (const link::EntryInfo& entry : slot.entries) {
        entries.push_back({{"name", entry.name}, {"trigger", entry.trigger}});
    }
    return {{"slot", slot.slot},
            {"state", slot.state},
            {"name", slot.name},
            {"version", slot.version},
            {"build", support::toHex(slot.buildId)},
            {"bytes", slot.bytes},
            {"entries", entries},
            {"runs", slot.runs},
            {"faults", slot.faults}};
}

std::string entriesText(const link::SlotInfo& slot) {
    std::string text;
    for (const link::EntryInfo& entry : slot.entries) {
        text += fmt::format("{}{}{}{}", text.empty() ? "" : ", ", entry.name.empty() ? "(unnamed)" : entry.name,
                            entry.trigger.empty() ? "" : " on ", entry.trigger);
    }
    return text;
}

int list(Console& console, const Options& given) {
    return withBoard(console, given.board, [&](OpenBoard& board, const link::Options& options) -> int {
        const auto slots = board.client.slots(options);
        if (!slots) {
            return console.fail(slots.error());
        }
        if (console.json) {
            nlohmann::json json = nlohmann::json::array();
            for (const link::SlotInfo& slot : *slots) {
                json.push_back(slotJson(slot));
            }
            console.printJson(json);
            return kFine;
        }
        console.print(fmt::format("{:>4}  {:<8}  {:<24} {:>7} {:>8} {:>7}  {}\n", "slot", "state", "script", "bytes",
                                  "runs", "faults", "entries"));
        for (const link::SlotInfo& slot : *slots) {
            if (slot.state == "empty") {
                console.print(fmt::format("{:>4}  empty\n", slot.slot));
                continue;
            }
            console.print(fmt::format("{:>4}  {:<8}  {:<24} {:>7} {:>8} {:>7}  {}\n", slot.slot, slot.state,
                                      slot.name + " " + slot.version, slot.bytes, slot.runs, slot.faults,
                                      entriesText(slot)));
        }
        return kFine;
    });
}

/// A CoAP entry that is run by hand has no request to work on: its bindings then refuse their arguments.
std::string invokeHint(OpenBoard& board, const Options& given, const link::Options& options) {
    const auto slots = board.client.slots(options);
    if (!slots) {
        return {};
    }
    for (const link::SlotInfo& slot : *slots) {
        if (slot.slot != given.slot) {
            continue;
        }
        for (const link::EntryInfo& entry : slot.entries) {
            if (given.entry.empty() || entry.name == given.entry) {
                return entry.trigger.starts_with("coap/")
                           ? fmt::format("this entry answers CoAP requests: `rbpf coap GET {}`",
                                         entry.trigger.substr(4))
                           : std::string();
            }
        }
    }
    return {};
}

int invoke(Console& console, const Options& given) {
    const auto context = contextBytes(given.context, given.contextHex);
    if (!context) {
        return console.fail(context.error());
    }
    return withBoard(console, given.board, [&](OpenBoard& board, const link::Options& options) -> int {
        auto run = board.client.invoke(given.slot, given.entry, *context, options);
        if (!run) {
            return console.fail(run.error());
        }
        if (run->fault) {
            run->fault->slot = given.slot;
        }
        return reportRun(console, board, *run, options, run->fault ? invokeHint(board, given, options) : "");
    });
}

int remove(Console& console, const Options& given) {
    return withBoard(console, given.board, [&](OpenBoard& board, const link::Options& options) -> int {
        const auto removed = board.client.remove(given.slot, options);
        if (!removed) {
            return console.fail(removed.error());
        }
        if (console.json) {
            console.printJson({{"slot", given.slot}, {"removed", true}});
        } else {
            console.print(fmt::format("slot {} is empty now\n", given.slot));
        }
        return kFine;
    });
}

int trigger(Console& console, const Options& given) {
    const auto context = contextBytes(given.context, given.contextHex);
    if (!context) {
        return console.fail(context.error());
    }
    return withBoard(console, given.board, [&](OpenBoard& board, const link::Options& options) -> int {
        auto runs = board.client.fire(given.trigger, *context, options);
        if (!runs) {
            return console.fail(runs.error());
        }
        int code = kFine;
        nlohmann::json json = nlohmann::json::array();
        for (link::RunInfo& run : *runs) {
            if (run.fault && !run.fault->slot) {
                run.fault->slot = run.slot;
            }
            if (console.json) {
                json.push_back(runJson(run, run.fault ? boardFaultSentence(board, *run.fault, options) : ""));
                code = run.fault ? kScriptFault : code;
            } else {
                code = std::max(code, reportRun(console, board, run, options));
            }
        }
        if (console.json) {
            console.printJson(json);
        }
        return code;
    });
}

void contextOptions(CLI::App* command, Options& options) {
    auto* file = command->add_option("--context", options.context, "File with the context, what r1 points at");
    command->add_option("--context-hex", options.contextHex, "The context in hexadecimal")->excludes(file);
}

} // namespace

void addSlotCommands(Registry& registry) {
    const auto options = std::make_shared<Options>();
    const auto add = [&](const char* name, const char* description, const char* example,
                         int (*action)(Console&, const Options&)) {
        CLI::App* command = registry.add(name, description, example);
        boardOption(command, options->board);
        registry.json(command);
        registry.run(command, [options, action](Console& console) { return action(console, *options); });
        return command;
    };
    add("list", "List the slots of a board and their scripts", "rbpf list --board native", list);

    CLI::App* invoked =
        add("invoke", "Run an entry on a board", "rbpf invoke 0 --entry run --context-hex 0102", invoke);
    invoked->add_option("slot", options->slot, "Slot number")->required();
    invoked->add_option("--entry", options->entry, "Name of the entry; the first one if left out");
    contextOptions(invoked, *options);

    CLI::App* removed = add("remove", "Remove a script from a board", "rbpf remove 0", remove);
    removed->add_option("slot", options->slot, "Slot number")->required();

    CLI::App* fired =
        add("trigger", "Fire a trigger: run the scripts attached to it", "rbpf trigger event/button", trigger);
    fired->add_option("trigger", options->trigger, "As in the script: event/NAME, timer/PERIOD")->required();
    contextOptions(fired, *options);
}

} // namespace rbpf::cli
