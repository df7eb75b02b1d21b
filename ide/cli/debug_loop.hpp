// SPDX-License-Identifier: GPL-3.0-or-later
// Lines in, stops out, Ctrl-C in between, until one side has enough.
#pragma once

#include "ide/cli/console.hpp"
#include "ide/cli/debug_input.hpp"

namespace rbpf::cli::debug {

class Shell;

/// SIGINT and SIGTERM as something to ask for. Make it before any thread.
class Signals {
public:
    Signals();
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    /// The number of one that came, or 0.
    [[nodiscard]] int take();

private:
    int fd_;
};

enum class LoopEnd : std::uint8_t {
    Done,       ///< quit, or the session is over
    OutOfLines, ///< the input has ended, the debugger has not
    Failed,     ///< a command failed where nobody can mend it
    Cancelled
};
struct LoopResult {
    LoopEnd end = LoopEnd::Done;
    int code = kFine;
};

/// Runs lines of `input`. Where no person types them a line waits for the stop that the one before leads to, and the
/// first mistake ends it.
[[nodiscard]] LoopResult runLoop(Shell& shell, Input& input, Signals& signals, const Console& console);

/// Detaches if that is not done yet and waits a moment for the answer of a trigger that was fired.
[[nodiscard]] int endLoop(Shell& shell, const Console& console, LoopResult result);

} // namespace rbpf::cli::debug
