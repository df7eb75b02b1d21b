// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/transport/tcp.hpp"

#include <cerrno>
#include <cstring>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "debugger/transport/descriptor_stream.hpp"

namespace rbpf::transport {

using support::ErrorKind;

namespace {

/// A peer that is gone without a word is noticed after about so long.
constexpr int kQuietSeconds = 10, kProbeSeconds = 5, kProbes = 3;
constexpr unsigned kUnackedMs = 20000;

/// 0 or the error number of one attempt.
int connectTo(const addrinfo& to, Fd& fd, Clock::time_point deadline) {
    fd = Fd(socket(to.ai_family, to.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, to.ai_protocol));
    if (!fd) {
        return errno;
    }
    if (connect(fd.get(), to.ai_addr, to.ai_addrlen) == 0) {
        return 0;
    }
    if (errno != EINPROGRESS) {
        return errno;
    }
    pollfd ready{fd.get(), POLLOUT, 0};
    if (poll(&ready, 1, pollTimeoutMs(deadline)) <= 0) {
        return ETIMEDOUT;
    }
    int result = 0;
    socklen_t size = sizeof result;
    getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &result, &size);
    return result;
}

} // namespace

support::Result<Fd> connectTcp(const NetworkAddress& to, const std::string& address, Clock::time_point deadline) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int lookup = getaddrinfo(to.host.c_str(), to.port.c_str(), &hints, &found);
    if (lookup != 0) {
        return support::fail(ErrorKind::Link, address + ": " + gai_strerror(lookup), "check host and port");
    }
    int problem = EHOSTUNREACH;
    Fd fd;
    for (const addrinfo* one = found; one != nullptr && problem != 0; one = one->ai_next) {
        problem = connectTo(*one, fd, deadline);
    }
    freeaddrinfo(found);
    if (problem != 0) {
        return support::fail(ErrorKind::Link, address + ": " + std::strerror(problem),
                             problem == ECONNREFUSED ? "nothing listens there; is the board's serial server running?"
                                                     : "check host, port and network");
    }
    const auto set = [&fd](int level, int name, auto value) {
        setsockopt(fd.get(), level, name, &value, sizeof value);
    };
    set(IPPROTO_TCP, TCP_NODELAY, 1); // frames are small and waited for
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, kQuietSeconds);
    set(IPPROTO_TCP, TCP_KEEPINTVL, kProbeSeconds);
    set(IPPROTO_TCP, TCP_KEEPCNT, kProbes);
    set(IPPROTO_TCP, TCP_USER_TIMEOUT, kUnackedMs);
    return fd;
}

} // namespace rbpf::transport
