// SPDX-License-Identifier: GPL-3.0-or-later
// debug: build, deploy where the board has another build, attach, and hand over to the shell.
#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

#include "debugger/session/session.hpp"
#include "ide/cli/board_access.hpp"
#include "ide/cli/debug_fire.hpp"
#include "ide/cli/debug_input.hpp"
#include "ide/cli/debug_loop.hpp"
#include "ide/cli/debug_shell.hpp"
#include "ide/cli/launch.hpp"
#include "ide/cli/registry.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::cli {

namespace {

using debug::Shell;

struct Options {
    std::string what, board, recording, commands;
    std::optional<std::uint32_t> slot;
    bool take = false, noHistory = false, holdAborts = false;
    std::uint32_t holdSeconds = 0;
};

void say(const Console& console, debug::Input* screen, std::string_view text) {
    if (screen != nullptr) {
        screen->print(text);
    } else {
        console.print(text);
        std::fflush(stdout); // whoever reads a pipe waits for it
    }
}

/// The file of commands, then the terminal or what is piped in.
int talk(Console& console, Shell& shell, debug::Signals& signals, const Options& given, debug::Input*& screen) {
    debug::LoopResult result;
    const bool isTerminal = ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0;
    if (!given.commands.empty()) {
        const auto text = support::readText(given.commands);
        if (!text) {
            return debug::endLoop(shell, console, {debug::LoopEnd::Failed, console.fail(text.error())});
        }
        debug::StreamInput file(*text);
        screen = &file;
        result = debug::runLoop(shell, file, signals, console);
        screen = nullptr;
        if (result.end != debug::LoopEnd::OutOfLines || !isTerminal) {
            return debug::endLoop(shell, console, result);
        }
    }
    const auto input = isTerminal ? debug::openTerminal() : std::make_unique<debug::StreamInput>(STDIN_FILENO);
    screen = input.get();
    result = debug::runLoop(shell, *input, signals, console);
    screen = nullptr;
    return debug::endLoop(shell, console, result);
}

void greet(Shell& shell, const std::string& what) {
    const session::Stop& stop = shell.session().stop();
    shell.print(what + "\n");
    if (shell.setup().isRecording || stop.cause != RBPF_CAUSE_IDLE) {
        shell.show(stop);
        return;
    }
    shell.print("The script is idle. `break LINE` sets a breakpoint; `run` fires its entry, `continue` waits for a "
                "trigger from elsewhere.\n" +
                shell.setup().trigger->hint() + (shell.setup().trigger->hint().empty() ? "" : " ") +
                "`help` lists the commands.\n");
}

int debugRecording(Console& console, const Options& given) {
    debug::Signals signals;
    auto session = session::Session::open(given.recording, given.what.empty() ? "." : given.what);
    if (!session) {
        return console.fail(session.error());
    }
    debug::Input* screen = nullptr;
    Shell shell(**session, {[&](std::string_view text) { say(console, screen, text); },
                            given.what.empty() ? "." : given.what, nullptr, "", true});
    greet(shell, fmt::format("Recording {}: nothing here changes a board.", given.recording));
    return talk(console, shell, signals, given, screen);
}

int debugBoard(Console& console, const Options& given) {
    auto launched = launch(console, {given.what, given.board, given.slot});
    if (!launched) {
        return console.fail(launched.error());
    }
    debug::Signals signals; // before the threads that the session starts
    session::Options options;
    options.board = given.board.empty() ? launched->board.id : given.board;
    options.slot = launched->slot;
    options.image = launched->opened.image.bytes;
    options.debugElf = launched->opened.debugElf;
    options.sourceRoot = launched->opened.sourceFolder;
    options.history = !given.noHistory;
    options.take = given.take;
    options.holdMs = given.holdSeconds * 1000;
    options.holdAborts = given.holdAborts;
    auto session = session::Session::attach(options);
    if (!session) {
        return console.fail(session.error());
    }
    const image::Image& image = launched->opened.image;
    const auto trigger = debug::boardTrigger(launched->board, launched->slot, image.entries);
    debug::Input* screen = nullptr;
    Shell shell(**session, {[&](std::string_view text) { say(console, screen, text); }, launched->opened.sourceFolder,
                            trigger.get(), image.name, false});
    greet(shell, fmt::format("Debugging {}{}{} in slot {} of {}{}.", image.name.empty() ? "a script" : image.name,
                             image.version.empty() ? "" : " ", image.version, launched->slot, launched->board.id,
                             given.noHistory ? ", without history" : ""));
    return talk(console, shell, signals, given, screen);
}

} // namespace

void addDebugCommand(Registry& registry) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = registry.add("debug", "Debug a script on a board, forwards and backwards", "rbpf debug demo");
    command->add_option("what", options->what,
                        "A project's folder or an image, built and deployed if needed; else what the board has");
    boardOption(command, options->board);
    command->add_option("--slot", options->slot, "Slot; the one with this build, else as deploy chooses");
    auto* recording =
        command->add_option("--recording", options->recording, "Open a recording (.rbpfrec) instead of a board");
    command->add_flag("--take", options->take, "Take the script from another debugger");
    command->add_flag("--no-history", options->noHistory, "Record nothing: the script runs faster, but not backwards")
        ->excludes(recording);
    auto* hold =
        command
            ->add_option("--hold", options->holdSeconds,
                         "Seconds after which a halted script goes on by itself; as long as you like if left out")
            ->check(CLI::Range(1, 86400))
            ->excludes(recording);
    command->add_flag("--hold-aborts", options->holdAborts, "... or rather, its run is ended then")->needs(hold);
    command->add_option("--command", options->commands, "File with commands to begin with, a line each");
    registry.run(command, [options](Console& console) {
        return options->recording.empty() ? debugBoard(console, *options) : debugRecording(console, *options);
    });
}

} // namespace rbpf::cli
