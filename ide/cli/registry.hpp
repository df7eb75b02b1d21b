// SPDX-License-Identifier: GPL-3.0-or-later
// The commands: each group of them adds its own here, main runs the one that was called.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

#include "ide/cli/console.hpp"

namespace rbpf::cli {

/// What a command does: returns the exit code.
using Action = std::function<int(Console&)>;

class Registry {
public:
    explicit Registry(CLI::App& app) : app_(app) {}

    /// A command "name", with what it does and an example for its help. `parent` null: at the top.
    CLI::App* add(const std::string& name, const std::string& description, const std::string& example,
                  CLI::App* parent = nullptr) {
        CLI::App* command = (parent != nullptr ? parent : &app_)->add_subcommand(name, description);
        command->footer("Example:\n  " + example);
        return command;
    }

    /// What `command` does when it is called.
    void run(CLI::App* command, Action action) {
        command->callback([this, action = std::move(action)] { action_ = action; });
    }

    /// Adds --json.
    void json(CLI::App* command) { command->add_flag("--json", json_, "Print the result as JSON"); }

    [[nodiscard]] const Action& action() const { return action_; }
    [[nodiscard]] bool wantsJson() const { return json_; }

private:
    CLI::App& app_;
    Action action_;
    bool json_ = false;
};

void addProjectCommands(Registry& registry); ///< templates, new, build
void addSizeCommand(Registry& registry);
void addImageCommands(Registry& registry);   ///< disasm, verify
void addRunCommand(Registry& registry);
void addProfileCommand(Registry& registry);
void addBoardsCommand(Registry& registry);
void addBoardCommands(Registry& registry); ///< board start, board stop, board add, board forget
void addDeployCommand(Registry& registry);
void addDebugCommand(Registry& registry);
void addSlotCommands(Registry& registry);    ///< list, invoke, remove, trigger
void addBoardIoCommands(Registry& registry); ///< store, stats, log, coap, get
void addGdbserverCommand(Registry& registry);
void addDapCommand(Registry& registry);
void addLspCommand(Registry& registry);
void addReplayCommand(Registry& registry);
void addUdevCommand(Registry& registry); ///< udev show, udev install
void addFlashCommand(Registry& registry);
void addFirmwareCommand(Registry& registry); ///< firmware build

} // namespace rbpf::cli
