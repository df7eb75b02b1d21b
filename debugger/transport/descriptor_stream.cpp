// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/transport/descriptor_stream.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "debugger/transport/network_address.hpp"

namespace rbpf::transport {

using support::ErrorKind;

int pollTimeoutMs(Clock::time_point deadline) {
    const auto left = deadline - Clock::now();
    if (left <= Clock::duration::zero()) {
        return 0;
    }
    constexpr auto kLongest = std::chrono::hours(24); // fits poll()'s int
    return static_cast<int>(
        std::chrono::ceil<std::chrono::milliseconds>(std::min<Clock::duration>(left, kLongest)).count());
}

tl::unexpected<support::Error> lineLost(const std::string& name, int errorNumber) {
    std::string cause;
    switch (errorNumber) {
    case 0: // end of file
    case EIO:
        cause = isNetworkAddress(name) ? "the other side closed the connection"
                                       : "the board hung up (it was stopped, unplugged or reset)";
        break;
    case ENXIO:
    case ENODEV:
        cause = "the port has disappeared (unplugged?)";
        break;
    case ETIMEDOUT:
        cause = "the other side does not answer any more";
        break;
    case ECONNRESET:
    case EPIPE:
        cause = "the other side closed the connection";
        break;
    default:
        cause = std::strerror(errorNumber);
        break;
    }
    return support::fail(ErrorKind::Link, name + ": " + cause,
                         "check the cable or start the board again; `rbpf boards` lists what is there");
}

DescriptorStream::DescriptorStream(Fd fd, std::string name, std::shared_ptr<void> keeper)
    : keeper_(std::move(keeper)), fd_(std::move(fd)), name_(std::move(name)) {
    fcntl(fd_.get(), F_SETFL, fcntl(fd_.get(), F_GETFL) | O_NONBLOCK);
}

support::Result<std::size_t> DescriptorStream::read(std::span<std::uint8_t> buffer, Clock::time_point deadline) {
    for (;;) {
        pollfd ready{fd_.get(), POLLIN, 0};
        const int count = poll(&ready, 1, pollTimeoutMs(deadline));
        if (count == 0) {
            return 0;
        }
        if (count < 0) {
            if (errno == EINTR) {
                continue;
            }
            return lineLost(name_, errno);
        }
        const ssize_t got = ::read(fd_.get(), buffer.data(), buffer.size());
        if (got > 0) {
            return static_cast<std::size_t>(got);
        }
        if (got == 0) {
            return lineLost(name_, 0);
        }
        if (errno != EAGAIN && errno != EINTR) {
            return lineLost(name_, errno);
        }
        // Another process took the bytes between poll and read; a passed deadline ends the loop in poll().
        if (errno == EAGAIN && Clock::now() >= deadline) {
            return 0;
        }
    }
}

support::Result<void> DescriptorStream::write(std::span<const std::uint8_t> bytes, Clock::time_point deadline) {
    while (!bytes.empty()) {
        ssize_t put = send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL); // a socket must not raise SIGPIPE
        if (put < 0 && errno == ENOTSOCK) {
            put = ::write(fd_.get(), bytes.data(), bytes.size());
        }
        if (put >= 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(put));
            continue;
        }
        if (errno == EINTR) {
            continue;
        }
        if (errno != EAGAIN) {
            return lineLost(name_, errno);
        }
        pollfd ready{fd_.get(), POLLOUT, 0};
        const int count = poll(&ready, 1, pollTimeoutMs(deadline));
        if (count == 0) {
            return support::fail(ErrorKind::Link, name_ + ": the line takes no more bytes",
                                 "the board does not read; reset it");
        }
    }
    return {};
}

} // namespace rbpf::transport
