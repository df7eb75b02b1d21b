// SPDX-License-Identifier: LGPL-2.1-or-later
// The simulated port with its lines to the outside.
#pragma once

#include "boards/native/serial_line.hpp"
#include "boards/native/simulated_port.hpp"
#include "boards/native/udp_socket.hpp"

namespace rbpf::native {

class BoardPort final : public SimulatedPort {
public:
    BoardPort(Devices devices, State state, std::string statePath, std::size_t imageBytesMax, SerialLine& line,
              UdpSocket& socket)
        : SimulatedPort(std::move(devices), std::move(state), std::move(statePath), imageBytesMax), line_(line),
          socket_(socket) {}

    size_t serialWrite(const uint8_t* data, size_t size) override;
    void datagramWrite(uint32_t peer, const uint8_t* data, size_t size) override;

private:
    SerialLine& line_;
    UdpSocket& socket_;
};

} // namespace rbpf::native
