// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/debug_model.hpp"

#include <QCoreApplication>
#include <QPointer>
#include <algorithm>
#include <utility>

#include "debugger/dwarf/render.hpp"
#include "debugger/session/who_wrote.hpp"

namespace rbpf::model {

namespace {

using session::BreakpointSpec;
using session::Session;

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

} // namespace

DebugModel::DebugModel(QObject* parent) : QObject(parent) {
    qRegisterMetaType<SnapshotPtr>();
    qRegisterMetaType<CodePtr>();
    qRegisterMetaType<Points>();
    qRegisterMetaType<session::Position>();
}

DebugModel::~DebugModel() = default;

void DebugModel::start(dap::Settings settings) {
    if (state_ != State::Off) {
        return;
    }
    snapshot_ = previous_ = nullptr;
    code_ = nullptr;
    look_.frame = 0;
    look_.address.reset();
    trigger_.clear();
    isLost_ = false;
    worker_ = std::make_unique<DebugWorker>(std::move(settings), points_, look_);
    DebugWorker* worker = worker_.get();
    connect(worker, &DebugWorker::attached, this, [this](const QString& what, const QString& trigger) {
        trigger_ = trigger;
        Q_EMIT attached(trigger.isEmpty() ? what : QStringLiteral("%1: %2").arg(what, trigger));
    });
    connect(worker, &DebugWorker::runStarted, this, &DebugModel::runStarted);
    connect(worker, &DebugWorker::runEnded, this, &DebugModel::runEnded);
    connect(worker, &DebugWorker::breakpoints, this, &DebugModel::takePoints);
    connect(worker, &DebugWorker::linkChanged, this, [this](bool isLost, const QString& sentence) {
        isLost_ = isLost;
        Q_EMIT linkChanged(isLost, sentence);
    });
    connect(worker, &DebugWorker::output, this, &DebugModel::output);
    connect(worker, &DebugWorker::notice, this, &DebugModel::notice);
    connect(worker, &DebugWorker::progress, this, &DebugModel::progress);
    connect(worker, &DebugWorker::refused, this, &DebugModel::refused);
    connect(worker, &DebugWorker::code, this, [this](const CodePtr& code) {
        code_ = code;
        Q_EMIT codeChanged();
    });
    connect(worker, &DebugWorker::ran, this, [this] {
        look_.frame = 0;
        set(State::Running);
    });
    connect(worker, &DebugWorker::stopped, this, [this](const SnapshotPtr& snapshot) {
        if (!snapshot_ || snapshot_->stop.position != snapshot->stop.position) {
            previous_ = snapshot_;
        }
        snapshot_ = snapshot;
        set(State::Stopped);
    });
    connect(worker, &DebugWorker::over, this, [this](const QString& message, const QString& hint, bool isHeld) {
        worker_.release()->deleteLater();
        snapshot_ = previous_ = nullptr;
        code_ = nullptr;
        isLost_ = false;
        for (session::Breakpoint& one : points_) {
            one.verified = false;
            one.places.clear();
            one.message.clear();
            one.hits = 0;
        }
        set(State::Off);
        Q_EMIT codeChanged();
        Q_EMIT breakpointsChanged();
        if (next_ && message.isEmpty()) {
            start(*std::exchange(next_, std::nullopt));
            return;
        }
        next_.reset();
        if (isHeld) {
            Q_EMIT held();
        }
        Q_EMIT over(message, hint);
    });
    set(State::Starting);
    worker->start();
}

void DebugModel::restart(dap::Settings settings) {
    if (state_ == State::Off) {
        start(std::move(settings));
        return;
    }
    next_ = std::move(settings);
    worker_->end();
}

void DebugModel::invoke() {
    if (worker_) {
        worker_->invoke();
    }
}

void DebugModel::stop() {
    next_.reset();
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

void DebugModel::runToAddress(std::uint32_t address) {
    post([address](Session& session) { return session.runTo(address); });
}

void DebugModel::travel(const session::Position& position) {
    post([position](Session& session) { return session.travel(position); });
}

void DebugModel::look() {
    if (worker_) {
        worker_->look(look_);
    }
}

void DebugModel::selectFrame(int frame) {
    look_.frame = frame;
    look();
}

void DebugModel::setWatches(const QStringList& watches) {
    look_.watches = watches;
    look();
}

void DebugModel::lookAt(std::uint32_t address) {
    look_.address = address;
    look();
}

void DebugModel::locate(const QString& expression) {
    post([this, text = expression.toStdString(), frame = look_.frame](Session& session) -> support::Result<void> {
        const auto value = session.evaluate(text, frame, false);
        if (!value) {
            return tl::unexpected(value.error());
        }
        const auto address = dwarf::addressMeant(*value);
        if (!address) {
            return support::fail(support::ErrorKind::Usage, "\"" + text + "\" is no address and has none",
                                 "a number, a pointer, or something that lies in memory");
        }
        Q_EMIT located(*address);
        return {};
    });
}

void DebugModel::assign(const QString& expression, const QString& text) {
    post([assignment = (expression + " = " + text).toStdString(),
          frame = look_.frame](Session& session) -> support::Result<void> {
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

void DebugModel::whoWrote(const QString& what) {
    post([this, what, frame = look_.frame](Session& session) -> support::Result<void> {
        answerWriter(what, session::whoWrote(session, what.toStdString(), frame));
        return {};
    });
}

void DebugModel::whoWroteMemory(std::uint32_t address, std::uint32_t bytes) {
    post([this, address, bytes](Session& session) -> support::Result<void> {
        answerWriter(tr("%n byte(s) at 0x%1", nullptr, static_cast<int>(bytes)).arg(address, 8, 16, QLatin1Char('0')),
                     session.whoWroteMemory(address, bytes));
        return {};
    });
}

/// On the session's thread: a signal to objects of the window's thread is queued.
void DebugModel::answerWriter(const QString& what, const support::Result<std::optional<session::Writer>>& writer) {
    if (!writer) {
        Q_EMIT refused(words(writer.error().message), words(writer.error().hint));
    } else if (!*writer) {
        Q_EMIT notice(tr("Nothing in the recorded history wrote %1 before this point.").arg(what));
    } else {
        const session::Writer& who = **writer;
        const QString place = who.location.line > 0
                                  ? QStringLiteral("%1:%2").arg(words(who.location.file)).arg(who.location.line)
                                  : tr("instruction %1").arg(who.location.pc / 8);
        const QString change =
            tr("0x%1 became 0x%2").arg(QString::number(who.before, 16), QString::number(who.after, 16));
        const QString when = tr("run %1, step %2").arg(who.position.run).arg(who.position.step);
        using By = session::Writer::By;
        Q_EMIT this->writer(what,
                            who.by == By::User    ? tr("It was changed by hand: %1 (%2).").arg(change, when)
                            : who.by == By::Start ? tr("Nothing in this run wrote it: the run began with 0x%1 there (%2).")
                                                        .arg(QString::number(who.after, 16), when)
                                                  : tr("%1: %2\n%3 (%4).").arg(place, words(who.text), change, when),
                            who.position);
    }
}

void DebugModel::peek(const QString& expression, QObject* receiver, std::function<void(const QString& text)> done) {
    if (!worker_) {
        return;
    }
    worker_->peek([text = expression.toStdString(), frame = look_.frame, guard = QPointer<QObject>(receiver),
                   done = std::move(done)](Session& session) {
        QString shown;
        const auto value = session.evaluate(text, frame, false);
        const auto state = session.state(frame);
        if (value && state && value->type != nullptr) {
            shown = QStringLiteral("%1 = %2").arg(words(text), words(dwarf::render(*value, **state)));
        }
        QMetaObject::invokeMethod(
            qApp,
            [guard, done, shown] {
                if (guard) {
                    done(shown);
                }
            },
            Qt::QueuedConnection);
    });
}

void DebugModel::saveRecording(const QString& path) {
    post([path = path.toStdString()](Session& session) { return session.save(path); });
}

} // namespace rbpf::model
