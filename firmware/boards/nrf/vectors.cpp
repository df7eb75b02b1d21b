// SPDX-License-Identifier: LGPL-2.1-or-later
// The vector table of both chips: 16 exceptions, then interrupts, of which the nRF52840 has 48.
#include <stdint.h>

extern "C" {
extern uint32_t stackTop[];
[[noreturn]] void resetHandler();
void hardFaultHandler();
void unexpectedHandler();
void uart0Handler();
void timer0Handler();
}

namespace {

constexpr unsigned kInterrupts = 48;

struct Vectors {
    uint32_t* stack;
    void (*handler[15 + kInterrupts])();
};

constexpr Vectors table() {
    Vectors vectors{stackTop, {}};
    for (auto& handler : vectors.handler) {
        handler = unexpectedHandler;
    }
    vectors.handler[0] = resetHandler;
    vectors.handler[2] = hardFaultHandler;
    vectors.handler[15 + 2] = uart0Handler;
    vectors.handler[15 + 8] = timer0Handler;
    return vectors;
}

[[gnu::section(".vectors"), gnu::used]] constinit const Vectors vectors = table();

} // namespace
