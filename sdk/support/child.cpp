// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/support/child.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rbpf::support {

Result<std::unique_ptr<Child>> Child::start(const ProcessCommand& command) {
    // A pair of sockets and not pipes: one who writes to a program that has ended gets an error and no SIGPIPE.
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return fail(ErrorKind::Io, "cannot start " + command.arguments.at(0) + ": " + std::strerror(errno));
    }
    Descriptor ours(ends[0]);
    const Descriptor theirs(ends[1]);
    const auto pid = spawn(command, {theirs.number(), theirs.number(), command.isJoined ? theirs.number() : -1});
    if (!pid) {
        return tl::unexpected(pid.error());
    }
    ::fcntl(ours.number(), F_SETFL, O_NONBLOCK);
    return std::unique_ptr<Child>(new Child(*pid, ours.release()));
}

Child::Child(pid_t pid, int stream) : pid_(pid), stream_(stream) {}

Child::~Child() {
    end();
}

bool Child::receive(std::string& bytes) {
    char buffer[65536];
    for (const std::size_t most = bytes.size() + 8 * sizeof buffer; bytes.size() < most;) {
        const ssize_t count = ::recv(stream_.number(), buffer, sizeof buffer, 0);
        if (count > 0) {
            bytes.append(buffer, static_cast<std::size_t>(count));
            if (static_cast<std::size_t>(count) < sizeof buffer) {
                return true;
            }
        } else if (count < 0 && errno == EINTR) {
            continue;
        } else {
            return count < 0 && errno == EAGAIN;
        }
    }
    return true;
}

bool Child::send(std::string& bytes) {
    std::size_t sent = 0;
    bool isOpen = true;
    while (sent < bytes.size()) {
        const ssize_t count = ::send(stream_.number(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count > 0) {
            sent += static_cast<std::size_t>(count);
        } else if (errno != EINTR) {
            isOpen = errno == EAGAIN;
            break;
        }
    }
    bytes.erase(0, sent);
    return isOpen;
}

std::string Child::end() {
    if (pid_ <= 0) {
        return ending_;
    }
    int status = 0;
    // One that has just closed its side has its own end to tell.
    if (::waitpid(pid_, &status, WNOHANG) == 0) {
        ::kill(-pid_, SIGKILL);
        ::waitpid(pid_, &status, 0);
    }
    ending_ = WIFSIGNALED(status)
                  ? "was ended by signal " + std::to_string(WTERMSIG(status)) + " (" + ::strsignal(WTERMSIG(status)) + ")"
                  : "ended with exit code " + std::to_string(WEXITSTATUS(status));
    pid_ = -1;
    stream_.close();
    return ending_;
}

} // namespace rbpf::support
