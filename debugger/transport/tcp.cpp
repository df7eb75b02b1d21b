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

struct HostPort {
    std::string host, port;
};

support::Result<HostPort> split(const std::string& address) {
    const std::string rest = address.substr(std::strlen("tcp://"));
    const std::size_t colon = rest.rfind(':');
    std::string host = rest.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    if (colon == std::string::npos || host.empty() || colon + 1 == rest.size()) {
        return support::fail(ErrorKind::Usage, address + ": expected tcp://HOST:PORT",
                             "for example tcp://localhost:20000");
    }
    return HostPort{host, rest.substr(colon + 1)};
}

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

support::Result<std::unique_ptr<Transport>> openTcp(const std::string& address, Clock::time_point deadline) {
    const auto parts = split(address);
    if (!parts) {
        return tl::unexpected(parts.error());
    }
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int lookup = getaddrinfo(parts->host.c_str(), parts->port.c_str(), &hints, &found);
    if (lookup != 0) {
        return support::fail(ErrorKind::Link, address + ": " + gai_strerror(lookup), "check host and port");
    }
    int problem = EHOSTUNREACH;
    Fd fd;
    for (const addrinfo* to = found; to != nullptr && problem != 0; to = to->ai_next) {
        problem = connectTo(*to, fd, deadline);
    }
    freeaddrinfo(found);
    if (problem != 0) {
        return support::fail(ErrorKind::Link, address + ": " + std::strerror(problem),
                             problem == ECONNREFUSED ? "nothing listens there; is the board's serial server running?"
                                                     : "check host, port and network");
    }
    int on = 1; // frames are small and waited for
    setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd.get(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    return std::make_unique<DescriptorStream>(std::move(fd), address);
}

} // namespace rbpf::transport
