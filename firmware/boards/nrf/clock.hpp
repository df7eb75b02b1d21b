// SPDX-License-Identifier: LGPL-2.1-or-later
// TIMER0 counts microseconds in 32 bits and wakes the program; the crystal it counts with; the watchdog's limit.
#pragma once

#include <stdint.h>

namespace rbpf::nrf {

class Clock {
public:
    void start();
    /// Wraps after 71 minutes.
    [[nodiscard]] uint32_t nowUs() const;
    /// Wraps after 49 days. Must be called at least once an hour.
    uint32_t nowMs();
    /// An interrupt in `us` microseconds ends bare::sleep(). Replaces an earlier one. False: that time has passed
    /// already.
    bool wakeIn(uint32_t us);
    /// The program lives: if this is not called again within kHangMs it is taken to hang.
    void alive();

    /// Calls `tick` from the interrupt every `us` microseconds; 0 stops that.
    void tickEvery(uint32_t us, void (*tick)());

    /// TIMER0's interrupt; `frame`: of the program it interrupts.
    void interrupt(const uint32_t* frame);

    static constexpr uint32_t kHangMs = 4000;

private:
    uint32_t ms_ = 0;
    uint32_t countedUs_ = 0; ///< what ms_ has counted, of nowUs()
    void (*tick_)() = nullptr;
    volatile uint32_t tickUs_ = 0;
    volatile uint32_t silent_ = 0; ///< seconds without alive()
};

} // namespace rbpf::nrf
