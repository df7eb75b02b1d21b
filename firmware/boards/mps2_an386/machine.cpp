// SPDX-License-Identifier: LGPL-2.1-or-later
#include "boards/mps2_an386/machine.hpp"

#include "boards/bare/crash.hpp"
#include "boards/bare/memory.hpp"

namespace rbpf::mps2 {

namespace {

constexpr uint32_t kTimer0 = 0x40000000;
constexpr uint32_t kTimer1 = 0x40001000;
constexpr uint32_t kUart0 = 0x40004000;
constexpr uint32_t kSysTick = 0xE000E010;
constexpr unsigned kUart0Receive = 0;
constexpr unsigned kUart0Transmit = 1;
constexpr unsigned kTimer1Interrupt = 9;
constexpr uint32_t kTicksPerUs = 25;
constexpr uint32_t kHalfSecond = 500000 * kTicksPerUs; // fits SysTick's 24 bits
constexpr uint32_t kBaudDivisor = 25000000 / 115200;

// Timers: CTRL, VALUE, RELOAD, INTSTATUS.
constexpr uint32_t kValue = 4;
constexpr uint32_t kReload = 8;
constexpr uint32_t kTimerClear = 12;
constexpr uint32_t kTimerRun = 1;
constexpr uint32_t kTimerInterrupts = 8;
// UART: DATA, STATE, CTRL, INTSTATUS, BAUDDIV.
constexpr uint32_t kState = 4;
constexpr uint32_t kTransmitFull = 1;
constexpr uint32_t kReceiveFull = 2;
constexpr uint32_t kControl = 8;
constexpr uint32_t kAllOn = 0x0F; // both directions and their interrupts
constexpr uint32_t kClear = 12;
constexpr uint32_t kBaud = 16;

volatile uint32_t& reg(uint32_t base, uint32_t offset) {
    return *reinterpret_cast<volatile uint32_t*>(base + offset);
}

} // namespace

Clock clock;
Uart uart;

void Clock::start() {
    reg(kTimer0, kReload) = 0xFFFFFFFF;
    reg(kTimer0, kValue) = 0xFFFFFFFF;
    reg(kTimer0, 0) = kTimerRun;
    seen_ = 0xFFFFFFFF;
    bare::enableInterrupt(kTimer1Interrupt);
    reg(kSysTick, 4) = kHalfSecond - 1;
    reg(kSysTick, 8) = 0;
    reg(kSysTick, 0) = 7; // processor clock, interrupt, run
}

void Clock::count() {
    const uint32_t passed = (seen_ - reg(kTimer0, kValue)) / kTicksPerUs;
    seen_ -= passed * kTicksPerUs;
    us_ += passed;
    partUs_ += passed;
    ms_ += partUs_ / 1000;
    partUs_ %= 1000;
}

uint32_t Clock::nowUs() {
    count();
    return us_;
}

uint32_t Clock::nowMs() {
    count();
    return ms_;
}

bool Clock::wakeIn(uint32_t us) {
    reg(kTimer1, 0) = 0;
    reg(kTimer1, kReload) = 0;
    reg(kTimer1, kValue) = us * kTicksPerUs;
    reg(kTimer1, 0) = kTimerRun | kTimerInterrupts;
    return true;
}

void Clock::wakeInterrupt() {
    reg(kTimer1, 0) = 0;
    reg(kTimer1, kTimerClear) = 1;
}

void Clock::tick(const uint32_t* frame) {
    silent_ = silent_ + 1;
    if (silent_ > kHangTicks) {
        bare::crash(bare::CrashKind::Watchdog, frame[bare::kFramePc]);
    }
}

void Uart::start() {
    reg(kUart0, kBaud) = kBaudDivisor;
    reg(kUart0, kControl) = kAllOn;
    bare::enableInterrupt(kUart0Receive);
    bare::enableInterrupt(kUart0Transmit);
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
    send();
    return count;
}

void Uart::send() {
    while (!out_.empty() && (reg(kUart0, kState) & kTransmitFull) == 0) {
        reg(kUart0, 0) = out_.take();
    }
}

void Uart::receiveInterrupt() {
    reg(kUart0, kClear) = 2;
    while ((reg(kUart0, kState) & kReceiveFull) != 0) {
        (void)in_.put(static_cast<uint8_t>(reg(kUart0, 0)));
    }
}

void Uart::transmitInterrupt() {
    reg(kUart0, kClear) = 1;
    send();
}

void RamFlash::erase(uint32_t offset) {
    auto* page = reinterpret_cast<volatile uint32_t*>(reinterpret_cast<uintptr_t>(start_ + offset));
    for (uint32_t i = 0; i < pageBytes() / 4; ++i) {
        page[i] = bare::kErasedWord;
    }
}

void RamFlash::write(uint32_t offset, uint32_t word) {
    auto* at = reinterpret_cast<volatile uint32_t*>(reinterpret_cast<uintptr_t>(start_ + offset));
    *at = *at & word;
}

} // namespace rbpf::mps2
