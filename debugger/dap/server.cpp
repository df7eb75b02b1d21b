// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dap/server.hpp"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "debugger/dap/adapter.hpp"
#include "debugger/transport/fd.hpp"

namespace rbpf::dap {

namespace {

using std::chrono::milliseconds;
using support::ErrorKind;
using support::Result;

/// While the script runs its events are waited for and the editor is looked at in between; while it is halted, the
/// other way round. The session needs to be called now and then in any case: it keeps the board's seat.
constexpr milliseconds kEventWait{10};
constexpr milliseconds kClientWait{50};
constexpr milliseconds kIdleWait{500};

Result<transport::Fd> listenOn(const std::string& address, std::uint16_t& port) {
    const std::size_t colon = address.rfind(':');
    std::string host = colon == std::string::npos ? "127.0.0.1" : address.substr(0, colon);
    const std::string service = colon == std::string::npos ? address : address.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    addrinfo hints{};
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    if (const int code = getaddrinfo(host.c_str(), service.c_str(), &hints, &list); code != 0) {
        return support::fail(ErrorKind::Usage,
                             fmt::format("\"{}\" is no address to listen on: {}", address, gai_strerror(code)),
                             "write HOST:PORT, as 127.0.0.1:4711");
    }
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(list, &freeaddrinfo);
    transport::Fd socket(::socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int yes = 1;
    setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    if (!socket || bind(socket.get(), list->ai_addr, list->ai_addrlen) != 0 || listen(socket.get(), 4) != 0 ||
        getsockname(socket.get(), reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
        return support::fail(ErrorKind::Link, fmt::format("cannot listen on {}: {}", address, std::strerror(errno)));
    }
    port = ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&bound)->sin6_port
                                             : reinterpret_cast<sockaddr_in*>(&bound)->sin_port);
    return socket;
}

} // namespace

Result<void> serve(int in, int out, Environment& environment, const std::stop_token& stop) {
    Client client(in, out);
    Adapter adapter(client, environment);
    while (!adapter.done() && !stop.stop_requested()) {
        if (adapter.hasSession() && !client.hasRequests()) {
            adapter.pump(adapter.running() ? kEventWait : milliseconds(0));
        }
        const milliseconds wait = client.hasRequests() || adapter.running() ? milliseconds(0)
                                  : adapter.hasSession()                    ? kClientWait
                                                                            : kIdleWait;
        if (const auto read = client.poll(wait); !read) {
            return read;
        }
        if (const auto request = client.next()) {
            adapter.handle(*request);
        } else if (client.ended()) {
            break;
        }
    }
    // Whoever asked something is answered, also at the end.
    client.stopReading();
    while (const auto request = client.next()) {
        client.refuse(*request, "The debugger has been disconnected.");
    }
    return client.flush();
}

Result<void> listenAndServe(const std::string& address, Environment& environment,
                            const std::function<void(std::uint16_t)>& listening,
                            const std::function<void(const support::Error&)>& problem, const std::stop_token& stop) {
    std::uint16_t port = 0;
    const auto socket = listenOn(address, port);
    if (!socket) {
        return tl::unexpected(socket.error());
    }
    listening(port);
    while (!stop.stop_requested()) {
        pollfd descriptor{socket->get(), POLLIN, 0};
        if (::poll(&descriptor, 1, static_cast<int>(kIdleWait.count())) <= 0) {
            continue;
        }
        const transport::Fd connection(accept4(socket->get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!connection) {
            continue;
        }
        const int yes = 1; // a response and its events are small and wanted now
        setsockopt(connection.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        if (const auto served = serve(connection.get(), connection.get(), environment, stop); !served) {
            problem(served.error());
        }
    }
    return {};
}

} // namespace rbpf::dap
