// SPDX-License-Identifier: GPL-3.0-or-later
// The thread that owns a debug session. It builds, deploys and attaches, then serves what the window asks for between
// two looks at the board, and tells what happened as signals.
#pragma once

#include <QThread>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>

#include "debugger/dap/environment.hpp"
#include "ide/model/snapshot.hpp"

namespace rbpf::model {

using SnapshotPtr = std::shared_ptr<const Snapshot>;
using CodePtr = std::shared_ptr<const std::vector<session::Instruction>>;

class DebugWorker : public QThread {
    Q_OBJECT
public:
    /// `points` are set before the script may run.
    DebugWorker(dap::Settings settings, std::vector<session::BreakpointSpec> points, QStringList watches);
    /// Ends the session and waits for it.
    ~DebugWorker() override;

    using Task = std::function<support::Result<void>(session::Session&)>;
    /// Runs `task` on the session; then, if the session is stopped, reads it anew. Any thread.
    void post(Task task);
    /// Which frame the locals belong to, and what is watched. Any thread.
    void look(int frame, QStringList watches);
    /// Cancels a start that takes long, or detaches. Any thread.
    void end();

Q_SIGNALS:
    void attached(const QString& what);
    void code(rbpf::model::CodePtr instructions);
    void ran();
    void stopped(rbpf::model::SnapshotPtr snapshot);
    void output(const QString& text);
    void notice(const QString& sentence);
    void progress(const QString& what, qulonglong done, qulonglong total);
    /// Something asked for did not work; the session goes on.
    void refused(const QString& message, const QString& hint);
    /// The last signal. `message` is empty after end().
    void over(const QString& message, const QString& hint);

protected:
    void run() override;

private:
    [[nodiscard]] support::Result<void> open();
    [[nodiscard]] support::Result<void> letGo();
    [[nodiscard]] dap::Report report(const QString& what);
    void serve();
    void doTasks();
    void tell(const session::Event& event);
    void show();

    dap::Settings settings_;
    std::vector<session::BreakpointSpec> points_;
    std::unique_ptr<dap::Environment> environment_;
    dap::Target target_;
    std::unique_ptr<session::Session> session_;
    std::unique_ptr<dap::Invocation> invocation_;
    std::stop_source stop_;

    std::mutex mutex_; ///< guards what follows
    std::deque<Task> tasks_;
    QStringList watches_;
    int frame_ = 0;
};

} // namespace rbpf::model

Q_DECLARE_METATYPE(rbpf::model::SnapshotPtr)
Q_DECLARE_METATYPE(rbpf::model::CodePtr)
