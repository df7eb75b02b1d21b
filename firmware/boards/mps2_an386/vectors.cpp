// SPDX-License-Identifier: LGPL-2.1-or-later
// The board's vector table and interrupts.
#include "boards/mps2_an386/machine.hpp"

extern "C" {
extern uint32_t stackTop[];
[[noreturn]] void resetHandler();
void hardFaultHandler();
void unexpectedHandler();

static void receiveHandler() {
    rbpf::mps2::uart.receiveInterrupt();
}

static void transmitHandler() {
    rbpf::mps2::uart.transmitInterrupt();
}

static void wakeHandler() {
    rbpf::mps2::clock.wakeInterrupt();
}

[[gnu::used]] void sysTick(const uint32_t* frame) {
    rbpf::mps2::clock.tick(frame);
}

/// Hands on where the interrupted program was: at the stack's end.
[[gnu::naked]] void sysTickHandler() {
    asm volatile("mov r0, sp\n"
                 "ldr r1, =sysTick\n"
                 "bx r1\n"
                 ".ltorg\n");
}
}

namespace {

struct Vectors {
    uint32_t* stack;
    void (*handler[15 + 32])();
};

constexpr Vectors table() {
    Vectors vectors{stackTop, {}};
    for (auto& handler : vectors.handler) {
        handler = unexpectedHandler;
    }
    vectors.handler[0] = resetHandler;
    vectors.handler[2] = hardFaultHandler;
    vectors.handler[14] = sysTickHandler;
    vectors.handler[15 + 0] = receiveHandler;
    vectors.handler[15 + 1] = transmitHandler;
    vectors.handler[15 + 9] = wakeHandler;
    return vectors;
}

[[gnu::section(".vectors"), gnu::used]] constinit const Vectors vectors = table();

} // namespace
