// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses of boards behind a network: tcp://HOST:PORT, rfc2217://HOST:PORT; HOST may be [v6].
#pragma once

#include <string>
#include <string_view>

#include "sdk/support/error.hpp"

namespace rbpf::transport {

struct NetworkAddress {
    std::string scheme, host, port;
};

[[nodiscard]] bool isNetworkAddress(std::string_view address);

/// An Error (kind Usage) if host or port is missing or the port is too large.
[[nodiscard]] support::Result<NetworkAddress> parseNetworkAddress(const std::string& address);

} // namespace rbpf::transport
