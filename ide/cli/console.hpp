// SPDX-License-Identifier: GPL-3.0-or-later
// The one place where the command line prints and where exit codes are decided.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::cli {

/// design.md, section 8.
enum ExitCode : int {
    kFine = 0,
    kScriptFault = 1, ///< compile, link, verify, run; also files of the workstation
    kUsage = 2,
    kBoardFault = 3, ///< board or link
    kCancelled = 130,
};

[[nodiscard]] ExitCode exitCode(support::ErrorKind kind);

/// Results go to standard output, everything said about them to standard error, so that output can be piped.
class Console {
public:
    Console();

    bool json = false; ///< the command was given --json

    void print(std::string_view text) const;           ///< as is
    void printJson(const nlohmann::json& value) const; ///< a document and a newline
    void note(std::string_view text) const;            ///< a line to standard error, not with --json
    void warn(std::string_view text, std::string_view hint = {}) const;

    /// Message, hint; with --json also {"error": …} as the result. Returns the exit code of its kind.
    int fail(const support::Error& error) const;
    /// Each with its source line and a caret, as compilers do. Relative files are looked for below `folder`.
    void diagnostics(const std::vector<support::Diagnostic>& list, const std::filesystem::path& folder) const;

    [[nodiscard]] bool isTerminal() const { return isTerminal_; } ///< standard error is one

private:
    void diagnostic(const support::Diagnostic& diagnostic, const std::filesystem::path& folder) const;
    [[nodiscard]] std::string styled(const char* style, std::string_view text) const;

    bool isTerminal_;
    bool hasColours_;
};

} // namespace rbpf::cli
