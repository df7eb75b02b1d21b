// SPDX-License-Identifier: GPL-3.0-or-later
// The `rbpf` command (design.md, section 9).
#include <csignal>
#include <cstdio>
#include <exception>

#include "ide/cli/registry.hpp"

namespace {

constexpr const char* kExamples =
    "First steps:\n"
    "  rbpf new coap-sensor demo\n"
    "  rbpf build demo\n"
    "  rbpf board start native\n"
    "  rbpf deploy demo\n"
    "Where no --board is named: the only one attached, else a native board, started on demand.\n"
    "Exit codes: 0 fine, 1 the script's fault, 2 usage, 3 board or link, 130 cancelled.";

int run(int argc, char** argv) {
    using namespace rbpf::cli;
    CLI::App app("rBPF Studio on the command line: C scripts for microcontrollers, built, deployed and watched.",
                 "rbpf");
    app.set_version_flag("--version", "rbpf " RBPF_VERSION);
    app.require_subcommand(1);
    app.footer(kExamples);
    app.failure_message(CLI::FailureMessage::simple);
    Registry registry(app);
    addProjectCommands(registry);
    addSizeCommand(registry);
    addImageCommands(registry);
    addRunCommand(registry);
    addProfileCommand(registry);
    addBoardsCommand(registry);
    addBoardCommands(registry);
    addDeployCommand(registry);
    addDebugCommand(registry);
    addSlotCommands(registry);
    addBoardIoCommands(registry);
    addGdbserverCommand(registry);
    addDapCommand(registry);
    addLspCommand(registry);
    addReplayCommand(registry);
    addUdevCommand(registry);
    addFlashCommand(registry);
    addFirmwareCommand(registry);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // Help and version come this way too, with 0.
        return app.exit(error) == 0 ? kFine : kUsage;
    }
    Console console;
    console.json = registry.wantsJson();
    const int code = registry.action()(console);
    std::fflush(stdout);
    return code;
}

} // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_DFL); // `rbpf log --follow | head` ends with head
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        // Libraries here return their errors; what arrives is a lack of memory or a mistake of ours.
        std::fprintf(stderr, "rbpf: error: %s\n", error.what());
        return rbpf::cli::kScriptFault;
    }
}
