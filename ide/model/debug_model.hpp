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
    [[nodiscard]] const QStringList& watches() const { return watches_; }

    void start(dap::Settings settings);
    void stop();

    // Run control; ignored where it makes no sense.
    void resume();
    void reverseResume();
    void pause();
    void move(Move move, session::Granularity granularity);
    void runToLine(const QString& file, unsigned line);
    void travel(const session::Position& position);

    /// Line breakpoints as the user set them; files as absolute paths.
    [[nodiscard]] const std::vector<session::BreakpointSpec>& breakpoints() const { return points_; }
    void toggleLine(const QString& file, unsigned line);
    void setBreakpoints(std::vector<session::BreakpointSpec> points);

    void selectFrame(int frame);
    void setWatches(const QStringList& watches);
    /// `expression = text` in the selected frame.
    void assign(const QString& expression, const QString& text);
    void setRegister(int number, std::uint64_t value);
    void writeMemory(std::uint32_t address, std::vector<std::uint8_t> bytes);
    void whoWroteRegister(int number);
    void whoWroteMemory(std::uint32_t address, std::uint32_t bytes);
    void saveRecording(const QString& path);

Q_SIGNALS:
    void stateChanged();
    void codeChanged();
    void breakpointsChanged();
    void attached(const QString& what);
    void output(const QString& text);
    void notice(const QString& sentence);
    void progress(const QString& what, qulonglong done, qulonglong total);
    void refused(const QString& message, const QString& hint);
    void over(const QString& message, const QString& hint);
    /// Answers to whoWrote…: a sentence, and where to look.
    void writer(const QString& sentence, const rbpf::session::Position& position);

private:
    void set(State state);
    void post(DebugWorker::Task task);
    void syncBreakpoints();
    void answerWriter(const support::Result<std::optional<session::Writer>>& writer);

    State state_ = State::Off;
    SnapshotPtr snapshot_, previous_;
    CodePtr code_;
    std::vector<session::BreakpointSpec> points_;
    QStringList watches_;
    std::unique_ptr<DebugWorker> worker_;
};

} // namespace rbpf::model

Q_DECLARE_METATYPE(rbpf::session::Position)
