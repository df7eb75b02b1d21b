// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/gdbserver/gdb_socket.hpp"

#include <cerrno>
#include <cstring>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <fmt/format.h>

namespace rbpf::gdbserver {

using support::ErrorKind;
using support::fail;
using transport::Fd;

namespace {

constexpr int kWriteMs = 5000; ///< a GDB that reads nothing for so long is gone

std::uint16_t portOf(int fd) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        return 0;
    }
    return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port
                                               : reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

} // namespace

support::Result<Listener> listenOn(const std::string& address) {
    const std::size_t colon = address.rfind(':');
    std::string host = address.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    if (colon == std::string::npos || host.empty() || colon + 1 == address.size()) {
        return fail(ErrorKind::Usage, fmt::format("expected HOST:PORT to listen on, found \"{}\"", address),
                    "for example 127.0.0.1:2159; port 0 takes any that is free");
    }
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    addrinfo* found = nullptr;
    if (const int lookup = getaddrinfo(host.c_str(), address.c_str() + colon + 1, &hints, &found); lookup != 0) {
        return fail(ErrorKind::Usage, fmt::format("cannot listen on {}: {}", address, gai_strerror(lookup)));
    }
    Fd fd(socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int on = 1;
    setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const bool listens = fd && bind(fd.get(), found->ai_addr, found->ai_addrlen) == 0 && listen(fd.get(), 4) == 0;
    const int problem = errno;
    freeaddrinfo(found);
    if (!listens) {
        return fail(ErrorKind::Io, fmt::format("cannot listen on {}: {}", address, std::strerror(problem)),
                    fmt::format("try --listen {}:0, which takes any free port", host));
    }
    const std::uint16_t port = portOf(fd.get());
    return Listener{std::move(fd), host, port};
}

Fd acceptFrom(const Listener& listener) {
    Fd fd(accept4(listener.fd.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    const int on = 1;
    setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); // packets are small and each is waited for
    return fd;
}

void GdbSocket::write(std::string_view bytes) {
    while (!bytes.empty() && fd_) {
        const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
            continue;
        }
        pollfd ready{fd_.get(), POLLOUT, 0};
        if ((errno != EAGAIN && errno != EINTR) || poll(&ready, 1, kWriteMs) == 0) {
            fd_.reset();
        }
    }
}

void GdbSocket::send(std::string_view payload) {
    lastSent_ = framed(payload);
    write(lastSent_);
}

void GdbSocket::finish() {
    if (fd_) {
        // Closing with bytes unread would make the kernel throw away what is still on its way to the peer.
        shutdown(fd_.get(), SHUT_WR);
        char buffer[4096];
        while (recv(fd_.get(), buffer, sizeof buffer, MSG_DONTWAIT) > 0) {
        }
        fd_.reset();
    }
}

/// Reads what is there; false if there is nothing.
bool GdbSocket::fill() {
    char buffer[4096];
    const ssize_t got = recv(fd_.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    if (got > 0) {
        received_.assign(buffer, static_cast<std::size_t>(got));
        next_ = 0;
        return true;
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        fd_.reset();
    }
    return false;
}

std::optional<GdbDecoder::Item> GdbSocket::receive() {
    while (fd_) {
        if (next_ == received_.size() && !fill()) {
            return std::nullopt;
        }
        const auto item = decoder_.put(received_[next_++]);
        if (!item) {
            continue;
        }
        if (*item == GdbDecoder::Item::Nak) {
            write(lastSent_);
            continue;
        }
        if (*item == GdbDecoder::Item::Damaged) {
            write(acknowledges_ ? "-" : "");
            continue;
        }
        if (*item == GdbDecoder::Item::Packet && acknowledges_) {
            write("+");
        }
        return item;
    }
    return std::nullopt;
}

} // namespace rbpf::gdbserver
