// SPDX-License-Identifier: GPL-3.0-or-later
// Where the debugger's commands come from, and how its text gets out without tearing a line that is being typed.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rbpf::cli::debug {

/// What completion found: each candidate replaces the text from `from` to the cursor.
struct Candidates {
    std::size_t from = 0;
    std::vector<std::string> list; ///< sorted, none twice
};

/// What a source asks while it waits for a line.
struct Asked {
    std::function<std::string()> prompt;
    std::function<bool()> idle; ///< lets the debugger work for a moment; false = there is nothing left to ask for
    std::function<Candidates(const std::string& text)> complete; ///< text up to the cursor
};

class Input {
public:
    virtual ~Input() = default;
    /// The next line without its end; nothing at the end.
    virtual std::optional<std::string> line(const Asked& asked) = 0;
    /// A person sits there: mistakes do not end the session.
    [[nodiscard]] virtual bool isInteractive() const = 0;
    virtual void print(std::string_view text) = 0;
    /// Drops the line that is being typed (Ctrl-C).
    virtual void dropLine() {}
};

/// Lines of a file or pipe; each is printed behind its prompt, so that the output reads like a session.
class StreamInput : public Input {
public:
    /// Reads `fd`, which stays open, and prints to standard output.
    explicit StreamInput(int fd) : fd_(fd) {}
    /// Lines that are known already.
    explicit StreamInput(const std::string& text);

    std::optional<std::string> line(const Asked& asked) override;
    [[nodiscard]] bool isInteractive() const override { return false; }
    void print(std::string_view text) override;

private:
    [[nodiscard]] bool fill(const Asked& asked);

    int fd_ = -1;
    std::string pending_; ///< read but not yet a whole line
    bool atEnd_ = false;
};

/// The terminal, with editing, completion and a history that outlives the session.
[[nodiscard]] std::unique_ptr<Input> openTerminal();

} // namespace rbpf::cli::debug
