// SPDX-License-Identifier: GPL-3.0-or-later
// Another program as a child: started without a shell, heard through pipes, ended in order.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::support {

/// The program that a shell would run for `name`: a path with a slash as it is, else the first executable on PATH.
[[nodiscard]] std::optional<std::string> findProgram(const std::string& name);

struct ProcessCommand {
    std::vector<std::string> arguments; ///< the first one is the program, as findProgram() takes it
    std::vector<std::pair<std::string, std::string>> environment; ///< set in addition to this program's own
    bool isJoined = false; ///< standard error comes as standard output, in the order in which both were written
};

enum class OutputStream : std::uint8_t {
    Out,
    Err
};

struct ProcessOptions {
    std::chrono::milliseconds deadline{60000}; ///< for the whole run
    std::chrono::milliseconds silence{60000};  ///< without a word
    std::chrono::milliseconds grace{4000};     ///< that one who is to end has before the next, harder signal
    std::stop_token stop;
    /// Pieces as they arrive, cut anywhere; also collected in ProcessEnd.
    std::function<void(OutputStream, std::string_view)> output;
};

/// How a run ended. At most one of signal, isLate and isStopped tells why it did not end by itself.
struct ProcessEnd {
    int exitCode = -1;      ///< -1 unless it exited
    int signal = 0;         ///< that ended it
    bool isLate = false;    ///< we ended it: a deadline passed
    bool isStopped = false; ///< we ended it: `stop` asked for it
    std::string out, err;   ///< the last 256 KB of each
};

/// Runs a program to its end with an empty standard input, in a process group of its own: a Ctrl-C in the terminal is
/// this program's to pass on. What has to be ended gets SIGINT, which lets a Python program clean up, then SIGTERM,
/// then SIGKILL. An Error (kind Io) means that it could not be started.
[[nodiscard]] Result<ProcessEnd> runProcess(const ProcessCommand& command, const ProcessOptions& options = {});

} // namespace rbpf::support
