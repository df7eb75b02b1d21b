// SPDX-License-Identifier: GPL-3.0-or-later
// pyOCD as installed: which generation it is, what its commands are called, what it finds. Nothing else knows its
// command lines.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "sdk/support/error.hpp"
#include "sdk/support/process.hpp"

namespace rbpf::flash {

enum class Generation : std::uint8_t {
    Tools,      ///< up to 0.13, as Debian 12 has it: pyocd-flashtool, pyocd-tool, pyocd-gdbserver
    Subcommands ///< since: pyocd flash, pyocd json, pyocd commander, …
};

struct Pyocd {
    Generation generation = Generation::Subcommands;
    std::string version;
};

/// A debug probe that pyOCD lists.
struct Probe {
    std::string uniqueId;
    std::string description; ///< maker and product
    std::string board;       ///< that it sits on, or ""
    std::string target;      ///< of that board, or "" if pyOCD does not know it
};

/// An address range of the chip, and the file it is read into.
struct ReadRange {
    std::uint32_t address;
    std::uint32_t size;
    std::filesystem::path file;
};

struct Chosen {
    std::string probe, target;
};

/// The current generation is preferred where both are installed. Errors: kind Io if there is none or it does not start.
[[nodiscard]] support::Result<Pyocd> findPyocd(std::stop_token stop);

/// Errors: kind Io, with what pyOCD said.
[[nodiscard]] support::Result<std::vector<Probe>> listProbes(const Pyocd& pyocd, std::stop_token stop);
/// Names of chips that --target takes, sorted.
[[nodiscard]] support::Result<std::vector<std::string>> listTargets(const Pyocd& pyocd, std::stop_token stop);

/// Erases the sectors that the HEX file touches, writes them, starts the program. Never unlocks by itself.
[[nodiscard]] support::ProcessCommand flashCommand(const Pyocd& pyocd, const Chosen& chosen,
                                                   const std::filesystem::path& hexFile);
/// Erases all of the chip, protection included.
[[nodiscard]] support::ProcessCommand unlockCommand(const Pyocd& pyocd, const Chosen& chosen);
/// Reads the chip back and starts its program afresh: one program or, for the older generation, one a range.
[[nodiscard]] std::vector<support::ProcessCommand> readCommands(const Pyocd& pyocd, const Chosen& chosen,
                                                                const std::vector<ReadRange>& ranges);

namespace detail {
/// What `pyocd json` and `pyocd-gdbserver --list --json` print. Errors: kind Io.
[[nodiscard]] support::Result<std::vector<Probe>> parseProbes(const std::string& json);
[[nodiscard]] support::Result<std::vector<std::string>> parseTargets(const std::string& json);
} // namespace detail

} // namespace rbpf::flash
