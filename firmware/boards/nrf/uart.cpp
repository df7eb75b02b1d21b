// SPDX-License-Identifier: LGPL-2.1-or-later
// UART: nRF51 Series Reference Manual. The nRF52 has the same block beside its UARTE.
#include "boards/nrf/uart.hpp"

#include "boards/bare/memory.hpp"
#include "boards/nrf/gpio.hpp"
#include "boards/nrf/registers.hpp"

namespace rbpf::nrf {

namespace {

constexpr uint32_t kTasksStartRx = 0x000;
constexpr uint32_t kTasksStartTx = 0x008;
constexpr uint32_t kEventsRxdRdy = 0x108;
constexpr uint32_t kEventsTxdRdy = 0x11C;
constexpr uint32_t kEventsError = 0x124;
constexpr uint32_t kIntenSet = 0x304;
constexpr uint32_t kIntenRxdRdy = 1u << 2;
constexpr uint32_t kIntenTxdRdy = 1u << 7;
constexpr uint32_t kIntenError = 1u << 9;
constexpr uint32_t kErrorSrc = 0x480;
constexpr uint32_t kEnable = 0x500;
constexpr uint32_t kEnabled = 4;
constexpr uint32_t kPselRts = 0x508;
constexpr uint32_t kPselTxd = 0x50C;
constexpr uint32_t kPselCts = 0x510;
constexpr uint32_t kPselRxd = 0x514;
constexpr uint32_t kRxd = 0x518;
constexpr uint32_t kTxd = 0x51C;
constexpr uint32_t kBaudRate = 0x524;
constexpr uint32_t kConfig = 0x56C;
constexpr uint32_t kDisconnected = 0xFFFFFFFF;

} // namespace

void Uart::start(const UartPins& pins) {
    gpioWrite(pins.transmit, 1); // the line is high while nothing is sent
    gpioOutput(pins.transmit);
    gpioInput(pins.receive, Pull::Up);
    reg(kUart0, kPselRts) = kDisconnected;
    reg(kUart0, kPselCts) = kDisconnected;
    reg(kUart0, kPselTxd) = pins.transmit;
    reg(kUart0, kPselRxd) = pins.receive;
    reg(kUart0, kBaudRate) = pins.baud;
    reg(kUart0, kConfig) = 0;
    reg(kUart0, kEnable) = kEnabled;
    reg(kUart0, kEventsRxdRdy) = 0;
    reg(kUart0, kEventsTxdRdy) = 0;
    reg(kUart0, kEventsError) = 0;
    reg(kUart0, kIntenSet) = kIntenRxdRdy | kIntenTxdRdy | kIntenError;
    trigger(kUart0, kTasksStartRx);
    trigger(kUart0, kTasksStartTx);
    bare::enableInterrupt(kUart0Interrupt);
}

size_t Uart::read(uint8_t* data, size_t size) {
    size_t count = 0;
    while (count < size && !in_.empty()) {
        data[count++] = in_.take();
    }
    return count;
}

size_t Uart::write(const uint8_t* data, size_t size) {
    size_t count = 0;
    while (count < size && out_.put(data[count])) {
        ++count;
    }
    const bare::Quiet quiet;
    if (!sending_ && !out_.empty()) {
        sending_ = true;
        reg(kUart0, kTxd) = out_.take();
    }
    return count;
}

void Uart::interrupt() {
    if (reg(kUart0, kEventsError) != 0) { // overrun, framing, break: the frame's checksum will tell
        reg(kUart0, kEventsError) = 0;
        reg(kUart0, kErrorSrc) = reg(kUart0, kErrorSrc);
    }
    while (reg(kUart0, kEventsRxdRdy) != 0) {
        reg(kUart0, kEventsRxdRdy) = 0;
        (void)in_.put(static_cast<uint8_t>(reg(kUart0, kRxd)));
    }
    if (reg(kUart0, kEventsTxdRdy) != 0) {
        reg(kUart0, kEventsTxdRdy) = 0;
        if (out_.empty()) {
            sending_ = false;
        } else {
            reg(kUart0, kTxd) = out_.take();
        }
    }
}

} // namespace rbpf::nrf
