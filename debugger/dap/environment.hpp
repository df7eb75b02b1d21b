// SPDX-License-Identifier: GPL-3.0-or-later
// What the adapter needs of the world: a program, a board that has it, a session with that. Tests replace it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "debugger/link/boards.hpp"
#include "debugger/session/session.hpp"
#include "sdk/image/image.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::dap {

/// The fields of launch.json (docs: dap.md).
struct Settings {
    bool launch = true;            ///< false: attach
    std::filesystem::path program; ///< absolute: project folder, image, or a file inside of a project; "" = none
    std::string board;             ///< "" = the only one there is
    std::optional<std::uint32_t> slot;
    bool stopOnEntry = false;
    bool deployOnStart = true;
    bool take = false;
    std::uint32_t holdSeconds = 0; ///< a halted script goes on by itself then; 0 = never
    bool holdAborts = false;       ///< ... or its run is ended
    bool invoke = false;
    std::string entry;                 ///< what `invoke` runs; "" = the first
    std::vector<std::uint8_t> context; ///< for `invoke`
};

/// What is to be debugged, as far as the workstation knows it.
struct Program {
    std::optional<image::Image> image;
    std::vector<std::uint8_t> debugElf; ///< empty: bytecode only
    std::filesystem::path folder;       ///< what relative paths of the debug information count from
};

/// Where it runs.
struct Target {
    link::BoardRecord board;
    std::uint32_t slot = 0;
    std::string script;   ///< name, for people
    Program program;      ///< for attach: found by the build id of what is in the slot
    std::string howToRun; ///< a sentence: what triggers the script, or ""
};

/// What goes on while something takes long. Called on the caller's thread.
struct Report {
    std::function<void(const std::string& text)> say;
    std::function<void(const support::Diagnostic&)> diagnostic;
    std::function<void(std::size_t done, std::size_t total)> progress;
    std::stop_token stop;
};

/// An entry that was invoked and is not answered yet. Its destructor gives up.
class Invocation {
public:
    virtual ~Invocation() = default;
    /// Why it failed, once; nothing while it runs and if it went well.
    [[nodiscard]] virtual std::optional<std::string> failure() = 0;
};

class Environment {
public:
    virtual ~Environment() = default;
    /// Builds, or reads an image.
    [[nodiscard]] virtual support::Result<Program> load(const Settings& settings, const Report& report) = 0;
    /// Finds the board and the slot; deploys where the settings say so.
    [[nodiscard]] virtual support::Result<Target> place(const Settings& settings, Program program,
                                                        const Report& report) = 0;
    [[nodiscard]] virtual support::Result<std::unique_ptr<session::Session>>
    attach(const session::Options& options) = 0;
    /// Runs an entry once, in the background.
    [[nodiscard]] virtual std::unique_ptr<Invocation> invoke(const Target& target, const std::string& entry,
                                                             const std::vector<std::uint8_t>& context) = 0;
};

/// What only the front end knows.
struct WorkstationHooks {
    /// A board by name; "" = the only one there is, or one that is started.
    std::function<support::Result<link::BoardRecord>(const std::string& name, std::stop_token stop)> findBoard;
    /// The image file that a build id came from.
    std::function<std::optional<std::filesystem::path>(const std::vector<std::uint8_t>& buildId)> findBuild;
};

/// The real one: sdk/project, debugger/link and debugger/session.
[[nodiscard]] std::unique_ptr<Environment> makeWorkstation(WorkstationHooks hooks);

} // namespace rbpf::dap
