// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/run_time.hpp"

#include <array>

namespace rbpf::analyse {

namespace {

// Figures m4.* and m0.* of ./bench, *.instructions / *.steps; ./bench says how far they are off (m4.model.error).
constexpr double kM4 = 12.2, kM4Fewest = 9.9, kM4Most = 14.0;
constexpr double kM0 = 21.5, kM0Fewest = 18.2, kM0Most = 25.6;

constexpr std::array kBoards{
    BoardSpeed{"microbit", "Cortex-M0", 16e6, kM0, kM0Fewest, kM0Most},
    BoardSpeed{"nrf52840dk", "Cortex-M4", 64e6, kM4, kM4Fewest, kM4Most},
    BoardSpeed{"mps2_an386", "Cortex-M4", 25e6, kM4, kM4Fewest, kM4Most},
};

} // namespace

std::span<const BoardSpeed> boardSpeeds() {
    return kBoards;
}

RunTime runTime(const BoardSpeed& speed, std::uint64_t instructions) {
    const double steps = static_cast<double>(instructions) * 1000 / speed.hertz;
    return {steps * speed.machineInstructions * kCycles, steps * speed.fewest * kFewestCycles, steps * speed.most * kMostCycles};
}

} // namespace rbpf::analyse
