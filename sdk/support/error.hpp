// SPDX-License-Identifier: GPL-3.0-or-later
// What can go wrong on the workstation, as values: Error for what stops an operation, Diagnostic for what is to be
// told about the user's own input.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace rbpf::support {

/// Kinds exist because somebody branches on them: the command line's exit codes and retry logic.
enum class ErrorKind : std::uint8_t {
    Script,    ///< the user's script, image or project is at fault (exit code 1)
    Usage,     ///< the call itself is wrong (exit code 2)
    Board,     ///< the board answered with an error (exit code 3)
    Link,      ///< no answer, no port, lost connection (exit code 3)
    Cancelled, ///< the caller asked for it
    Io,        ///< the workstation's files (exit code 1)
};

/// `message` names cause and place ("rbpf.json:4:3: expected a number, found \"many\""), `hint` the next step or "".
struct Error {
    ErrorKind kind;
    std::string message;
    std::string hint;
};

template <typename T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, std::string message, std::string hint = {}) {
    return tl::unexpected<Error>(Error{kind, std::move(message), std::move(hint)});
}

enum class Severity : std::uint8_t {
    Note,
    Warning,
    Error
};

/// Lines and columns count from 1 (bytes); 0 = the whole file. End is exclusive.
struct SourceRange {
    std::string file;
    unsigned line = 0;
    unsigned column = 0;
    unsigned endLine = 0;
    unsigned endColumn = 0;
};

/// Replace `range` by `text`.
struct FixIt {
    SourceRange range;
    std::string text;
};

struct Diagnostic {
    Severity severity = Severity::Error;
    SourceRange range;
    std::string message;
    std::string hint; ///< what to do, in words, or ""
    std::vector<FixIt> fixIts;
    std::vector<Diagnostic> notes;
};

} // namespace rbpf::support
