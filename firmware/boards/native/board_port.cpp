// SPDX-License-Identifier: LGPL-2.1-or-later
#include "boards/native/board_port.hpp"

namespace rbpf::native {

size_t BoardPort::serialWrite(const uint8_t* data, size_t size) {
    return line_.write({data, size});
}

void BoardPort::datagramWrite(uint32_t peer, const uint8_t* data, size_t size) {
    socket_.send(peer, {data, size});
}

} // namespace rbpf::native
