// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/board_process.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "debugger/transport/runtime_dir.hpp"
#include "ide/cli/user_folders.hpp"
#include "sdk/support/files.hpp"

extern char** environ;

namespace rbpf::cli {

namespace {

namespace fs = std::filesystem;
using support::ErrorKind;
using support::Result;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kStartDeadline{10};
constexpr std::chrono::seconds kStopDeadline{5};
constexpr int kLookMs = 200; ///< how late a cancellation may be noticed

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

int openProcess(pid_t pid) {
    return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

std::optional<link::BoardRecord> findBoard(const std::string& name) {
    for (link::BoardRecord& record : link::listBoards()) {
        if (record.id == name) {
            return std::move(record);
        }
    }
    return std::nullopt;
}

/// Detached: a session of its own, no terminal, its words in `log`.
Result<pid_t> spawn(const fs::path& path, std::vector<std::string> arguments, const fs::path& log) {
    std::vector<char*> argv;
    for (std::string& argument : arguments) {
        argv.push_back(argument.data());
    }
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
    pid_t pid = 0;
    const int code = ::posix_spawn(&pid, path.c_str(), &actions, &attributes, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (code != 0) {
        return support::fail(ErrorKind::Board, fmt::format("cannot start {}: {}", path.string(), std::strerror(code)),
                             fmt::format("{} lies beside rbpf; is the installation whole?", path.filename().string()));
    }
    return pid;
}

std::string lastWords(const fs::path& log) {
    std::string text = support::readText(log).value_or("");
    while (!text.empty() && text.back() == '\n') {
        text.pop_back();
    }
    constexpr std::size_t kMost = 2000;
    return text.size() > kMost ? text.substr(text.size() - kMost) : text;
}

/// The record appears by a rename in its folder; the process's end shows at its descriptor.
Result<link::BoardRecord> waitForRecord(const BoardProcess& board, pid_t pid, const Descriptor& watch,
                                        const fs::path& log) {
    const Descriptor process(openProcess(pid));
    const auto deadline = Clock::now() + kStartDeadline;
    for (;;) {
        if (auto record = findBoard(board.name); record && record->pid == pid) {
            return std::move(*record);
        }
        int status = 0;
        if (::waitpid(pid, &status, WNOHANG) == pid) {
            const std::string words = lastWords(log);
            return support::fail(ErrorKind::Board, fmt::format("the board {} ended at once{}{}", board.name,
                                                               words.empty() ? "" : ": ", words));
        }
        if (Clock::now() >= deadline || board.stop.stop_requested()) {
            ::kill(pid, SIGTERM);
            return board.stop.stop_requested() ? support::fail(ErrorKind::Cancelled, "cancelled")
                                               : support::fail(ErrorKind::Board,
                                                               fmt::format("the board {} was not ready within {} s",
                                                                           board.name, kStartDeadline.count()),
                                                               "its words are in " + log.string());
        }
        pollfd descriptors[] = {{watch.number(), POLLIN, 0}, {process.number(), POLLIN, 0}};
        ::poll(descriptors, 2, kLookMs);
        char events[4096];
        while (::read(watch.number(), events, sizeof events) > 0) {
        }
    }
}

} // namespace

Result<link::BoardRecord> startBoardProcess(const BoardProcess& board) {
    if (const auto running = findBoard(board.name)) {
        return support::fail(ErrorKind::Usage,
                             fmt::format("the board {} is running already (process {})", board.name, running->pid),
                             "--name starts another one, `rbpf board stop` ends this one");
    }
    const auto runtime = transport::runtimeDir();
    if (!runtime) {
        return tl::unexpected(runtime.error());
    }
    const fs::path boards = *runtime / "boards";
    const fs::path state =
        board.state.empty() ? stateFolder() / "boards" / (board.name + ".state") : fs::absolute(board.state);
    for (const fs::path& folder : {boards, state.parent_path()}) {
        std::error_code code;
        fs::create_directories(folder, code);
        if (code) {
            return support::fail(ErrorKind::Io, fmt::format("cannot make {}: {}", folder.string(), code.message()));
        }
    }
    std::vector<std::string> arguments{
        board.program.string(), "--name", board.name, "--state", state, "--record", boards / (board.name + ".json")};
    arguments.insert(arguments.end(), board.arguments.begin(), board.arguments.end());
    const Descriptor watch(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    ::inotify_add_watch(watch.number(), boards.c_str(), IN_MOVED_TO | IN_CLOSE_WRITE);
    const fs::path log = boards / (board.name + ".log");
    const auto pid = spawn(board.program, std::move(arguments), log);
    if (!pid) {
        return tl::unexpected(pid.error());
    }
    return waitForRecord(board, *pid, watch, log);
}

Result<void> stopBoard(const std::string& name) {
    const auto record = findBoard(name);
    if (!record) {
        return support::fail(ErrorKind::Board, fmt::format("no board {} is running", name), "`rbpf boards` lists them");
    }
    if (record->pid <= 0) {
        return support::fail(ErrorKind::Usage,
                             fmt::format("{} is a real board: it is not this program's to stop", name));
    }
    const Descriptor process(openProcess(record->pid));
    if (process.number() < 0 && errno == ESRCH) {
        return {};
    }
    // A number may have passed on to somebody else's process since the record was written.
    const std::string command = support::readText(fmt::format("/proc/{}/comm", record->pid)).value_or("");
    if (!command.starts_with("rbpf-board")) {
        return support::fail(ErrorKind::Board, fmt::format("process {} is no board", record->pid));
    }
    if (::kill(record->pid, SIGTERM) != 0) {
        return support::fail(ErrorKind::Board,
                             fmt::format("cannot stop process {}: {}", record->pid, std::strerror(errno)));
    }
    const auto deadline = Clock::now() + kStopDeadline;
    while (Clock::now() < deadline) {
        pollfd descriptor{process.number(), POLLIN, 0};
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        if (::poll(&descriptor, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0))) > 0) {
            return {};
        }
    }
    return support::fail(ErrorKind::Board, fmt::format("the board {} (process {}) does not end", name, record->pid));
}

} // namespace rbpf::cli
