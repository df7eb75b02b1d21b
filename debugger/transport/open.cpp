// SPDX-License-Identifier: GPL-3.0-or-later
// From an address to a line with one owner.
#include "debugger/transport/descriptor_stream.hpp"
#include "debugger/transport/serial_posix.hpp"
#include "debugger/transport/tcp.hpp"
#include "debugger/transport/transport.hpp"

namespace rbpf::transport {

namespace {

constexpr std::chrono::seconds kConnectTime{5};

} // namespace

support::Result<std::unique_ptr<Transport>> open(const std::string& address) {
    if (address.starts_with("tcp://")) {
        return openTcp(address, Clock::now() + kConnectTime);
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
