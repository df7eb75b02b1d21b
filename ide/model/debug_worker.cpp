// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/debug_worker.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "ide/cli/board_choice.hpp"
#include "ide/cli/known_builds.hpp"

namespace rbpf::model {

namespace {

/// How long a key press may wait for the session's thread.
constexpr std::chrono::milliseconds kSlice{8};

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

dap::WorkstationHooks hooks() {
    dap::WorkstationHooks hooks;
    hooks.findBoard = [](const std::string& name, std::stop_token stop) {
        return cli::findOrStartBoard(name, std::move(stop));
    };
    hooks.findBuild = [](const std::vector<std::uint8_t>& buildId) -> std::optional<std::filesystem::path> {
        const auto known = cli::findBuild(buildId);
        return known ? std::optional(known->path) : std::nullopt;
    };
    return hooks;
}

} // namespace

DebugWorker::DebugWorker(dap::Settings settings, Points points, Look look)
    : settings_(std::move(settings)), points_(std::move(points)), environment_(dap::makeWorkstation(hooks())),
      look_(std::move(look)) {}

DebugWorker::~DebugWorker() {
    end();
    wait();
}

void DebugWorker::post(Task task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
}

void DebugWorker::peek(std::function<void(session::Session&)> look) {
    const std::lock_guard lock(mutex_);
    peeks_.push_back(std::move(look));
}

void DebugWorker::doPeeks() {
    std::deque<std::function<void(session::Session&)>> peeks;
    {
        const std::lock_guard lock(mutex_);
        peeks.swap(peeks_);
    }
    for (const auto& peek : peeks) {
        if (!session_->running()) {
            peek(*session_);
        }
    }
}

void DebugWorker::look(Look look) {
    {
        const std::lock_guard lock(mutex_);
        look_ = std::move(look);
    }
    post([](session::Session&) { return support::Result<void>(); });
}

void DebugWorker::addPoint(session::Breakpoint point) {
    post([this, point = std::move(point)](session::Session&) -> support::Result<void> {
        points_.push_back(point);
        setPoint(point);
        tellPoints();
        return {};
    });
}

void DebugWorker::removePoint(int id) {
    post([this, id](session::Session& session) -> support::Result<void> {
        std::erase_if(points_, [id](const session::Breakpoint& one) { return one.id == id; });
        refusals_.erase(id);
        const auto known = ids_.extract(id);
        return known ? session.removeBreakpoint(known.mapped()) : support::Result<void>();
    });
}

void DebugWorker::enablePoint(int id, bool enabled) {
    post([this, id, enabled](session::Session& session) -> support::Result<void> {
        for (session::Breakpoint& one : points_) {
            one.enabled = one.id == id ? enabled : one.enabled;
        }
        const auto known = ids_.find(id);
        return known != ids_.end() ? session.enableBreakpoint(known->second, enabled) : support::Result<void>();
    });
}

void DebugWorker::setPoint(const session::Breakpoint& point) {
    const auto added = session_->addBreakpoint(point.spec);
    if (!added) {
        refusals_[point.id] = words(added.error().message);
        return;
    }
    refusals_.erase(point.id);
    ids_[point.id] = added->id;
    if (!point.enabled) {
        static_cast<void>(session_->enableBreakpoint(added->id, false)); // it is known: it was just added
    }
}

/// A watched expression needs a stopped script whose scope has it: at each stop there is another chance.
void DebugWorker::retryWatches() {
    const std::size_t refused = refusals_.size();
    for (const session::Breakpoint& one : points_) {
        if (one.spec.kind == session::BreakpointSpec::Kind::Watch && refusals_.contains(one.id)) {
            setPoint(one);
        }
    }
    if (refusals_.size() != refused) {
        tellPoints();
    }
}

void DebugWorker::tellPoints() {
    Points told;
    const auto present = session_->breakpoints();
    for (session::Breakpoint one : points_) {
        const auto known = ids_.find(one.id);
        const auto found = std::ranges::find(present, known != ids_.end() ? known->second : 0, &session::Breakpoint::id);
        if (found != present.end()) {
            const int id = std::exchange(one, *found).id;
            one.id = id;
        } else if (const auto refusal = refusals_.find(one.id); refusal != refusals_.end()) {
            one.message = refusal->second.toStdString();
        }
        told.push_back(std::move(one));
    }
    Q_EMIT breakpoints(told);
}

void DebugWorker::invoke() {
    post([this](session::Session& session) -> support::Result<void> {
        if (!target_.program.image || target_.program.image->entries.empty()) {
            return support::fail(support::ErrorKind::Usage, "the image of this script is not known here",
                                 "what triggers it on the board runs it");
        }
        invocation_ = environment_->invoke(target_, target_.program.image->entries.front().name, {});
        return session.running() ? support::Result<void>() : session.resume();
    });
}

void DebugWorker::end(const support::Error& error) {
    const bool wanted = error.kind == support::ErrorKind::Cancelled;
    Q_EMIT over(wanted ? QString() : words(error.message), words(error.hint), session::isHeldByOther(error));
}

void DebugWorker::end() {
    stop_.request_stop();
}

void DebugWorker::run() {
    auto opened = open();
    if (opened) {
        opened = letGo();
    }
    if (!opened) {
        end(opened.error());
        return;
    }
    serve();
}

support::Result<void> DebugWorker::open() {
    auto program = environment_->load(settings_, report(tr("Building")));
    if (!program) {
        return tl::unexpected(program.error());
    }
    auto target = environment_->place(settings_, std::move(*program), report(tr("Deploying")));
    if (!target) {
        return tl::unexpected(target.error());
    }
    target_ = std::move(*target);
    session::Options options;
    options.board = target_.board.id;
    options.slot = target_.slot;
    if (target_.program.image) {
        options.image = target_.program.image->bytes;
    }
    options.debugElf = target_.program.debugElf;
    options.sourceRoot = target_.program.folder;
    options.stopOnEntry = settings_.stopOnEntry;
    options.take = settings_.take;
    // Not stop_: it would also cut short the farewell in serve(), and the board would keep our seat.
    auto session = environment_->attach(options);
    if (!session) {
        return tl::unexpected(session.error());
    }
    session_ = std::move(*session);
    return {};
}

/// Breakpoints first, then the script may run.
support::Result<void> DebugWorker::letGo() {
    for (const session::Breakpoint& point : points_) {
        setPoint(point);
    }
    tellPoints();
    if (const auto all = session_->disassemble(0, UINT16_MAX)) {
        Q_EMIT code(std::make_shared<const std::vector<session::Instruction>>(*all));
    }
    Q_EMIT attached(tr("Debugging %1 in slot %2 of %3")
                      .arg(words(target_.script))
                      .arg(target_.slot)
                      .arg(words(target_.board.id)),
                  words(target_.howToRun));
    if (session_->stop().cause != RBPF_CAUSE_IDLE && settings_.stopOnEntry) {
        show();
        return {};
    }
    const auto resumed = session_->resume();
    if (!resumed) {
        return resumed;
    }
    Q_EMIT ran();
    if (settings_.invoke && target_.program.image && !target_.program.image->entries.empty()) {
        const std::string entry =
            settings_.entry.empty() ? target_.program.image->entries.front().name : settings_.entry;
        invocation_ = environment_->invoke(target_, entry, settings_.context);
    }
    return {};
}

dap::Report DebugWorker::report(const QString& what) {
    dap::Report report;
    report.stop = stop_.get_token();
    report.say = [this](const std::string& text) { Q_EMIT notice(words(text).trimmed()); };
    report.diagnostic = [](const support::Diagnostic&) {}; // the window's own builds show them
    report.progress = [this, what](std::size_t done, std::size_t total) { Q_EMIT progress(what, done, total); };
    return report;
}

void DebugWorker::serve() {
    while (!stop_.stop_requested()) {
        doTasks();
        doPeeks();
        const auto event = session_->wait(kSlice);
        if (!event) {
            end(event.error());
            return;
        }
        if (!*event) {
            continue;
        }
        if (const auto* ended = std::get_if<session::Ended>(&**event)) {
            Q_EMIT over(words(ended->sentence), {}, false);
            return;
        }
        tell(**event);
    }
    invocation_.reset();
    static_cast<void>(session_->detach(false)); // a board that is gone holds nobody
    session_.reset();
    Q_EMIT over({}, {}, false);
}

void DebugWorker::doTasks() {
    for (;;) {
        Task task;
        {
            const std::lock_guard lock(mutex_);
            if (tasks_.empty()) {
                return;
            }
            task = std::move(tasks_.front());
            tasks_.pop_front();
        }
        if (const auto done = task(*session_); !done) {
            Q_EMIT refused(words(done.error().message), words(done.error().hint));
        }
        if (session_->running()) {
            Q_EMIT ran();
        } else {
            show();
        }
    }
}

void DebugWorker::tell(const session::Event& event) {
    std::visit(
        [this](const auto& what) {
            using What = std::decay_t<decltype(what)>;
            if constexpr (std::is_same_v<What, session::Stop>) {
                retryWatches();
                tellPoints(); // they count their hits
                show();
            } else if constexpr (std::is_same_v<What, session::RunStarted>) {
                Q_EMIT runStarted(what.run);
            } else if constexpr (std::is_same_v<What, session::Output>) {
                Q_EMIT output(words(what.text));
                if (what.breakpoint > 0) {
                    tellPoints();
                }
            } else if constexpr (std::is_same_v<What, session::Notice>) {
                using Kind = session::Notice::Kind;
                if (what.kind == Kind::LinkLost || what.kind == Kind::Reconnected) {
                    isLost_ = what.kind == Kind::LinkLost;
                    Q_EMIT linkChanged(isLost_, words(what.sentence));
                } else {
                    Q_EMIT notice(words(what.sentence));
                }
                if (what.kind == Kind::Resumed || (what.kind == Kind::Reconnected && session_->running())) {
                    Q_EMIT ran();
                }
            } else if constexpr (std::is_same_v<What, session::RunEnded>) {
                Q_EMIT runEnded(what.run);
                Q_EMIT notice(words(what.sentence));
            }
        },
        event);
    if (invocation_) {
        if (const auto failure = invocation_->failure()) {
            Q_EMIT notice(words(*failure));
        }
    }
}

void DebugWorker::show() {
    if (isLost_ && session_->stop().position.live) {
        return; // there is nothing to read; what was read last stays
    }
    Look look;
    {
        const std::lock_guard lock(mutex_);
        look = look_;
    }
    Q_EMIT stopped(std::make_shared<const Snapshot>(readSnapshot(*session_, look)));
}

} // namespace rbpf::model
