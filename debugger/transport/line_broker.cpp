// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/transport/line_broker.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "debugger/transport/descriptor_stream.hpp"

namespace rbpf::transport {

namespace {

/// Clients wait while this much is queued for the board.
constexpr std::size_t kPendingLimit = 4 * kLongestFrame;
/// How long a leaving owner tries to send what is queued.
constexpr std::chrono::milliseconds kFarewell{500};

} // namespace

LineBroker::LineBroker(Fd line, Fd listener, std::filesystem::path socketPath, Fd local)
    : line_(std::move(line)), listener_(std::move(listener)), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      socketPath_(std::move(socketPath)) {
    clients_.push_back(std::move(local));
    // Signals are for the program's own threads; ours inherits a mask with all of them blocked.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

LineBroker::~LineBroker() {
    stop_ = true;
    const std::uint64_t one = 1;
    (void)!write(wake_.get(), &one, sizeof one);
    thread_.join();
    retire();
}

void LineBroker::run() {
    while (!stop_ && !lineGone_) {
        pump(-1);
    }
    const Clock::time_point until = Clock::now() + kFarewell;
    while (!lineGone_ && Clock::now() < until && pump(0)) {
        pollfd ready{line_.get(), POLLOUT, 0};
        poll(&ready, 1, pollTimeoutMs(until));
    }
    if (lineGone_) {
        retire();
    }
}

/// Nothing is offered any more, also where the owner lives on behind a loss: who knocked would wait for ever, and a
/// port that stays open keeps its name from the board that comes back. The socket's name goes while we hold the lock,
/// so that it cannot be our successor's.
void LineBroker::retire() {
    if (listener_) {
        unlink(socketPath_.c_str());
        listener_.reset();
    }
    clients_.clear(); // they see the end and look for themselves
    line_.reset();
}

/// One round; true if something is left to send to the board.
bool LineBroker::pump(int timeoutMs) {
    std::vector<pollfd> polled;
    polled.push_back({wake_.get(), POLLIN, 0});
    polled.push_back({line_.get(), static_cast<short>(pending_.empty() ? POLLIN : POLLIN | POLLOUT), 0});
    polled.push_back({listener_.get(), POLLIN, 0}); // poll passes over -1
    for (const Fd& client : clients_) {
        polled.push_back({pending_.size() < kPendingLimit ? client.get() : -1, POLLIN, 0});
    }
    if (poll(polled.data(), polled.size(), timeoutMs) < 0) {
        return !pending_.empty();
    }
    std::vector<short> events;
    for (std::size_t i = 3; i < polled.size(); ++i) {
        events.push_back(polled[i].revents);
    }
    if (polled[1].revents != 0) {
        readLine();
    }
    readClients(events);
    writeLine();
    if ((polled[2].revents & POLLIN) != 0) {
        Fd client(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (client) {
            clients_.push_back(std::move(client));
        }
    }
    return !pending_.empty();
}

void LineBroker::readLine() {
    std::array<std::uint8_t, 4096> buffer;
    const ssize_t got = read(line_.get(), buffer.data(), buffer.size());
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
        lose(got == 0 ? 0 : errno);
        return;
    }
    if (got > 0) {
        splitter_.put({buffer.data(), static_cast<std::size_t>(got)}, [this](std::span<const std::uint8_t> frame) {
            for (const Fd& client : clients_) {
                // A client that does not read loses this frame, whole; the others must not wait for it.
                (void)!send(client.get(), frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            }
        });
    }
}

void LineBroker::readClients(const std::vector<short>& events) {
    std::array<std::uint8_t, kLongestFrame> buffer;
    for (std::size_t i = 0; i < events.size(); ++i) {
        while (events[i] != 0 && pending_.size() < kPendingLimit) {
            const ssize_t got = recv(clients_[i].get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
            if (got > 0) {
                pending_.insert(pending_.end(), buffer.begin(), buffer.begin() + got);
            } else if (got < 0 && errno == EAGAIN) {
                break;
            } else if (got == 0 || (errno != ECONNRESET && errno != EINTR)) {
                // A reset only says that the client left frames unread; what it had sent is still to come.
                clients_[i].reset();
                break;
            }
        }
    }
    std::erase_if(clients_, [](const Fd& client) { return !client; });
}

void LineBroker::writeLine() {
    while (!pending_.empty() && !lineGone_) {
        std::array<std::uint8_t, 1024> piece;
        const std::size_t size = std::min(piece.size(), pending_.size());
        std::copy_n(pending_.begin(), size, piece.begin());
        const ssize_t put = write(line_.get(), piece.data(), size);
        if (put < 0) {
            if (errno != EAGAIN && errno != EINTR) {
                lose(errno);
            }
            return;
        }
        pending_.erase(pending_.begin(), pending_.begin() + put);
    }
}

void LineBroker::lose(int errorNumber) {
    errorNumber_ = errorNumber;
    lineGone_ = true;
}

} // namespace rbpf::transport
