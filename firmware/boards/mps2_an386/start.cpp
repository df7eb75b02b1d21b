/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Vector table and reset of the mps2-an386 board: memory set up, constructors run, then main and semihosting's exit. */
#include <stdint.h>

#include "boards/mps2_an386/board.hpp"

int main();

extern "C" {
extern uint32_t dataStart[], dataEnd[], dataInFlash[], bssStart[], bssEnd[], stackTop[];
extern void (*__init_array_start[])(), (*__init_array_end[])();
[[noreturn]] void resetHandler();
[[noreturn]] void faultHandler();
}

void resetHandler() {
    const uint32_t* from = dataInFlash;
    for (uint32_t* to = dataStart; to < dataEnd; to++)
        *to = *from++;
    for (uint32_t* to = bssStart; to < bssEnd; to++)
        *to = 0;
    for (auto constructor = __init_array_start; constructor < __init_array_end; constructor++)
        (*constructor)();
    rbpf::mps2::exit(main() == 0);
}

void faultHandler() {
    rbpf::mps2::print("the processor faulted\n");
    rbpf::mps2::exit(false);
}

namespace {

struct Vectors {
    uint32_t* stack;
    void (*handlers[15])();
};

[[gnu::section(".vectors"), gnu::used]] const Vectors vectors = {
    stackTop,
    {resetHandler, faultHandler, faultHandler, faultHandler, faultHandler, faultHandler, faultHandler, faultHandler,
     faultHandler, faultHandler, faultHandler, faultHandler, faultHandler, faultHandler, faultHandler}};

} // namespace
