// SPDX-License-Identifier: LGPL-2.1-or-later
// CLOCK, TIMER and WDT of the nRF51 Series Reference Manual.
#include "boards/nrf/clock.hpp"

#include "boards/bare/crash.hpp"
#include "boards/bare/memory.hpp"
#include "boards/nrf/registers.hpp"

namespace rbpf::nrf {

namespace {

// CLOCK
constexpr uint32_t kTasksHfclkStart = 0x000;
constexpr uint32_t kTasksLfclkStart = 0x008;
constexpr uint32_t kEventsHfclkStarted = 0x100;
constexpr uint32_t kEventsLfclkStarted = 0x104;
constexpr uint32_t kLfclkSrc = 0x518; // 0: the RC oscillator
// TIMER
constexpr uint32_t kTasksStart = 0x000;
constexpr uint32_t kTasksStop = 0x004;
constexpr uint32_t kTasksClear = 0x00C;
constexpr uint32_t kTasksCapture = 0x040;
constexpr uint32_t kEventsCompare = 0x140;
constexpr uint32_t kIntenSet = 0x304;
constexpr uint32_t kIntenClr = 0x308;
constexpr uint32_t kIntenCompare0 = 1u << 16;
constexpr uint32_t kMode = 0x504;
constexpr uint32_t kBitMode = 0x508;
constexpr uint32_t kBitMode32 = 3;
constexpr uint32_t kPrescaler = 0x510;
constexpr uint32_t kOneMegahertz = 4; // 16 MHz / 2^4
constexpr uint32_t kCc = 0x540;
// WDT
constexpr uint32_t kWdtTasksStart = 0x000;
constexpr uint32_t kWdtCrv = 0x504;
constexpr uint32_t kWdtConfig = 0x50C;
constexpr uint32_t kWdtRunInSleep = 1; // and pause while a debugger holds the processor
constexpr uint32_t kWdtRr0 = 0x600;
constexpr uint32_t kWdtReload = 0x6E524635;
constexpr uint32_t kWdtSeconds = 2 * Clock::kHangMs / 1000; // the chip's own comes after ours

constexpr uint32_t kStartTurns = 20000;
constexpr uint32_t kSecondUs = 1000000;

/// What each compare register is for.
enum Channel : uint32_t {
    kNow,
    kWake,
    kTick,
    kHang,
};

void setCompare(Channel channel, uint32_t at) {
    reg(kTimer0, kEventsCompare + 4 * channel) = 0;
    reg(kTimer0, kCc + 4 * channel) = at;
    reg(kTimer0, kIntenSet) = kIntenCompare0 << channel;
}

bool happened(Channel channel) {
    if (reg(kTimer0, kEventsCompare + 4 * channel) == 0) {
        return false;
    }
    reg(kTimer0, kEventsCompare + 4 * channel) = 0;
    return true;
}

} // namespace

void Clock::start() {
    trigger(kPower, kTasksHfclkStart);
    (void)await(kPower, kEventsHfclkStarted, kStartTurns); // the chip runs on its own oscillator if it fails
    reg(kPower, kLfclkSrc) = 0;
    trigger(kPower, kTasksLfclkStart); // for the watchdog, which waits for it itself
    (void)await(kPower, kEventsLfclkStarted, kStartTurns);

    trigger(kTimer0, kTasksStop);
    trigger(kTimer0, kTasksClear);
    reg(kTimer0, kMode) = 0;
    reg(kTimer0, kBitMode) = kBitMode32;
    reg(kTimer0, kPrescaler) = kOneMegahertz;
    trigger(kTimer0, kTasksStart);

    reg(kWdt, kWdtConfig) = kWdtRunInSleep;
    reg(kWdt, kWdtCrv) = kWdtSeconds * 32768 - 1;
    trigger(kWdt, kWdtTasksStart);
    setCompare(kHang, kSecondUs);
    bare::enableInterrupt(kTimer0Interrupt);
}

uint32_t Clock::nowUs() const {
    trigger(kTimer0, kTasksCapture + 4 * kNow);
    return reg(kTimer0, kCc + 4 * kNow);
}

uint32_t Clock::nowMs() {
    const uint32_t passed = (nowUs() - countedUs_) / 1000;
    ms_ += passed;
    countedUs_ += passed * 1000;
    return ms_;
}

bool Clock::wakeIn(uint32_t us) {
    const uint32_t at = nowUs() + us;
    setCompare(kWake, at);
    return static_cast<int32_t>(at - nowUs()) > 0;
}

void Clock::alive() {
    silent_ = 0;
    reg(kWdt, kWdtRr0) = kWdtReload;
}

void Clock::tickEvery(uint32_t us, void (*tick)()) {
    const bare::Quiet quiet;
    const bool begins = tickUs_ == 0 && us != 0;
    tick_ = tick;
    tickUs_ = us;
    if (us == 0) {
        reg(kTimer0, kIntenClr) = kIntenCompare0 << kTick;
    } else if (begins) {
        setCompare(kTick, nowUs() + us);
    }
}

void Clock::interrupt(const uint32_t* frame) {
    (void)happened(kWake); // it has ended the sleep, which is all it is for
    // Counted from now on, not from when they were due: a page's erasure holds the processor longer than a tick takes,
    // and a compare value that has passed comes again after 71 minutes.
    if (happened(kTick) && tickUs_ != 0) {
        setCompare(kTick, nowUs() + tickUs_);
        tick_();
    }
    if (happened(kHang)) {
        setCompare(kHang, nowUs() + kSecondUs);
        silent_ = silent_ + 1;
        if (silent_ > kHangMs / 1000) {
            bare::crash(bare::CrashKind::Watchdog, frame[bare::kFramePc]);
        }
    }
}

} // namespace rbpf::nrf
