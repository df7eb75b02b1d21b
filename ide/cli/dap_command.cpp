// SPDX-License-Identifier: GPL-3.0-or-later
// dap: the debugger for editors, on standard input and output or on a TCP port.
#include <csignal>
#include <fmt/format.h>
#include <unistd.h>

#include "debugger/dap/server.hpp"
#include "ide/cli/board_access.hpp"
#include "ide/cli/interrupt.hpp"
#include "ide/cli/known_builds.hpp"
#include "ide/cli/registry.hpp"

namespace rbpf::cli {

namespace {

int serveEditors(Console& console, const std::string& listen) {
    const Interrupt interrupt;
    std::signal(SIGPIPE, SIG_IGN); // an editor that has gone must not leave a script halted
    dap::WorkstationHooks hooks;
    hooks.findBoard = [&console](const std::string& name, std::stop_token stop) -> support::Result<link::BoardRecord> {
        auto board = openBoard(console, name, std::move(stop));
        return board ? support::Result<link::BoardRecord>(std::move(board->record)) : tl::unexpected(board.error());
    };
    hooks.findBuild = [](const std::vector<std::uint8_t>& buildId) -> std::optional<std::filesystem::path> {
        const auto known = findBuild(buildId);
        return known ? std::optional(known->path) : std::nullopt;
    };
    const auto environment = dap::makeWorkstation(std::move(hooks));
    if (listen.empty()) {
        const auto served = dap::serve(STDIN_FILENO, STDOUT_FILENO, *environment, interrupt.token());
        return served ? static_cast<int>(kFine) : console.fail(served.error());
    }
    const std::string host = listen.substr(0, listen.rfind(':'));
    const auto served = dap::listenAndServe(
        listen, *environment,
        [&](std::uint16_t port) {
            console.note(fmt::format("waiting for an editor on {}:{}", host == listen ? "127.0.0.1" : host, port));
        },
        [&](const support::Error& error) { console.warn(error.message, error.hint); }, interrupt.token());
    return served ? static_cast<int>(kFine) : console.fail(served.error());
}

} // namespace

void addDapCommand(Registry& registry) {
    const auto listen = std::make_shared<std::string>();
    CLI::App* command = registry.add("dap", "Debug Adapter Protocol for editors: docs in debugger/docs/dap.md",
                                     "rbpf dap --listen 127.0.0.1:4711");
    command->add_option("--listen", *listen, "HOST:PORT; standard input and output if left out");
    registry.run(command, [listen](Console& console) { return serveEditors(console, *listen); });
}

} // namespace rbpf::cli
