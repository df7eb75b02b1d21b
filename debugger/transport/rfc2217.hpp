// SPDX-License-Identifier: GPL-3.0-or-later
// A serial port behind a server that speaks RFC 2217: set to 115200 8N1, then a stream of plain bytes.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "debugger/transport/fd.hpp"
#include "debugger/transport/network_line.hpp"
#include "debugger/transport/telnet.hpp"
#include "debugger/transport/transport.hpp"

namespace rbpf::transport {

/// Passes bytes between a connected socket that speaks Telnet and a plain one. Runs a thread, so that what the server
/// asks is answered whatever the user of the plain one does.
class TelnetRelay {
public:
    /// `local`: one end of a socket pair, whose other end is the plain line.
    TelnetRelay(Fd network, Fd local, TelnetClient client, TelnetBytes early);
    /// Sends what was given and closes both.
    ~TelnetRelay();
    TelnetRelay(const TelnetRelay&) = delete;
    TelnetRelay& operator=(const TelnetRelay&) = delete;

private:
    void run();
    bool pump(int timeoutMs);

    Fd network_;
    Fd local_;
    Fd wake_;
    TelnetClient client_;
    TelnetBytes toBoard_; ///< escaped
    TelnetBytes toUser_;
    bool networkGone_ = false, localGone_ = false;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

/// Negotiates on a connected socket; the line's end means that the server is gone. Errors (kind Link): silent or
/// foreign server, refused options, deadline.
[[nodiscard]] support::Result<NetworkLine> openRfc2217(Fd network, const std::string& address,
                                                       Clock::time_point deadline);

} // namespace rbpf::transport
