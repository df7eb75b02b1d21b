// SPDX-License-Identifier: GPL-3.0-or-later
// TCP for one GDB: the listening socket and the connection.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "debugger/gdbserver/gdb_framing.hpp"
#include "debugger/transport/fd.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::gdbserver {

struct Listener {
    transport::Fd fd;
    std::string host;
    std::uint16_t port = 0; ///< the one that the system chose where 0 was asked for
};

/// `address`: "HOST:PORT", "[v6]:PORT". Errors (kind Usage: no such address; kind Io: the port is taken).
[[nodiscard]] support::Result<Listener> listenOn(const std::string& address);
/// The next connection; empty if nobody knocks.
[[nodiscard]] transport::Fd acceptFrom(const Listener& listener);

/// A connection to a GDB that speaks in packets; closed() is final.
class GdbSocket {
public:
    explicit GdbSocket(transport::Fd fd) : fd_(std::move(fd)) {}

    [[nodiscard]] int descriptor() const { return fd_.get(); }
    [[nodiscard]] bool closed() const { return !fd_; }

    /// Sends a packet; waits for the peer to take it, but not for ever.
    void send(std::string_view payload);
    /// What GDB said, one at a time; nullopt: nothing more for now. Acknowledges and repeats by itself.
    [[nodiscard]] std::optional<GdbDecoder::Item> receive();
    [[nodiscard]] const std::string& payload() const { return decoder_.payload(); }
    /// From the next packet on neither side acknowledges (QStartNoAckMode).
    void stopAcknowledging() { acknowledges_ = false; }
    /// Nothing more will be sent; closes in such a way that the last words arrive.
    void finish();

private:
    bool fill();
    void write(std::string_view bytes);

    transport::Fd fd_;
    GdbDecoder decoder_;
    std::string received_;
    std::size_t next_ = 0; ///< bytes of received_ before it are decoded
    std::string lastSent_;
    bool acknowledges_ = true;
};

} // namespace rbpf::gdbserver
