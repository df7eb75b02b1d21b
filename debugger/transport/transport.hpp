// SPDX-License-Identifier: GPL-3.0-or-later
// A byte stream to a board: a serial line, a PTY, a TCP connection. Passive: the caller owns the loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "sdk/support/error.hpp"

namespace rbpf::transport {

using Clock = std::chrono::steady_clock;

/// An interface because tests put fakes here that are late, cut off, or noisy.
class Transport {
public:
    virtual ~Transport() = default;
    /// Reads what is there, at most buffer.size() bytes; waits until `deadline` for the first byte. 0 = deadline
    /// passed. An Error (kind Link) means that the stream is gone.
    virtual support::Result<std::size_t> read(std::span<std::uint8_t> buffer, Clock::time_point deadline) = 0;
    /// Writes all or fails (kind Link) at the deadline.
    virtual support::Result<void> write(std::span<const std::uint8_t> bytes, Clock::time_point deadline) = 0;
    /// A descriptor that poll() can wait on for reading, or -1.
    [[nodiscard]] virtual int descriptor() const = 0;
    /// What a person would call it: "/dev/ttyACM0", "tcp://host:20000".
    [[nodiscard]] virtual std::string name() const = 0;
};

/// Opens "tcp://host:port", "rfc2217://host:port" or a tty's path (115200 8N1, raw). An Error says the cause and the
/// fix: no such port, no permission, who holds it. The line is opened for one owner; see shared_port.hpp for how
/// several clients share it.
[[nodiscard]] support::Result<std::unique_ptr<Transport>> open(const std::string& address);

} // namespace rbpf::transport
