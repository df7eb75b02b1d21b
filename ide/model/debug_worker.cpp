// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/debug_worker.hpp"

#include <type_traits>

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

DebugWorker::DebugWorker(dap::Settings settings, std::vector<session::BreakpointSpec> points, QStringList watches)
    : settings_(std::move(settings)), points_(std::move(points)), environment_(dap::makeWorkstation(hooks())),
      watches_(std::move(watches)) {}

DebugWorker::~DebugWorker() {
    end();
    wait();
}

void DebugWorker::post(Task task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
}

void DebugWorker::look(int frame, QStringList watches) {
    {
        const std::lock_guard lock(mutex_);
        frame_ = frame;
        watches_ = std::move(watches);
    }
    post([](session::Session&) { return support::Result<void>(); });
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
        const bool wanted = opened.error().kind == support::ErrorKind::Cancelled;
        Q_EMIT over(wanted ? QString() : words(opened.error().message), words(opened.error().hint));
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
    for (const session::BreakpointSpec& spec : points_) {
        if (const auto added = session_->addBreakpoint(spec); !added) {
            Q_EMIT refused(words(added.error().message), words(added.error().hint));
        }
    }
    if (const auto all = session_->disassemble(0, UINT16_MAX)) {
        Q_EMIT code(std::make_shared<const std::vector<session::Instruction>>(*all));
    }
    Q_EMIT attached(tr("Debugging %1 in slot %2 of %3")
                      .arg(words(target_.script))
                      .arg(target_.slot)
                      .arg(words(target_.board.id)) +
                  (target_.howToRun.empty() ? QString() : QStringLiteral(": ") + words(target_.howToRun)));
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
        const auto event = session_->wait(kSlice);
        if (!event) {
            Q_EMIT over(words(event.error().message), words(event.error().hint));
            return;
        }
        if (!*event) {
            continue;
        }
        if (const auto* ended = std::get_if<session::Ended>(&**event)) {
            Q_EMIT over(words(ended->sentence), {});
            return;
        }
        tell(**event);
    }
    invocation_.reset();
    static_cast<void>(session_->detach(false)); // a board that is gone holds nobody
    session_.reset();
    Q_EMIT over({}, {});
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
                show();
            } else if constexpr (std::is_same_v<What, session::Output>) {
                Q_EMIT output(words(what.text));
            } else if constexpr (std::is_same_v<What, session::RunEnded> || std::is_same_v<What, session::Notice>) {
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
    int frame = 0;
    QStringList watches;
    {
        const std::lock_guard lock(mutex_);
        frame = frame_;
        watches = watches_;
    }
    Q_EMIT stopped(std::make_shared<const Snapshot>(readSnapshot(*session_, frame, watches)));
}

} // namespace rbpf::model
