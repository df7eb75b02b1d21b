// SPDX-License-Identifier: LGPL-2.1-or-later
// Peripherals of the mps2-an386 as a board: clock, serial line, and memory that stands for flash.
#pragma once

#include "boards/bare/flash.hpp"
#include "boards/bare/ring.hpp"

namespace rbpf::mps2 {

/// Timer 0 counts, timer 1 wakes, SysTick watches (Arm DDI 0479, section 4.4; 25 MHz).
class Clock {
public:
    void start();
    uint32_t nowUs();
    uint32_t nowMs();
    /// As the nRF's; always true.
    bool wakeIn(uint32_t us);
    /// To be called again within kHangTicks.
    void alive() { silent_ = 0; }
    void wakeInterrupt();
    /// SysTick's; `frame`: of the program it interrupts.
    void tick(const uint32_t* frame);

private:
    static constexpr uint32_t kHangTicks = 8; ///< of half a second

    void count();

    uint32_t seen_ = 0; ///< the timer's value that is counted so far
    uint32_t us_ = 0;
    uint32_t ms_ = 0;
    uint32_t partUs_ = 0; ///< of the next millisecond
    volatile uint32_t silent_ = 0;
};

/// UART 0 (Arm DDI 0479, section 4.3).
class Uart {
public:
    void start();
    size_t read(uint8_t* data, size_t size);
    size_t write(const uint8_t* data, size_t size);
    [[nodiscard]] bool received() const { return !in_.empty(); }
    void receiveInterrupt();
    void transmitInterrupt();

private:
    void send();

    bare::Ring<2048> in_;
    bare::Ring<256> out_;
};

/// RAM that behaves as flash does; QEMU's supervisor keeps it.
class RamFlash final : public bare::Flash {
public:
    explicit RamFlash(const uint8_t* start) : start_(start) {}
    [[nodiscard]] const uint8_t* data() const override { return start_; }
    [[nodiscard]] uint32_t pageBytes() const override { return 1024; }
    void erase(uint32_t offset) override;
    void write(uint32_t offset, uint32_t word) override;

private:
    const uint8_t* start_;
};

extern Clock clock;
extern Uart uart;

} // namespace rbpf::mps2
