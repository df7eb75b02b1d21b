/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Semihosting (Arm IHI 0100: SYS_WRITE0, SYS_EXIT) and SysTick (Armv7-M, B3.3). */
#include "boards/mps2_an386/board.hpp"

namespace rbpf::mps2 {

namespace {

constexpr uint32_t kSysWrite0 = 0x04;
constexpr uint32_t kSysExit = 0x18;
constexpr uint32_t kStoppedApplicationExit = 0x20026;
constexpr uint32_t kStoppedRunTimeError = 0x20023;

constexpr uint32_t kCounterMask = 0xffffff;
constexpr uint32_t kEnable = 1, kProcessorClock = 4;

/// Counts down; reloads at zero.
struct Timer {
    uint32_t control;
    uint32_t reload;
    uint32_t value;
};

volatile Timer& timer() {
    return *reinterpret_cast<volatile Timer*>(0xe000e010);
}

} // namespace

uint32_t semihost(uint32_t operation, const void* arguments) {
    register uint32_t r0 asm("r0") = operation;
    register const void* r1 asm("r1") = arguments;
    asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

void print(const char* text) {
    semihost(kSysWrite0, text);
}

void print(uint32_t number) {
    char text[11];
    char* at = text + sizeof text;
    *--at = 0;
    do {
        *--at = static_cast<char>('0' + number % 10);
        number /= 10;
    } while (number);
    print(at);
}

void exit(bool ok) {
    for (;;)
        semihost(kSysExit, reinterpret_cast<const void*>(ok ? kStoppedApplicationExit : kStoppedRunTimeError));
}

void timerStart() {
    timer().reload = kCounterMask;
    timer().value = 0;
    timer().control = kEnable | kProcessorClock;
}

uint32_t timerTicks() {
    return timer().value;
}

uint32_t timerTicksSince(uint32_t begin) {
    return (begin - timer().value) & kCounterMask;
}

} // namespace rbpf::mps2
