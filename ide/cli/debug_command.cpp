// SPDX-License-Identifier: GPL-3.0-or-later
// debug: build, deploy where the board has another build, attach, and hand over to the shell.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>

#include "debugger/link/deploy.hpp"
#include "debugger/session/session.hpp"
#include "ide/cli/board_access.hpp"
#include "ide/cli/debug_fire.hpp"
#include "ide/cli/debug_input.hpp"
#include "ide/cli/debug_loop.hpp"
#include "ide/cli/debug_shell.hpp"
#include "ide/cli/fault_text.hpp"
#include "ide/cli/interrupt.hpp"
#include "ide/cli/known_builds.hpp"
#include "ide/cli/progress.hpp"
#include "ide/cli/project_build.hpp"
#include "ide/cli/registry.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::cli {

namespace {

using debug::Shell;
using support::ErrorKind;
using support::Result;

struct Options {
    std::string what, board, recording, commands;
    std::optional<std::uint32_t> slot;
    bool take = false, noHistory = false, holdAborts = false;
    std::uint32_t holdSeconds = 0;
};

/// A script on a board, ready to attach to.
struct Launched {
    link::BoardRecord board;
    std::uint32_t slot = 0;
    OpenedImage opened; ///< `path` empty: only the board has it
};

bool holds(const link::SlotInfo& slot, const OpenedImage& opened) {
    return slot.state != "empty" && opened.image.format == image::Format::V1 &&
           std::ranges::equal(slot.buildId, opened.image.buildId);
}

/// The image that is meant; nothing: what the board has.
Result<std::optional<OpenedImage>> findImage(Console& console, const Options& given) {
    std::error_code code;
    const bool isProjectHere = std::filesystem::exists("rbpf.json", code);
    if (given.what.empty() && !isProjectHere) {
        return std::nullopt;
    }
    const std::filesystem::path what = given.what.empty() ? "." : given.what;
    if (!std::filesystem::is_directory(what, code)) {
        auto opened = openImage(what);
        return opened ? Result<std::optional<OpenedImage>>(std::move(*opened)) : tl::unexpected(opened.error());
    }
    const auto built = buildProject(console, what);
    if (!built) {
        return tl::unexpected(built.error());
    }
    if (!built->ok) {
        return support::fail(ErrorKind::Script, "the script does not build", "the lines above say why");
    }
    auto opened = openImage(built->project->image());
    return opened ? Result<std::optional<OpenedImage>>(std::move(*opened)) : tl::unexpected(opened.error());
}

/// The script in the slot asked for, or in the first that has one.
Result<Launched> whatIsThere(const OpenBoard& board, const std::vector<link::SlotInfo>& slots, const Options& given) {
    for (const link::SlotInfo& slot : slots) {
        if (slot.state == "empty" || (given.slot && *given.slot != slot.slot)) {
            continue;
        }
        Launched launched{board.record, slot.slot, {}};
        if (auto known = findBuild(slot.buildId)) {
            launched.opened = std::move(*known);
        } else {
            launched.opened.image.name = slot.name;
            launched.opened.image.version = slot.version;
            for (const link::EntryInfo& entry : slot.entries) {
                launched.opened.image.entries.push_back({entry.name, entry.trigger, 0, 0});
            }
        }
        return launched;
    }
    return support::fail(ErrorKind::Usage,
                         given.slot ? fmt::format("slot {} holds no script", *given.slot) : "the board has no script",
                         "`rbpf debug DIR` builds and deploys one");
}

Result<std::uint32_t> deployTo(Console& console, OpenBoard& board, const OpenedImage& opened, const Options& given,
                               const std::stop_token& stop) {
    link::DeployOptions options;
    options.slot = given.slot;
    options.stop = stop;
    options.words = {[&](std::uint32_t insnIndex) { return opened.place(insnIndex); },
                     [&](const link::BoardFault& fault) {
                         return faultSentence({fault.status, fault.insnIndex, fault.detail}, &opened,
                                              regionsOf(opened.image));
                     }};
    Progress progress(console, "deploying");
    options.progress = [&](std::uint32_t, std::size_t done, std::size_t total) { progress.show(done, total); };
    const auto deployed = link::deploy(board.client, opened.image, options);
    progress.clear();
    if (!deployed) {
        return tl::unexpected(deployed.error());
    }
    rememberBuild(opened);
    console.note(fmt::format("deployed {} {} to {} slot {}", opened.image.name, opened.image.version, board.record.id,
                             deployed->slot));
    return deployed->slot;
}

Result<Launched> launch(Console& console, const Options& given) {
    const Interrupt interrupt;
    auto opened = findImage(console, given);
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    auto board = openBoard(console, given.board, interrupt.token());
    if (!board) {
        return tl::unexpected(board.error());
    }
    link::Options request;
    request.stop = interrupt.token();
    const auto slots = board->client.slots(request);
    if (!slots) {
        return tl::unexpected(slots.error());
    }
    if (!*opened) {
        return whatIsThere(*board, *slots, given);
    }
    for (const link::SlotInfo& slot : *slots) {
        if ((!given.slot || *given.slot == slot.slot) && holds(slot, **opened)) {
            return Launched{board->record, slot.slot, std::move(**opened)};
        }
    }
    const auto slot = deployTo(console, *board, **opened, given, interrupt.token());
    if (!slot) {
        return tl::unexpected(slot.error());
    }
    return Launched{board->record, *slot, std::move(**opened)};
}

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
    auto launched = launch(console, given);
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
