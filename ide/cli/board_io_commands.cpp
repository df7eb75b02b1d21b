// SPDX-License-Identifier: GPL-3.0-or-later
// store, stats, log, coap, get
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <poll.h>

#include "debugger/link/status_text.hpp"
#include "ide/cli/board_session.hpp"
#include "ide/cli/coap_method.hpp"
#include "ide/cli/registry.hpp"
#include "ide/cli/run_text.hpp"
#include "sdk/image/status_text.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::cli {

namespace {

struct Options {
    std::string board, scope = "global", method, path, payload;
    std::uint32_t key = 0, value = 0;
    bool follow = false;
    unsigned seconds = 1;
};

int storeGet(Console& console, const Options& given) {
    return withBoard(console, given.board, [&](OpenBoard& board, const link::Options& options) -> int {
        const auto value = board.client.storeGet(given.scope, given.key, options);
        if (!value) {
            return console.fail(value.error());
        }
        if (console.json) {
            console.printJson({{"scope", given.scope}, {"key", given.key}, {"value", *value}});
        } else {
            console.print(fmt::format("{}\n", *value));
        }
        return kFine;
    });
}

int storeSet(Console& console, const Options& given) {
    return withBoard(console, given.board, [&](OpenBoard& board, const link::Options& options) -> int {
        const auto done = board.client.storeSet(given.scope, given.key, given.value, options);
        if (!done) {
            return console.fail(done.error());
        }
        if (console.json) {
            console.printJson({{"scope", given.scope}, {"key", given.key}, {"value", given.value}});
        }
        return kFine;
    });
}

int storeList(Console& console, const Options& given) {
    return withBoard(console, given.board, [&](OpenBoard& board, const link::Options& options) -> int {
        const auto values = board.client.storeList(given.scope, options);
        if (!values) {
            return console.fail(values.error());
        }
        nlohmann::json json = nlohmann::json::array();
        for (const auto& [key, value] : *values) {
            json.push_back({{"key", key}, {"value", value}});
            if (!console.json) {
                console.print(fmt::format("{:>10}  {}\n", key, value));
            }
        }
        if (console.json) {
            console.printJson(json);
        }
        return kFine;
    });
}

int stats(Console& console, const Options& given) {
    return withBoard(console, given.board, [&](OpenBoard& board, const link::Options& options) -> int {
        const auto stats = board.client.stats(options);
        if (!stats) {
            return console.fail(stats.error());
        }
        const auto info = board.client.info(options);
        if (!info) {
            return console.fail(info.error());
        }
        const std::string sentence = stats->last ? boardFaultSentence(board, *stats->last, options) : std::string();
        if (console.json) {
            nlohmann::json json{
                {"runs", stats->runs}, {"faults", stats->faults}, {"instructions", stats->instructions}};
            if (!info->lastReset.empty()) {
                json["lastReset"] = info->lastReset;
            }
            if (stats->last) {
                json["last"] = {{"status", stats->last->status},
                                {"name", image::statusName(stats->last->status)},
                                {"sentence", sentence}};
                if (stats->last->slot) {
                    json["last"]["slot"] = *stats->last->slot;
                }
                if (stats->last->insnIndex) {
                    json["last"]["instruction"] = *stats->last->insnIndex;
                }
            }
            console.printJson(json);
            return kFine;
        }
        console.print(
            fmt::format("{} runs, {} faults, {} instructions\n", stats->runs, stats->faults, stats->instructions));
        if (stats->last) {
            console.print(fmt::format("last fault{}: {}\n",
                                      stats->last->slot ? fmt::format(" in slot {}", *stats->last->slot) : "",
                                      sentence));
        }
        if (!info->lastReset.empty()) {
            console.print(fmt::format("last reset: {}\n", info->lastReset));
        }
        return kFine;
    });
}

/// Waits for a board that was lost, wherever it is plugged in now, or for Ctrl-C.
void findAgain(Console& console, OpenBoard& board, const support::Error& lost, const std::stop_token& stop) {
    constexpr int kPauseMs = 200;
    console.note(fmt::format("{}; it is looked for", lost.message));
    while (!stop.stop_requested()) {
        if (auto found = openBoard(console, board.record.id, stop)) {
            board = std::move(*found);
            console.note(fmt::format("{} is connected again", board.record.id));
            return;
        }
        poll(nullptr, 0, kPauseMs);
    }
}

int log(Console& console, const Options& given) {
    return withBoard(console, given.board, [&](OpenBoard& board, const link::Options& options) -> int {
        using Clock = std::chrono::steady_clock;
        const auto end = Clock::now() + std::chrono::seconds(given.seconds);
        constexpr std::chrono::milliseconds kWait{500};
        while (!options.stop.stop_requested() && (given.follow || Clock::now() < end)) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
            const auto text = board.client.log(given.follow ? kWait : std::min(kWait, left), options);
            if (!text) {
                if (text.error().kind == support::ErrorKind::Cancelled) {
                    return kFine; // Ctrl-C is how a follower ends
                }
                if (!given.follow) {
                    return console.fail(text.error());
                }
                findAgain(console, board, text.error(), options.stop);
                continue;
            }
            if (console.json && !text->empty()) {
                console.print(
                    nlohmann::json{{"text", *text}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) +
                    "\n");
            } else {
                console.print(*text);
            }
            std::fflush(stdout);
        }
        return kFine;
    });
}

int coap(Console& console, const Options& given) {
    const auto method = coapMethod(given.method);
    if (!method) {
        return console.fail(method.error());
    }
    return withBoard(console, given.board, [&](OpenBoard& board, const link::Options& options) -> int {
        const auto response =
            board.client.request(*method, given.path, {given.payload.begin(), given.payload.end()}, options);
        if (!response) {
            return console.fail(response.error());
        }
        const bool isError = (response->code >> 5) >= 4;
        const std::string text(response->payload.begin(), response->payload.end());
        if (console.json) {
            nlohmann::json json{{"code", link::codeText(response->code)},
                                {"payload", text},
                                {"payloadHex", support::toHex(response->payload)}};
            json["format"] = response->format ? nlohmann::json(*response->format) : nlohmann::json();
            console.printJson(json);
        } else if (isError) {
            return console.fail({support::ErrorKind::Board,
                                 fmt::format("{} answers {}{}{}", given.path, link::codeText(response->code),
                                             text.empty() ? "" : ": ", text),
                                 ""});
        } else if (!text.empty()) {
            console.print(text + "\n");
        }
        return isError ? kBoardFault : kFine;
    });
}

int get(Console& console, const Options& given) {
    Options request = given;
    request.method = "GET";
    return coap(console, request);
}

} // namespace

void addBoardIoCommands(Registry& registry) {
    const auto options = std::make_shared<Options>();
    const auto add = [&](const char* name, const char* description, const char* example,
                         int (*action)(Console&, const Options&), CLI::App* parent = nullptr) {
        CLI::App* command = registry.add(name, description, example, parent);
        boardOption(command, options->board);
        registry.json(command);
        registry.run(command, [options, action](Console& console) { return action(console, *options); });
        return command;
    };
    CLI::App* store =
        registry.add("store", "Read and write the key-value stores of a board", "rbpf store get global 1");
    store->require_subcommand(1);
    const auto scope = [&](CLI::App* command) {
        return command->add_option("scope", options->scope,
                                   "\"global\", or the number of a slot for its script's own store");
    };
    CLI::App* read = add("get", "Print a value", "rbpf store get global 1", storeGet, store);
    scope(read)->required();
    read->add_option("key", options->key, "0 to 4294967295")->required();
    CLI::App* write = add("set", "Store a value", "rbpf store set global 1 42", storeSet, store);
    scope(write)->required();
    write->add_option("key", options->key, "0 to 4294967295")->required();
    write->add_option("value", options->value, "0 to 4294967295")->required();
    scope(add("list", "Print all keys and values", "rbpf store list global", storeList, store));

    add("stats", "Count of runs, faults and instructions; the last fault and why the board was reset",
        "rbpf stats --json", stats);

    CLI::App* logged = add("log", "Print what scripts and board print", "rbpf log --follow", log);
    logged->add_flag("-f,--follow", options->follow, "Until Ctrl-C, also when the board is unplugged and comes back");
    logged->add_option("--seconds", options->seconds, "How long to listen without --follow")->capture_default_str();

    CLI::App* asked = add("coap", "Send a CoAP request through the board's serial line",
                          "rbpf coap PUT /thermostat --payload 21", coap);
    asked->add_option("method", options->method, "GET, POST, PUT or DELETE")->required();
    asked->add_option("path", options->path, "/sensor")->required();
    asked->add_option("--payload", options->payload, "Text to send along");

    CLI::App* got = add("get", "The same as `rbpf coap GET`", "rbpf get /sensor", get);
    got->add_option("path", options->path, "/sensor")->required();
}

} // namespace rbpf::cli
