// SPDX-License-Identifier: GPL-3.0-or-later
// A Transport over any descriptor that can be polled: a tty, a PTY, a TCP socket.
#pragma once

#include "debugger/transport/fd.hpp"
#include "debugger/transport/transport.hpp"

namespace rbpf::transport {

/// What poll() takes until `deadline`: milliseconds rounded up, 0 if it has passed.
[[nodiscard]] int pollTimeoutMs(Clock::time_point deadline);

/// An Error of kind Link for a line that is gone, naming the cause: unplugged, hung up, reset.
[[nodiscard]] tl::unexpected<support::Error> lineLost(const std::string& name, int errorNumber);

class DescriptorStream final : public Transport {
public:
    /// Takes the descriptor over and makes it non-blocking. `keeper` lives as long.
    DescriptorStream(Fd fd, std::string name, std::shared_ptr<void> keeper = {});

    support::Result<std::size_t> read(std::span<std::uint8_t> buffer, Clock::time_point deadline) override;
    support::Result<void> write(std::span<const std::uint8_t> bytes, Clock::time_point deadline) override;
    [[nodiscard]] int descriptor() const override { return fd_.get(); }
    [[nodiscard]] std::string name() const override { return name_; }
    /// Gives the descriptor up; the stream cannot be used any more.
    [[nodiscard]] Fd release() { return std::move(fd_); }

private:
    std::shared_ptr<void> keeper_;
    Fd fd_;
    std::string name_;
};

} // namespace rbpf::transport
