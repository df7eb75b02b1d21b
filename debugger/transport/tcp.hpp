// SPDX-License-Identifier: GPL-3.0-or-later
// A board's line over TCP: IoT-LAB nodes and serial servers in raw mode.
#pragma once

#include <memory>
#include <string>

#include "debugger/transport/transport.hpp"

namespace rbpf::transport {

/// `address`: "tcp://host:port" or "tcp://[v6]:port". Tries each address of the host until `deadline`.
[[nodiscard]] support::Result<std::unique_ptr<Transport>> openTcp(const std::string& address,
                                                                  Clock::time_point deadline);

} // namespace rbpf::transport
