// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/debug_model.hpp"

#include <algorithm>
#include <utility>

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

session::Breakpoint* DebugModel::pointOf(int id) {
    const auto found = std::ranges::find(points_, id, &session::Breakpoint::id);
    return found == points_.end() ? nullptr : &*found;
}

int DebugModel::addBreakpoint(BreakpointSpec spec) {
    session::Breakpoint point;
    point.id = ++lastPoint_;
    point.spec = std::move(spec);
    points_.push_back(point);
    if (worker_) {
        worker_->addPoint(point);
    }
    Q_EMIT breakpointsChanged();
    return point.id;
}

void DebugModel::removeBreakpoint(int id) {
    if (std::erase_if(points_, [id](const session::Breakpoint& one) { return one.id == id; }) == 0) {
        return;
    }
    if (worker_) {
        worker_->removePoint(id);
    }
    Q_EMIT breakpointsChanged();
}

void DebugModel::changeBreakpoint(int id, BreakpointSpec spec) {
    session::Breakpoint* point = pointOf(id);
    if (point == nullptr) {
        return;
    }
    session::Breakpoint changed;
    changed.id = id;
    changed.enabled = point->enabled;
    changed.spec = std::move(spec);
    *point = changed;
    if (worker_) {
        worker_->removePoint(id);
        worker_->addPoint(changed);
    }
    Q_EMIT breakpointsChanged();
}

void DebugModel::enableBreakpoint(int id, bool enabled) {
    session::Breakpoint* point = pointOf(id);
    if (point == nullptr || point->enabled == enabled) {
        return;
    }
    point->enabled = enabled;
    if (worker_) {
        worker_->enablePoint(id, enabled);
    }
    Q_EMIT breakpointsChanged();
}

void DebugModel::toggleLine(const QString& file, unsigned line) {
    BreakpointSpec spec;
    spec.file = file.toStdString();
    spec.line = line;
    toggle(std::move(spec));
}

void DebugModel::toggleInstruction(std::uint32_t address) {
    BreakpointSpec spec;
    spec.kind = BreakpointSpec::Kind::Instruction;
    spec.address = address;
    toggle(std::move(spec));
}

void DebugModel::toggle(BreakpointSpec spec) {
    const auto here = std::ranges::find_if(points_, [&](const session::Breakpoint& one) {
        return one.spec.kind == spec.kind && one.spec.file == spec.file && one.spec.line == spec.line &&
               one.spec.address == spec.address;
    });
    if (here != points_.end()) {
        removeBreakpoint(here->id);
    } else {
        addBreakpoint(std::move(spec));
    }
}

void DebugModel::followText(int id, unsigned line) {
    session::Breakpoint* point = pointOf(id);
    if (point != nullptr && point->spec.line != line) {
        point->spec.line = line;
        Q_EMIT breakpointsChanged();
    }
}

/// What the session says of them. The window's specs stay: text may have moved since, and some may be removed. A line
/// without code is shown where the script really stops.
void DebugModel::takePoints(const Points& points) {
    for (const session::Breakpoint& told : points) {
        session::Breakpoint* point = pointOf(told.id);
        if (point == nullptr) {
            continue;
        }
        const bool isNews = point->message != told.message;
        point->verified = told.verified;
        point->places = told.places;
        point->hits = told.hits;
        point->message = told.message;
        if (isNews && told.verified && told.spec.kind == BreakpointSpec::Kind::Line && !told.places.empty() &&
            point->spec.line == told.spec.line) {
            point->spec.line = told.places.front().line;
        }
    }
    Q_EMIT breakpointsChanged();
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
