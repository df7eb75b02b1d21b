// SPDX-License-Identifier: LGPL-2.1-or-later
#include "boards/nrf/machine.hpp"

namespace rbpf::nrf {

namespace {

constexpr int kNoPin = -1;
constexpr int kNoAnswer = -5; ///< EIO, as RIOT's drivers say

// What stands in where the chip has no working thermometer, behind the storage: the emulator's supervisor writes it.
// A board's flash is erased there.
constexpr uint32_t kSimulatedMagic = 0x504D5453;

struct Simulated {
    uint32_t magic;
    int32_t quarters;
};

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
    if (!chipTemperature(quarters)) {
        const auto* simulated = reinterpret_cast<const volatile Simulated*>(storageEnd);
        if (simulated->magic != kSimulatedMagic) {
            return kNoAnswer;
        }
        quarters = simulated->quarters;
    }
    reading = phydat_t{{static_cast<int16_t>(quarters * 25), 0, 0}, UNIT_TEMP_C, -2};
    return 1;
}

int readBool(phydat_t& reading, int value) {
    reading = phydat_t{{static_cast<int16_t>(value), 0, 0}, UNIT_BOOL, 0};
    return 1;
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
