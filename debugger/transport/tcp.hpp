// SPDX-License-Identifier: GPL-3.0-or-later
// A connection to a board's server: IoT-LAB nodes and serial servers in raw mode, or what RFC 2217 runs over.
#pragma once

#include <string>

#include "debugger/transport/fd.hpp"
#include "debugger/transport/network_address.hpp"
#include "debugger/transport/transport.hpp"

namespace rbpf::transport {

/// A connected socket. Tries each address of the host until `deadline`; `address` is what Errors (kind Link) call it.
[[nodiscard]] support::Result<Fd> connectTcp(const NetworkAddress& to, const std::string& address,
                                             Clock::time_point deadline);

} // namespace rbpf::transport
