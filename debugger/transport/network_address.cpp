// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/transport/network_address.hpp"

#include <cstdlib>

namespace rbpf::transport {

namespace {

constexpr unsigned long kLargestPort = 65535;

bool isPort(const std::string& port) {
    const bool number = port.find_first_not_of("0123456789") == std::string::npos;
    return !port.empty() && port.size() <= 32 &&
           (!number || std::strtoul(port.c_str(), nullptr, 10) - 1 < kLargestPort);
}

} // namespace

bool isNetworkAddress(std::string_view address) {
    return address.starts_with("tcp://") || address.starts_with("rfc2217://");
}

support::Result<NetworkAddress> parseNetworkAddress(const std::string& address) {
    const std::size_t separator = address.find("://");
    const std::string scheme = address.substr(0, separator);
    const std::string rest = separator == std::string::npos ? "" : address.substr(separator + 3);
    const std::size_t colon = rest.rfind(':');
    std::string host = rest.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    if (!isNetworkAddress(address) || colon == std::string::npos || host.empty() || !isPort(rest.substr(colon + 1))) {
        return support::fail(support::ErrorKind::Usage,
                             address + ": expected " + (isNetworkAddress(address) ? scheme : "tcp") + "://HOST:PORT",
                             "for example tcp://localhost:20000 or rfc2217://localhost:4000");
    }
    return NetworkAddress{scheme, host, rest.substr(colon + 1)};
}

} // namespace rbpf::transport
