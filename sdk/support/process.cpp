// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/support/process.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sdk/support/spawn.hpp"

namespace rbpf::support {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostKept = 256 * 1024;
constexpr int kSignals[] = {SIGINT, SIGTERM, SIGKILL};

struct Pipe {
    Descriptor read, write;

    [[nodiscard]] bool open() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) {
            return false;
        }
        read.take(ends[0]);
        write.take(ends[1]);
        ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
        return true;
    }
};

/// One run: the loop over both pipes, the process's end and the reasons to end it.
class Run {
public:
    Run(pid_t pid, Pipe& out, Pipe& err, const ProcessOptions& options)
        : pid_(pid), options_(options), start_(Clock::now()), heard_(start_),
          process_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))), wake_(::eventfd(0, EFD_CLOEXEC)),
          streams_{{&out.read, OutputStream::Out}, {&err.read, OutputStream::Err}} {}

    ProcessEnd wait() {
        const std::stop_callback wakeUp(options_.stop, [this] {
            const std::uint64_t one = 1;
            [[maybe_unused]] const ssize_t written = ::write(wake_.number(), &one, sizeof one);
        });
        while (!hasEnded()) {
            endIfDue();
            pollfd ready[] = {{streams_[0].from->number(), POLLIN, 0},
                              {streams_[1].from->number(), POLLIN, 0},
                              {process_.number(), POLLIN, 0},
                              {isEnding_ ? -1 : wake_.number(), POLLIN, 0}};
            ::poll(ready, 4, timeoutMs());
            for (Stream& stream : streams_) {
                drain(stream);
            }
        }
        // A process that it left behind may hold a pipe for ever: what is there by now is all.
        for (Stream& stream : streams_) {
            drain(stream);
        }
        return std::move(end_);
    }

private:
    struct Stream {
        Descriptor* from;
        OutputStream which;
    };

    bool hasEnded() {
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) != pid_) {
            return false;
        }
        end_.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        end_.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        return true;
    }

    [[nodiscard]] Clock::time_point due() const {
        return isEnding_ ? nextSignalAt_ : std::min(start_ + options_.deadline, heard_ + options_.silence);
    }

    void endIfDue() {
        const bool isStopped = !isEnding_ && options_.stop.stop_requested();
        if (!isStopped && Clock::now() < due()) {
            return;
        }
        if (!isEnding_) {
            isEnding_ = true;
            end_.isStopped = isStopped;
            end_.isLate = !isStopped;
        }
        // The group: a wrapper script's own children too.
        ::kill(-pid_, kSignals[std::min(signalsSent_++, std::size(kSignals) - 1)]);
        nextSignalAt_ = Clock::now() + options_.grace;
    }

    [[nodiscard]] int timeoutMs() const {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(due() - Clock::now()).count();
        constexpr std::int64_t kLongest = 60000; // looked at again then
        return static_cast<int>(std::clamp<std::int64_t>(left, 0, kLongest));
    }

    void drain(Stream& stream) {
        char buffer[4096];
        while (stream.from->number() >= 0) {
            const ssize_t count = ::read(stream.from->number(), buffer, sizeof buffer);
            if (count < 0 && errno == EINTR) {
                continue;
            }
            if (count < 0 && errno == EAGAIN) {
                return;
            }
            if (count <= 0) {
                stream.from->close();
                return;
            }
            heard_ = Clock::now();
            keep(stream.which, std::string_view(buffer, static_cast<std::size_t>(count)));
            if (heard_ >= start_ + options_.deadline) {
                return; // one that never stops talking
            }
        }
    }

    void keep(OutputStream which, std::string_view text) {
        std::string& kept = which == OutputStream::Out ? end_.out : end_.err;
        kept += text;
        if (kept.size() > kMostKept) {
            kept.erase(0, kept.size() - kMostKept);
        }
        if (options_.output) {
            options_.output(which, text);
        }
    }

    pid_t pid_;
    const ProcessOptions& options_;
    Clock::time_point start_, heard_;
    Clock::time_point nextSignalAt_;
    Descriptor process_, wake_;
    Stream streams_[2];
    ProcessEnd end_;
    bool isEnding_ = false;
    std::size_t signalsSent_ = 0;
};

} // namespace

std::optional<std::string> findProgram(const std::string& name) {
    namespace fs = std::filesystem;
    const auto isProgram = [](const std::string& path) {
        std::error_code code;
        return fs::is_regular_file(path, code) && ::access(path.c_str(), X_OK) == 0;
    };
    if (name.find('/') != std::string::npos) {
        return isProgram(name) ? std::optional(name) : std::nullopt;
    }
    const char* path = std::getenv("PATH");
    std::string_view folders = path != nullptr ? path : "/usr/bin:/bin";
    for (;;) {
        const std::size_t colon = folders.find(':');
        const std::string_view folder = folders.substr(0, colon);
        std::string candidate = (folder.empty() ? "." : std::string(folder)) + "/" + name;
        if (isProgram(candidate)) {
            return candidate;
        }
        if (colon == std::string_view::npos) {
            return std::nullopt;
        }
        folders.remove_prefix(colon + 1);
    }
}

Result<ProcessEnd> runProcess(const ProcessCommand& command, const ProcessOptions& options) {
    Pipe out, err;
    if (!out.open() || !err.open()) {
        return fail(ErrorKind::Io, "cannot start " + command.arguments.at(0) + ": " + std::strerror(errno));
    }
    const auto pid = spawn(command, {-1, out.write.number(), (command.isJoined ? out : err).write.number()});
    if (!pid) {
        return tl::unexpected(pid.error());
    }
    out.write.close();
    err.write.close();
    return Run(*pid, out, err, options).wait();
}

} // namespace rbpf::support
