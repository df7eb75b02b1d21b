// SPDX-License-Identifier: GPL-3.0-or-later
// The terminal debugger without its terminal: commands in, text out. What is shown always belongs to the session's
// position and to the frame selected there.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "debugger/session/session.hpp"
#include "ide/cli/debug_source.hpp"
#include "ide/cli/debug_trigger.hpp"

namespace rbpf::cli::debug {

struct Command;

struct Setup {
    std::function<void(std::string_view)> print;
    std::filesystem::path sourceFolder; ///< what relative paths of the debug information count from
    Trigger* trigger = nullptr;         ///< null: nothing can be fired (a recording)
    std::string script;                 ///< name for sentences
    bool isRecording = false;
};

class Shell {
public:
    Shell(session::Session& session, Setup setup);

    /// One line as typed. "" repeats the last command if that one repeats.
    support::Result<void> execute(std::string_view line);
    /// Waits for the session's next event and shows it; also what a fired trigger answered. An Error ends the session.
    support::Result<void> pump(std::chrono::milliseconds wait);
    /// Waits for what a fired trigger answers, and says it.
    void showAnswer(std::chrono::milliseconds wait);
    /// A stop that came by no event: where the session begins.
    void show(const session::Stop& stop) { handleStop(stop); }
    /// Ctrl-C: interrupts the script. False if there is nothing to interrupt.
    bool interrupt();

    [[nodiscard]] std::string prompt() const;
    /// Nothing more can be asked: quit, detached, or the session is over.
    [[nodiscard]] bool done() const { return done_; }
    /// The session ended by itself.
    [[nodiscard]] bool lost() const { return lost_; }
    /// The last command started the script and neither a stop nor the run's end has been seen since.
    [[nodiscard]] bool waiting() const { return waiting_ && !done_; }
    [[nodiscard]] bool answerPending() const;
    /// The script is in a run that somebody may wait for.
    [[nodiscard]] bool inRun() const { return inRun_; }

    // For the commands.
    [[nodiscard]] session::Session& session() { return session_; }
    [[nodiscard]] const Setup& setup() const { return setup_; }
    [[nodiscard]] Sources& sources() { return sources_; }
    void print(std::string_view text) const { setup_.print(text); }

    [[nodiscard]] int level() const { return level_; }
    void select(int level);
    [[nodiscard]] support::Result<session::Frame> frame();
    /// The source line of the selected frame with its neighbours, or its instruction.
    void showPlace();
    /// The value as C, in the selected frame.
    [[nodiscard]] std::string render(const dwarf::Value& value, bool hexadecimal = false);

    /// Where `list` goes on.
    struct ListPlace {
        std::string file;
        unsigned next = 0;    ///< 0 = around the current line
        unsigned current = 0; ///< line to mark
    };
    [[nodiscard]] ListPlace& listPlace() { return list_; }
    std::uint32_t nextExamined = 0; ///< where `x` without an address goes on
    std::string examineFormat = "8xw";
    [[nodiscard]] const std::vector<std::uint64_t>& registersBefore() const { return registersBefore_; }

    using Move = std::function<support::Result<void>(session::Session&)>;
    /// `count` times one after the other, shown at the last or where something else stops the script.
    support::Result<void> moveRepeatedly(std::uint64_t count, Move move);
    /// Breakpoints reach the board when it goes on: a running script is halted for a moment, unnoticed.
    support::Result<void> whileHalted(const std::function<support::Result<void>()>& action);
    void showInstructions(bool on) { showsInstruction_ = on; }
    void removeAtNextStop(int breakpoint) { temporary_.push_back(breakpoint); }
    [[nodiscard]] const std::string& consoleText() const { return console_; }
    void finish() { done_ = true; }

private:
    void handle(const session::Event& event);
    void handleStop(const session::Stop& stop);
    void handleOutput(const session::Output& output);
    void showChangedVariables();
    void learnSteps();
    void removeTemporary();
    void settle();

    session::Session& session_;
    Setup setup_;
    Sources sources_;
    int level_ = 0;
    ListPlace list_;
    std::string last_; ///< the line that Enter repeats
    bool waiting_ = false, done_ = false, lost_ = false, inRun_ = false;
    bool showsInstruction_ = false;
    std::vector<int> temporary_;
    std::uint64_t movesLeft_ = 0;
    Move move_;
    std::string console_; ///< what the script printed, the last of it

    std::map<std::uint32_t, std::uint64_t> steps_; ///< instructions known of a run
    std::string variablesOf_;                      ///< the frame the next two belong to
    std::map<std::string, std::string> variables_; ///< as shown at the last stop
    std::vector<std::uint64_t> registersBefore_, registersNow_;
};

} // namespace rbpf::cli::debug
