// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/debug_model.hpp"

#include <algorithm>

namespace rbpf::model {

namespace {

using session::BreakpointSpec;
using session::Session;

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

bool same(const BreakpointSpec& a, const BreakpointSpec& b) {
    return a.kind == b.kind && a.file == b.file && a.line == b.line && a.function == b.function &&
           a.address == b.address && a.size == b.size && a.expression == b.expression && a.condition == b.condition &&
           a.logMessage == b.logMessage && a.ignore == b.ignore && a.onRead == b.onRead && a.onWrite == b.onWrite;
}

/// Makes the session's breakpoints the wanted ones; those that stay keep their hit counts.
support::Result<void> sync(Session& session, const std::vector<BreakpointSpec>& wanted) {
    const auto present = session.breakpoints();
    for (const session::Breakpoint& one : present) {
        if (!one.spec.temporary &&
            std::ranges::none_of(wanted, [&](const BreakpointSpec& spec) { return same(spec, one.spec); })) {
            if (const auto removed = session.removeBreakpoint(one.id); !removed) {
                return removed;
            }
        }
    }
    for (const BreakpointSpec& spec : wanted) {
        if (std::ranges::none_of(present, [&](const session::Breakpoint& one) { return same(spec, one.spec); })) {
            if (const auto added = session.addBreakpoint(spec); !added) {
                return tl::unexpected(added.error());
            }
        }
    }
    return {};
}

} // namespace

DebugModel::DebugModel(QObject* parent) : QObject(parent) {
    qRegisterMetaType<SnapshotPtr>();
    qRegisterMetaType<CodePtr>();
    qRegisterMetaType<session::Position>();
}

DebugModel::~DebugModel() = default;

void DebugModel::start(dap::Settings settings) {
    if (state_ != State::Off) {
        return;
    }
    snapshot_ = previous_ = nullptr;
    code_ = nullptr;
    worker_ = std::make_unique<DebugWorker>(std::move(settings), points_, watches_);
    DebugWorker* worker = worker_.get();
    connect(worker, &DebugWorker::attached, this, &DebugModel::attached);
    connect(worker, &DebugWorker::output, this, &DebugModel::output);
    connect(worker, &DebugWorker::notice, this, &DebugModel::notice);
    connect(worker, &DebugWorker::progress, this, &DebugModel::progress);
    connect(worker, &DebugWorker::refused, this, &DebugModel::refused);
    connect(worker, &DebugWorker::code, this, [this](const CodePtr& code) {
        code_ = code;
        Q_EMIT codeChanged();
    });
    connect(worker, &DebugWorker::ran, this, [this] { set(State::Running); });
    connect(worker, &DebugWorker::stopped, this, [this](const SnapshotPtr& snapshot) {
        if (!snapshot_ || snapshot_->stop.position != snapshot->stop.position) {
            previous_ = snapshot_;
        }
        snapshot_ = snapshot;
        set(State::Stopped);
    });
    connect(worker, &DebugWorker::over, this, [this](const QString& message, const QString& hint) {
        worker_.release()->deleteLater();
        snapshot_ = previous_ = nullptr;
        code_ = nullptr;
        set(State::Off);
        Q_EMIT codeChanged();
        Q_EMIT over(message, hint);
    });
    set(State::Starting);
    worker->start();
}

void DebugModel::stop() {
    if (worker_) {
        worker_->end();
    }
}

void DebugModel::set(State state) {
    state_ = state;
    Q_EMIT stateChanged();
}

void DebugModel::post(DebugWorker::Task task) {
    if (worker_) {
        worker_->post(std::move(task));
    }
}

void DebugModel::resume() {
    post([](Session& session) { return session.resume(); });
}

void DebugModel::reverseResume() {
    post([](Session& session) { return session.reverseResume(); });
}

void DebugModel::pause() {
    post([](Session& session) { return session.interrupt(); });
}

void DebugModel::move(Move move, session::Granularity granularity) {
    post([move, granularity](Session& session) -> support::Result<void> {
        switch (move) {
        case Move::Into: return session.stepInto(granularity);
        case Move::Over: return session.stepOver(granularity);
        case Move::Out: return session.stepOut();
        case Move::BackInto: return session.stepBackInto(granularity);
        case Move::BackOver: return session.stepBackOver(granularity);
        case Move::BackOut: return session.stepBackOut();
        }
        return {};
    });
}

void DebugModel::runToLine(const QString& file, unsigned line) {
    post([file = file.toStdString(), line](Session& session) -> support::Result<void> {
        const auto match = session.debugInfo().placesOfLine(file, line);
        if (!match) {
            return support::fail(support::ErrorKind::Usage, "there is no code at or behind that line");
        }
        return session.runTo(match->places.front().address);
    });
}

void DebugModel::travel(const session::Position& position) {
    post([position](Session& session) { return session.travel(position); });
}

void DebugModel::toggleLine(const QString& file, unsigned line) {
    const std::string path = file.toStdString();
    const auto removed = std::erase_if(points_, [&](const BreakpointSpec& spec) {
        return spec.kind == BreakpointSpec::Kind::Line && spec.file == path && spec.line == line;
    });
    if (removed == 0) {
        BreakpointSpec spec;
        spec.file = path;
        spec.line = line;
        points_.push_back(std::move(spec));
    }
    syncBreakpoints();
}

void DebugModel::setBreakpoints(std::vector<BreakpointSpec> points) {
    points_ = std::move(points);
    syncBreakpoints();
}

void DebugModel::syncBreakpoints() {
    post([wanted = points_](Session& session) { return sync(session, wanted); });
    Q_EMIT breakpointsChanged();
}

void DebugModel::selectFrame(int frame) {
    if (worker_) {
        worker_->look(frame, watches_);
    }
}

void DebugModel::setWatches(const QStringList& watches) {
    watches_ = watches;
    selectFrame(snapshot_ ? snapshot_->frame : 0);
}

void DebugModel::assign(const QString& expression, const QString& text) {
    post([assignment = (expression + " = " + text).toStdString(),
          frame = snapshot_ ? snapshot_->frame : 0](Session& session) -> support::Result<void> {
        const auto done = session.evaluate(assignment, frame, true);
        return done ? support::Result<void>() : tl::unexpected(done.error());
    });
}

void DebugModel::setRegister(int number, std::uint64_t value) {
    post([=](Session& session) { return session.setRegister(number, value); });
}

void DebugModel::writeMemory(std::uint32_t address, std::vector<std::uint8_t> bytes) {
    post([address, bytes = std::move(bytes)](Session& session) { return session.writeMemory(address, bytes); });
}

void DebugModel::whoWroteRegister(int number) {
    post([this, number](Session& session) -> support::Result<void> {
        answerWriter(session.whoWroteRegister(number));
        return {};
    });
}

void DebugModel::whoWroteMemory(std::uint32_t address, std::uint32_t bytes) {
    post([this, address, bytes](Session& session) -> support::Result<void> {
        answerWriter(session.whoWroteMemory(address, bytes));
        return {};
    });
}

/// On the session's thread: a signal to objects of the window's thread is queued.
void DebugModel::answerWriter(const support::Result<std::optional<session::Writer>>& writer) {
    if (!writer) {
        Q_EMIT refused(words(writer.error().message), words(writer.error().hint));
    } else if (!*writer) {
        Q_EMIT notice(tr("Nothing in the recorded history wrote it."));
    } else {
        const session::Writer& who = **writer;
        const QString by = who.by == session::Writer::By::User    ? tr("changed by hand")
                           : who.by == session::Writer::By::Start ? tr("the run found it so")
                                                                  : words(who.text);
        Q_EMIT this->writer(tr("%1:%2: %3 (0x%4 became 0x%5)")
                              .arg(words(who.location.file))
                              .arg(who.location.line)
                              .arg(by)
                              .arg(who.before, 0, 16)
                              .arg(who.after, 0, 16),
                          who.position);
    }
}

void DebugModel::saveRecording(const QString& path) {
    post([path = path.toStdString()](Session& session) { return session.save(path); });
}

} // namespace rbpf::model
