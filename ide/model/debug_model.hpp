// SPDX-License-Identifier: GPL-3.0-or-later
// Debugging as the window sees it: a state, the last stop as a snapshot, and requests that never wait. Breakpoints
// live here, so that they outlast sessions.
#pragma once

#include <QObject>
#include <QStringList>
#include <memory>

#include "ide/model/debug_worker.hpp"

namespace rbpf::model {

enum class Move {
    Into,
    Over,
    Out,
    BackInto,
    BackOver,
    BackOut
};

class DebugModel : public QObject {
    Q_OBJECT
public:
    enum class State {
        Off,
        Starting,
        Running,
        Stopped
    };

    explicit DebugModel(QObject* parent = nullptr);
    ~DebugModel() override;

    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] SnapshotPtr snapshot() const { return snapshot_; }             ///< null unless stopped
    [[nodiscard]] SnapshotPtr previous() const { return previous_; }             ///< of the stop before; for "changed"
    [[nodiscard]] CodePtr code() const { return code_; }                         ///< null without a session
    [[nodiscard]] const QStringList& watches() const { return look_.watches; }
    /// The board is gone in the middle of a session, and looked for.
    [[nodiscard]] bool isLost() const { return isLost_; }
    /// What runs the script that is debugged, in words; "" = not known.
    [[nodiscard]] const QString& trigger() const { return trigger_; }

    void start(dap::Settings settings);
    void stop();
    /// Ends the session and starts one with these settings.
    void restart(dap::Settings settings);
    /// Runs the script's first entry once, as its trigger would.
    void invoke();

    // Run control; ignored where it makes no sense.
    void resume();
    void reverseResume();
    void pause();
    void move(Move move, session::Granularity granularity);
    void runToLine(const QString& file, unsigned line);
    void runToAddress(std::uint32_t address);
    void travel(const session::Position& position);

    /// As the user set them, files as absolute paths; with what the session makes of them while there is one. Ids are
    /// the model's.
    [[nodiscard]] const Points& breakpoints() const { return points_; }
    int addBreakpoint(session::BreakpointSpec spec);
    void removeBreakpoint(int id);
    void changeBreakpoint(int id, session::BreakpointSpec spec);
    void enableBreakpoint(int id, bool enabled);
    /// Adds a line's breakpoint, or removes what is there.
    void toggleLine(const QString& file, unsigned line);
    void toggleInstruction(std::uint32_t address);
    /// Its line is another one now, because text was inserted or removed before it. A running session keeps the place
    /// that it has: its code is that of the old text.
    void followText(int id, unsigned line);

    void selectFrame(int frame);
    void setWatches(const QStringList& watches);
    /// Snapshots then hold the part of a large region around it.
    void lookAt(std::uint32_t address);
    /// The address that an expression means: located() answers.
    void locate(const QString& expression);
    /// `expression = text` in the selected frame.
    void assign(const QString& expression, const QString& text);
    void setRegister(int number, std::uint64_t value);
    void writeMemory(std::uint32_t address, std::vector<std::uint8_t> bytes);
    /// A register's name or a C expression in the selected frame.
    void whoWrote(const QString& what);
    void whoWroteMemory(std::uint32_t address, std::uint32_t bytes);
    /// What an expression is now, for a tooltip; `done` gets "" where it is nothing. It runs on this thread, unless
    /// `receiver` is gone.
    void peek(const QString& expression, QObject* receiver, std::function<void(const QString& text)> done);
    void saveRecording(const QString& path);

Q_SIGNALS:
    void stateChanged();
    void codeChanged();
    void breakpointsChanged();
    void attached(const QString& what);
    void runStarted(quint32 run);
    void runEnded(quint32 run);
    void linkChanged(bool isLost, const QString& sentence);
    void output(const QString& text);
    void notice(const QString& sentence);
    void progress(const QString& what, qulonglong done, qulonglong total);
    void refused(const QString& message, const QString& hint);
    void over(const QString& message, const QString& hint);
    /// Before over(): another debugger has the board; settings with `take` would get it.
    void held();
    void located(quint32 address);
    /// Answers to whoWrote…: a sentence about `what`, and where to look.
    void writer(const QString& what, const QString& sentence, const rbpf::session::Position& position);

private:
    void set(State state);
    void post(DebugWorker::Task task);
    void look();
    void toggle(session::BreakpointSpec spec);
    [[nodiscard]] session::Breakpoint* pointOf(int id);
    void takePoints(const Points& points);
    void answerWriter(const QString& what, const support::Result<std::optional<session::Writer>>& writer);

    State state_ = State::Off;
    SnapshotPtr snapshot_, previous_;
    CodePtr code_;
    Points points_;
    int lastPoint_ = 0;
    Look look_;
    QString trigger_;
    bool isLost_ = false;
    std::optional<dap::Settings> next_; ///< to start when the session is over
    std::unique_ptr<DebugWorker> worker_;
};

} // namespace rbpf::model
