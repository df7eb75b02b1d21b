// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/debug_loop.hpp"

#include <chrono>
#include <csignal>
#include <fmt/format.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "ide/cli/debug_complete.hpp"
#include "ide/cli/debug_shell.hpp"

namespace rbpf::cli::debug {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kTypingSlice{10};  ///< a key waits no longer than this
constexpr milliseconds kWaitingSlice{50}; ///< Ctrl-C waits no longer than this
/// Most steps end within this: the prompt then comes behind the stop.
constexpr milliseconds kStepPatience{400};
constexpr milliseconds kAnswerPatience{3000};

sigset_t asked() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

class Loop {
public:
    Loop(Shell& shell, Input& input, Signals& signals, const Console& console)
        : shell_(shell), input_(input), signals_(signals), console_(console) {}

    LoopResult run() {
        const Asked questions{[this] { return shell_.prompt(); },
                              [this] { return work(kTypingSlice) && !shell_.done(); },
                              [this](const std::string& text) { return complete(shell_, text); }};
        while (!shell_.done() && !isOver_) {
            const auto line = input_.line(questions);
            if (shell_.done() || isOver_) {
                break;
            }
            if (!line) {
                return {LoopEnd::OutOfLines, kFine};
            }
            execute(*line);
        }
        if (shell_.lost() && result_.code == kFine) {
            result_.code = kBoardFault;
        }
        return result_;
    }

private:
    void execute(const std::string& line) {
        if (const auto done = shell_.execute(line); !done) {
            // A session that has lost its board looks for it: what is asked next may find it again.
            const bool isSearching = done.error().kind == support::ErrorKind::Link && !shell_.done();
            if (input_.isInteractive() || isSearching) {
                const auto& error = done.error();
                input_.print(error.message + ".\n" + (error.hint.empty() ? "" : "  " + error.hint + ".\n"));
            } else {
                finish({LoopEnd::Failed, console_.fail(done.error())});
            }
            return;
        }
        const auto started = Clock::now();
        while (shell_.waiting() && !isOver_) {
            if (!work(kWaitingSlice) || (input_.isInteractive() && Clock::now() - started > kStepPatience)) {
                break;
            }
        }
        // The answer of a run that has ended belongs before the next command.
        const auto ended = Clock::now();
        while (!input_.isInteractive() && !shell_.done() && !isOver_ && shell_.answerPending() && !shell_.inRun() &&
               shell_.session().running() && Clock::now() - ended < kAnswerPatience) {
            if (!work(kTypingSlice)) {
                break;
            }
        }
    }

    /// False: there is no session any more.
    bool work(milliseconds wait) {
        if (const auto done = shell_.pump(wait); !done) {
            finish({LoopEnd::Done, console_.fail(done.error())});
            return false;
        }
        const int signal = signals_.take();
        if (signal == SIGTERM) {
            finish({LoopEnd::Cancelled, kCancelled});
        } else if (signal == SIGINT && !shell_.interrupt()) {
            if (input_.isInteractive()) {
                input_.print("`quit` or Ctrl-D leaves the debugger.\n");
                input_.dropLine();
            } else {
                finish({LoopEnd::Cancelled, kCancelled});
            }
        }
        return !isOver_;
    }

    void finish(LoopResult result) {
        isOver_ = true;
        result_ = result;
    }

    Shell& shell_;
    Input& input_;
    Signals& signals_;
    const Console& console_;
    LoopResult result_;
    bool isOver_ = false;
};

} // namespace

Signals::Signals() {
    const sigset_t set = asked();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    fd_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

Signals::~Signals() {
    ::close(fd_);
    const sigset_t set = asked();
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

int Signals::take() {
    signalfd_siginfo info{};
    return ::read(fd_, &info, sizeof info) == static_cast<ssize_t>(sizeof info) ? static_cast<int>(info.ssi_signo) : 0;
}

LoopResult runLoop(Shell& shell, Input& input, Signals& signals, const Console& console) {
    return Loop(shell, input, signals, console).run();
}

int endLoop(Shell& shell, const Console& console, LoopResult result) {
    if (!shell.done()) {
        if (const auto left = shell.execute("detach"); !left && result.code == kFine) {
            result.code = console.fail(left.error());
        }
    }
    const auto ended = Clock::now();
    while (result.end != LoopEnd::Cancelled && shell.answerPending() && Clock::now() - ended < kAnswerPatience) {
        shell.showAnswer(kTypingSlice);
    }
    return result.code;
}

} // namespace rbpf::cli::debug
