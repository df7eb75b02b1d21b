// SPDX-License-Identifier: GPL-3.0-or-later
// From an address to a line with one owner.
#include "debugger/transport/descriptor_stream.hpp"
#include "debugger/transport/network_address.hpp"
#include "debugger/transport/network_line.hpp"
#include "debugger/transport/serial_posix.hpp"
#include "debugger/transport/transport.hpp"

namespace rbpf::transport {

support::Result<std::unique_ptr<Transport>> open(const std::string& address) {
    if (isNetworkAddress(address)) {
        auto line = openNetwork(address, Clock::now() + kConnectTime);
        if (!line) {
            return tl::unexpected(line.error());
        }
        return std::make_unique<DescriptorStream>(std::move(line->fd), address, std::move(line->keeper));
    }
    auto opening = openSerial(address);
    if (!opening) {
        return tl::unexpected(opening.error());
    }
    if (!opening->fd) {
        return portHeld(address, opening->heldBy);
    }
    return std::make_unique<DescriptorStream>(std::move(opening->fd), address);
}

} // namespace rbpf::transport
