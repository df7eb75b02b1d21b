// SPDX-License-Identifier: GPL-3.0-or-later
// The thread that owns a debug session. It builds, deploys and attaches, then serves what the window asks for between
// two looks at the board, and tells what happened as signals.
#pragma once

#include <QThread>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>

#include "debugger/dap/environment.hpp"
#include "ide/model/snapshot.hpp"

namespace rbpf::model {

using SnapshotPtr = std::shared_ptr<const Snapshot>;
using CodePtr = std::shared_ptr<const std::vector<session::Instruction>>;
using Points = std::vector<session::Breakpoint>;

class DebugWorker : public QThread {
    Q_OBJECT
public:
    /// `points` are set before the script may run.
    DebugWorker(dap::Settings settings, std::vector<session::Breakpoint> points, Look look);
    /// Ends the session and waits for it.
    ~DebugWorker() override;

    using Task = std::function<support::Result<void>(session::Session&)>;
    /// Runs `task` on the session; then, if the session is stopped, reads it anew. Any thread.
    void post(Task task);
    /// The same for what only looks: nothing is read anew, and a script that runs is not looked at. Any thread.
    void peek(std::function<void(session::Session&)> look);
    /// What snapshots are to show. Any thread.
    void look(Look look);
    // Breakpoints, by the window's ids. Any thread.
    void addPoint(session::Breakpoint point);
    void removePoint(int id);
    void enablePoint(int id, bool enabled);
    /// Runs the first entry. Any thread.
    void invoke();
    /// Cancels a start that takes long, or detaches. Any thread.
    void end();

Q_SIGNALS:
    /// `trigger`: what runs the script, or "".
    void attached(const QString& what, const QString& trigger);
    void code(rbpf::model::CodePtr instructions);
    void ran();
    void stopped(rbpf::model::SnapshotPtr snapshot);
    void runStarted(quint32 run);
    void runEnded(quint32 run);
    void breakpoints(const rbpf::model::Points& points);
    void output(const QString& text);
    void notice(const QString& sentence);
    /// The board is gone and looked for, or there again.
    void linkChanged(bool isLost, const QString& sentence);
    void progress(const QString& what, qulonglong done, qulonglong total);
    /// Something asked for did not work; the session goes on.
    void refused(const QString& message, const QString& hint);
    /// The last signal. `message` is empty after end(). `isHeld`: another debugger has the board's seat.
    void over(const QString& message, const QString& hint, bool isHeld);

protected:
    void run() override;

private:
    [[nodiscard]] support::Result<void> open();
    [[nodiscard]] support::Result<void> letGo();
    [[nodiscard]] dap::Report report(const QString& what);
    void serve();
    void doTasks();
    void doPeeks();
    void tell(const session::Event& event);
    void show();
    void setPoint(const session::Breakpoint& point);
    void retryWatches();
    void tellPoints();
    void end(const support::Error& error);

    dap::Settings settings_;
    Points points_;                    ///< as the window wants them, with its ids
    std::map<int, int> ids_;           ///< the window's to the session's
    std::map<int, QString> refusals_;  ///< why the session has none of the window's id
    bool isLost_ = false;
    std::unique_ptr<dap::Environment> environment_;
    dap::Target target_;
    std::unique_ptr<session::Session> session_;
    std::unique_ptr<dap::Invocation> invocation_;
    std::stop_source stop_;

    std::mutex mutex_; ///< guards what follows
    std::deque<Task> tasks_;
    std::deque<std::function<void(session::Session&)>> peeks_;
    Look look_;
};

} // namespace rbpf::model

Q_DECLARE_METATYPE(rbpf::model::SnapshotPtr)
Q_DECLARE_METATYPE(rbpf::model::CodePtr)
Q_DECLARE_METATYPE(rbpf::model::Points)
