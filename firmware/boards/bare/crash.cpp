// SPDX-License-Identifier: LGPL-2.1-or-later
// Armv6-M Architecture Reference Manual, sections B1.5.6 (exception frames) and B3.2.6 (AIRCR).
#include "boards/bare/crash.hpp"

#include "boards/bare/memory.hpp"
#include "rbpf_agent/text.hpp"

namespace rbpf::bare {

namespace {

constexpr uint32_t kMagic = 0x6B637263;

struct Record {
    uint32_t magic;
    uint32_t kind;
    uint32_t pc;
    uint32_t slot;
    uint32_t check; ///< the others, exclusive-ored: RAM after power-on holds anything
};

[[gnu::section(".noinit")]] volatile Record record;

uint32_t checkOf() {
    return record.magic ^ record.kind ^ record.pc ^ record.slot ^ 0x5A5A5A5Au;
}

const char* words(uint32_t kind) {
    switch (static_cast<CrashKind>(kind)) {
    case CrashKind::HardFault:
        return "hard fault";
    case CrashKind::StackOverflow:
        return "stack overflow";
    case CrashKind::Watchdog:
        return "watchdog";
    case CrashKind::Interrupt:
        return "unexpected interrupt";
    }
    return "crash";
}

} // namespace

uint32_t (*runningSlot)() = nullptr;

void crash(CrashKind kind, uint32_t pc) {
    record.magic = kMagic;
    record.kind = static_cast<uint32_t>(kind);
    record.pc = pc;
    record.slot = runningSlot == nullptr ? kNoSlot : runningSlot();
    record.check = checkOf();
    reset();
}

void takeLastReset(char* text, size_t capacity, const char* otherwise) {
    agent::TextWriter out(reinterpret_cast<uint8_t*>(text), capacity - 1);
    if (record.magic == kMagic && record.check == checkOf()) {
        out.text(words(record.kind));
        if (record.pc != kNowhere) {
            out.text(" at ").hex(record.pc);
        }
        if (record.slot != kNoSlot) {
            out.text(", slot ").number(record.slot);
        }
    } else {
        out.text(otherwise);
    }
    text[out.size()] = '\0';
    record.magic = 0;
}

} // namespace rbpf::bare

// The frame's stack may be spent: from here on the stack is used anew from its top, as nothing returns.
extern "C" [[gnu::naked]] void hardFaultHandler() {
    asm volatile("mrs r0, msp\n"
                 "ldr r1, [r0, #24]\n" // kFramePc
                 "ldr r0, =stackTop\n"
                 "msr msp, r0\n"
                 "ldr r2, =hardFault\n"
                 "movs r0, #1\n" // CrashKind::HardFault
                 "bx r2\n"
                 ".ltorg\n");
}

extern "C" [[gnu::naked]] void unexpectedHandler() {
    asm volatile("mrs r0, msp\n"
                 "ldr r1, [r0, #24]\n"
                 "ldr r2, =hardFault\n"
                 "movs r0, #4\n" // CrashKind::Interrupt
                 "bx r2\n"
                 ".ltorg\n");
}

extern "C" [[noreturn, gnu::used]] void hardFault(rbpf::bare::CrashKind kind, uint32_t pc) {
    rbpf::bare::crash(kind, pc);
}
