// SPDX-License-Identifier: GPL-3.0-or-later
// gdbserver
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>

#include "debugger/gdbserver/server.hpp"
#include "debugger/transport/shared_port.hpp"
#include "ide/cli/board_session.hpp"
#include "ide/cli/known_builds.hpp"
#include "ide/cli/registry.hpp"

namespace rbpf::cli {

namespace {

/// IANA's port for GDB's remote protocol.
constexpr const char* kDefaultListen = "127.0.0.1:2159";

struct Options {
    std::string board, listen = kDefaultListen;
    std::optional<std::uint32_t> slot;
    bool noHistory = false, take = false;
};

/// The slot asked for, else the first that holds a script.
support::Result<link::SlotInfo> chooseSlot(OpenBoard& board, const Options& given, const link::Options& options) {
    const auto slots = board.client.slots(options);
    if (!slots) {
        return tl::unexpected(slots.error());
    }
    for (const link::SlotInfo& slot : *slots) {
        if (slot.state != "empty" && (!given.slot || *given.slot == slot.slot)) {
            return slot;
        }
    }
    return support::fail(support::ErrorKind::Board,
                         given.slot ? fmt::format("slot {} of {} is empty", *given.slot, board.record.id)
                                    : fmt::format("no slot of {} holds a script", board.record.id),
                         "`rbpf deploy` puts one there");
}

/// The file that gives GDB its symbols, or "" if this workstation has not built what is on the board.
std::string symbolFile(const link::SlotInfo& slot) {
    const auto build = findBuild(slot.buildId);
    if (!build || build->debugElf.empty()) {
        return "";
    }
    std::filesystem::path file = build->path;
    return file.replace_extension(".debug.elf").string();
}

void printReady(const Console& console, const gdbserver::Listener& listener, const link::SlotInfo& slot) {
    const std::string symbols = symbolFile(slot);
    const bool v6 = listener.host.find(':') != std::string::npos;
    const std::string target =
        v6 ? fmt::format("[{}]:{}", listener.host, listener.port) : fmt::format("{}:{}", listener.host, listener.port);
    if (console.json) {
        nlohmann::json json{{"target", target}, {"port", listener.port}, {"slot", slot.slot}, {"script", slot.name}};
        json["symbols"] = symbols.empty() ? nlohmann::json() : nlohmann::json(symbols);
        console.print(json.dump() + "\n");
    } else {
        const std::string file = symbols.empty() ? "# no debug information for this build here" : "file " + symbols;
        console.print(fmt::format("serving {} {} (slot {}); in bpf-unknown-none-gdb type:\n"
                                  "  {}\n  target remote {}\n",
                                  slot.name, slot.version, slot.slot, file, target));
    }
    std::fflush(stdout);
}

int serve(Console& console, const Options& given) {
    return withBoard(console, given.board, [&](OpenBoard& board, const link::Options& options) -> int {
        const auto slot = chooseSlot(board, given, options);
        if (!slot) {
            return console.fail(slot.error());
        }
        auto listener = gdbserver::listenOn(given.listen);
        if (!listener) {
            return console.fail(listener.error());
        }
        // The debug client is to own the line: an owner notices at once when the line is gone.
        {
            const link::BoardClient done = std::move(board.client);
        }
        // Found again by its name: the port may be another one when the board is plugged in again.
        const auto connect = [id = board.record.id]() -> support::Result<std::unique_ptr<rsp::RspClient>> {
            const auto found = link::resolveBoard(id);
            return found ? rsp::RspClient::open(found->serial) : tl::unexpected(found.error());
        };
        auto line = connect();
        if (!line) {
            return console.fail(line.error());
        }
        printReady(console, *listener, *slot);
        gdbserver::Options serving;
        serving.slot = slot->slot;
        serving.history = !given.noHistory;
        serving.take = given.take;
        serving.connect = connect;
        serving.readImage = [&]() -> support::Result<std::vector<std::uint8_t>> {
            const auto found = link::resolveBoard(board.record.id);
            if (!found) {
                return tl::unexpected(found.error());
            }
            auto shared = transport::openShared(found->serial);
            if (!shared) {
                return tl::unexpected(shared.error());
            }
            return link::BoardClient(std::move(*shared)).readBack(slot->slot, options);
        };
        serving.tell = [&](const std::string& sentence) { console.note(sentence); };
        serving.stop = options.stop;
        const auto served = gdbserver::serve(*listener, **line, serving);
        return served ? kFine : console.fail(served.error());
    });
}

} // namespace

void addGdbserverCommand(Registry& registry) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = registry.add("gdbserver", "Offer a script on a board to GDB, reverse execution included",
                                     "rbpf gdbserver --board native --listen 127.0.0.1:2159");
    boardOption(command, options->board);
    command->add_option("--slot", options->slot, "Slot number; the first that holds a script if left out");
    command->add_option("--listen", options->listen, "HOST:PORT to listen on; port 0 takes any free one")
        ->capture_default_str();
    command->add_flag("--no-history", options->noHistory, "Record nothing: faster, but GDB cannot go back");
    command->add_flag("--take", options->take, "Take the board from another debugger");
    registry.json(command);
    registry.run(command, [options](Console& console) { return serve(console, *options); });
}

} // namespace rbpf::cli
