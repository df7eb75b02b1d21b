// SPDX-License-Identifier: LGPL-2.1-or-later
// Pins and wiring: the micro:bit's schematic, version 1.3B.
#include "boards/microbit/display.hpp"

#include "boards/nrf/machine.hpp"

namespace rbpf::microbit {

namespace {

constexpr unsigned kRows = 3;
constexpr unsigned kColumns = 9;
constexpr uint32_t kFirstColumnPin = 4;
constexpr uint32_t kFirstRowPin = 13;
constexpr uint32_t kColumnPins = ((1u << kColumns) - 1) << kFirstColumnPin;
constexpr uint32_t kRowPins = ((1u << kRows) - 1) << kFirstRowPin;
constexpr uint32_t kRowUs = 3000; ///< a picture takes three times as long: 111 a second
constexpr uint32_t kOutSet = 0x508;
constexpr uint32_t kOutClr = 0x50C;

/// Row and column, both from 1, of the LED at [y][x].
struct Wire {
    uint8_t row, column;
};
constexpr Wire kWires[kDisplaySide][kDisplaySide] = {
    {{1, 1}, {2, 4}, {1, 2}, {2, 5}, {1, 3}}, {{3, 4}, {3, 5}, {3, 6}, {3, 7}, {3, 8}},
    {{2, 2}, {1, 9}, {2, 3}, {3, 9}, {2, 1}}, {{1, 8}, {1, 7}, {1, 6}, {1, 5}, {1, 4}},
    {{3, 3}, {2, 7}, {3, 1}, {2, 6}, {3, 2}},
};

volatile uint16_t lit[kRows]; ///< a bit a column
unsigned rowNow = 0;

/// A row's pin is high and its columns' pins are low where it is lit.
void showRow() {
    rowNow = (rowNow + 1) % kRows;
    nrf::reg(nrf::kGpio0, kOutClr) = kRowPins;
    nrf::reg(nrf::kGpio0, kOutSet) = kColumnPins;
    nrf::reg(nrf::kGpio0, kOutClr) = static_cast<uint32_t>(lit[rowNow]) << kFirstColumnPin;
    nrf::reg(nrf::kGpio0, kOutSet) = 1u << (kFirstRowPin + rowNow);
}

/// A dark matrix needs no interrupts.
void update() {
    if (displayLit()) {
        nrf::clock.tickEvery(kRowUs, showRow);
    } else {
        nrf::clock.tickEvery(0, nullptr);
        nrf::reg(nrf::kGpio0, kOutClr) = kRowPins;
    }
}

} // namespace

void displayStart() {
    for (uint32_t pin = kFirstColumnPin; pin < kFirstRowPin + kRows; ++pin) {
        nrf::gpioOutput(pin);
    }
    update();
}

void displaySet(unsigned x, unsigned y, bool on) {
    const Wire wire = kWires[y][x];
    const auto bit = static_cast<uint16_t>(1u << (wire.column - 1));
    volatile uint16_t& row = lit[wire.row - 1];
    row = static_cast<uint16_t>(on ? row | bit : row & ~bit);
    update();
}

bool displayGet(unsigned x, unsigned y) {
    const Wire wire = kWires[y][x];
    return (lit[wire.row - 1] >> (wire.column - 1) & 1) != 0;
}

void displayFill(bool on) {
    for (unsigned y = 0; y < kDisplaySide; ++y) {
        for (unsigned x = 0; x < kDisplaySide; ++x) {
            displaySet(x, y, on);
        }
    }
}

bool displayLit() {
    return (lit[0] | lit[1] | lit[2]) != 0;
}

} // namespace rbpf::microbit
