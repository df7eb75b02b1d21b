// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/transport/rfc2217.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "debugger/transport/descriptor_stream.hpp"

namespace rbpf::transport {

using support::ErrorKind;

namespace {

constexpr std::uint32_t kBaud = 115200;
/// Each side waits while this much is queued for the other.
constexpr std::size_t kQueueLimit = 65536;
constexpr std::chrono::milliseconds kFarewell{500};

/// Sends what the socket takes; false if it is gone.
bool sendSome(const Fd& fd, TelnetBytes& queue) {
    const ssize_t put = send(fd.get(), queue.data(), queue.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (put > 0) {
        queue.erase(queue.begin(), queue.begin() + put);
    }
    return put >= 0 || errno == EAGAIN || errno == EINTR;
}

/// What is there; false if the socket is at its end.
bool receiveSome(const Fd& fd, TelnetBytes& into) {
    into.resize(16384);
    const ssize_t got = recv(fd.get(), into.data(), into.size(), MSG_DONTWAIT);
    into.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

tl::unexpected<support::Error> notNegotiated(const std::string& address, const TelnetClient& client) {
    const std::string server = client.signature().empty() ? "" : " (" + client.signature() + ")";
    if (!client.refusal().empty()) {
        return support::fail(ErrorKind::Link, address + ": " + client.refusal() + server,
                             "a server of plain bytes is reached by tcp://HOST:PORT");
    }
    if (!client.heard()) {
        return support::fail(ErrorKind::Link, address + ": connected, but nothing there speaks Telnet",
                             "a server of plain bytes is reached by tcp://HOST:PORT");
    }
    return support::fail(ErrorKind::Link, address + ": the server does not confirm the serial port's settings" + server,
                         "see that it has its port open and speaks RFC 2217");
}

} // namespace

TelnetRelay::TelnetRelay(Fd network, Fd local, TelnetClient client, TelnetBytes early)
    : network_(std::move(network)), local_(std::move(local)), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      client_(std::move(client)), toUser_(std::move(early)) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); // signals are for the program's own threads
    thread_ = std::thread([this] { run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TelnetRelay::~TelnetRelay() {
    stop_ = true;
    const std::uint64_t one = 1;
    (void)!write(wake_.get(), &one, sizeof one);
    thread_.join();
}

void TelnetRelay::run() {
    while (!stop_ && !networkGone_ && !localGone_) {
        pump(-1);
    }
    const Clock::time_point until = Clock::now() + kFarewell;
    while (!networkGone_ && Clock::now() < until && pump(0)) {
        pollfd ready{network_.get(), POLLOUT, 0};
        poll(&ready, 1, pollTimeoutMs(until));
    }
    while (networkGone_ && !localGone_ && !toUser_.empty() && Clock::now() < until) {
        pollfd ready{local_.get(), POLLOUT, 0};
        poll(&ready, 1, pollTimeoutMs(until));
        localGone_ = !sendSome(local_, toUser_);
    }
    network_.reset();
    local_.reset(); // the user sees the end
}

/// One round; true if something is left to send to the board.
bool TelnetRelay::pump(int timeoutMs) {
    const auto events = [](bool read, bool write) {
        return static_cast<short>((read ? POLLIN : 0) | (write ? POLLOUT : 0));
    };
    const bool maySend = !client_.suspended() && toBoard_.size() < kQueueLimit;
    pollfd polled[] = {
        {wake_.get(), POLLIN, 0},
        {network_.get(), events(toUser_.size() < kQueueLimit, !toBoard_.empty()), 0},
        {maySend || !toUser_.empty() ? local_.get() : -1, events(maySend, !toUser_.empty()), 0},
    };
    if (poll(polled, 3, timeoutMs) < 0) {
        return !toBoard_.empty();
    }
    TelnetBytes bytes;
    if ((polled[1].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
        networkGone_ = !receiveSome(network_, bytes);
        client_.receive(bytes, toUser_, toBoard_);
    }
    if (!localGone_ && maySend && (polled[2].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
        localGone_ = !receiveSome(local_, bytes);
        TelnetClient::send(bytes, toBoard_);
    }
    if (!toBoard_.empty() && !networkGone_) {
        networkGone_ = !sendSome(network_, toBoard_);
    }
    if (!toUser_.empty() && !localGone_) {
        localGone_ = !sendSome(local_, toUser_);
    }
    return !toBoard_.empty();
}

support::Result<NetworkLine> openRfc2217(Fd network, const std::string& address, Clock::time_point deadline) {
    DescriptorStream stream(std::move(network), address);
    TelnetClient client(kBaud);
    TelnetBytes out;
    TelnetBytes early; // the board may speak before all is settled
    client.begin(out);
    while (!client.ready() && client.refusal().empty()) {
        if (auto sent = stream.write(out, deadline); !sent) {
            return tl::unexpected(sent.error());
        }
        out.clear();
        std::array<std::uint8_t, 4096> buffer;
        const auto got = stream.read(buffer, deadline);
        if (!got) {
            return tl::unexpected(got.error());
        }
        client.receive({buffer.data(), *got}, early, out);
        if (Clock::now() >= deadline || early.size() > kQueueLimit) {
            break;
        }
    }
    if (!client.ready() || !client.refusal().empty()) {
        return notNegotiated(address, client);
    }
    if (auto sent = stream.write(out, deadline); !sent) {
        return tl::unexpected(sent.error());
    }
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0) {
        return support::fail(ErrorKind::Link, address + ": " + std::strerror(errno));
    }
    NetworkLine line;
    line.fd = Fd(pair[0]);
    line.keeper = std::make_shared<TelnetRelay>(stream.release(), Fd(pair[1]), std::move(client), std::move(early));
    return line;
}

} // namespace rbpf::transport
