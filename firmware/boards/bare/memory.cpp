// SPDX-License-Identifier: LGPL-2.1-or-later
// Reset handler and stack. The symbols are those of boards/bare/sections.ld.
#include "boards/bare/memory.hpp"

int main();

extern "C" {
extern uint32_t stackBottom[], stackTop[];
extern uint32_t dataStart[], dataEnd[], dataInFlash[], bssStart[], bssEnd[];
extern void (*__init_array_start[])(), (*__init_array_end[])();
[[noreturn]] void resetHandler();
/// A call of a virtual function that is not there.
[[noreturn]] void __cxa_pure_virtual();
}

namespace rbpf::bare {

namespace {

constexpr uint32_t kPaint = 0xA55AA55A;
constexpr unsigned kGuardWords = 8;

} // namespace

void reset() {
    asm volatile("dsb" ::: "memory");
    *reinterpret_cast<volatile uint32_t*>(0xE000ED0C) = 0x05FA0004; // AIRCR: key, SYSRESETREQ
    for (;;) {
    }
}

bool stackWhole() {
    const volatile uint32_t* bottom = stackBottom; // the compiler must not know better what stands there
    for (unsigned i = 0; i < kGuardWords; ++i) {
        if (bottom[i] != kPaint) {
            return false;
        }
    }
    return true;
}

} // namespace rbpf::bare

void resetHandler() {
    uint32_t here = 0;
    for (volatile uint32_t* at = stackBottom; at < &here; ++at) {
        *at = rbpf::bare::kPaint;
    }
    const uint32_t* from = dataInFlash;
    for (uint32_t* to = dataStart; to < dataEnd; ++to) {
        *to = *from++;
    }
    for (uint32_t* to = bssStart; to < bssEnd; ++to) {
        *to = 0;
    }
    for (auto* constructor = __init_array_start; constructor < __init_array_end; ++constructor) {
        (*constructor)();
    }
    (void)main();
    rbpf::bare::reset();
}

void __cxa_pure_virtual() {
    asm volatile("udf #0");
    __builtin_unreachable();
}
