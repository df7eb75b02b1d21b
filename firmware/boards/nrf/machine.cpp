// SPDX-License-Identifier: LGPL-2.1-or-later
#include "boards/nrf/machine.hpp"

namespace rbpf::nrf {

namespace {

constexpr int kNoPin = -1;
constexpr int kNoAnswer = -5; ///< EIO, as RIOT's drivers say

} // namespace

Clock clock;
Uart uart;

int ChipPort::gpioRead(uint32_t pin, bool output) {
    if (!pinFree(pin)) {
        return kNoPin;
    }
    if (output) {
        return gpioLevel(pin);
    }
    if (!gpioIsOutput(pin)) {
        gpioInput(pin, Pull::None);
    }
    return nrf::gpioRead(pin);
}

int ChipPort::gpioWrite(uint32_t pin, int level) {
    if (!pinFree(pin)) {
        return kNoPin;
    }
    nrf::gpioWrite(pin, level);
    gpioOutput(pin);
    return 0;
}

int readTemperature(phydat_t& reading) {
    int32_t quarters = 0;
    if (chipTemperature(quarters)) {
        return bare::readQuarters(reading, quarters);
    }
    const volatile bare::Simulated* simulated = bare::simulated();
    return simulated == nullptr ? kNoAnswer : bare::readQuarters(reading, simulated->quarters);
}

} // namespace rbpf::nrf

extern "C" void uart0Handler() {
    rbpf::nrf::uart.interrupt();
}

extern "C" [[gnu::used]] void timer0Interrupt(const uint32_t* frame) {
    rbpf::nrf::clock.interrupt(frame);
}

/// Hands on where the interrupted program was: at the stack's end.
extern "C" [[gnu::naked]] void timer0Handler() {
    asm volatile("mov r0, sp\n"
                 "ldr r1, =timer0Interrupt\n"
                 "bx r1\n"
                 ".ltorg\n");
}
