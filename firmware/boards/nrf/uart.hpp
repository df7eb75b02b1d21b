// SPDX-License-Identifier: LGPL-2.1-or-later
// UART0 at 115200 baud, 8N1, without flow control (the micro:bit has no lines for it): two interrupts and two rings.
#pragma once

#include "boards/bare/ring.hpp"

namespace rbpf::nrf {

struct UartPins {
    uint32_t transmit;
    uint32_t receive;
    uint32_t baud; ///< BAUDRATE's value for 115200
};

class Uart {
public:
    void start(const UartPins& pins);
    /// Bytes read; 0 if there are none now.
    size_t read(uint8_t* data, size_t size);
    /// Bytes taken.
    size_t write(const uint8_t* data, size_t size);
    [[nodiscard]] bool received() const { return !in_.empty(); }
    void interrupt();

private:
    bare::Ring<256> in_;
    bare::Ring<64> out_;
    volatile bool sending_ = false; ///< a byte is in the transmitter
};

} // namespace rbpf::nrf
