// SPDX-License-Identifier: LGPL-2.1-or-later
// FICR, POWER, RNG and TEMP: nRF51 Series Reference Manual; nRF51822 Product Anomaly Notice
// 28 and 30 for the temperature's sign and stopping.
#include "boards/nrf/chip.hpp"

#include <rbpf/wire.h>

#include "boards/nrf/registers.hpp"

namespace rbpf::nrf {

namespace {

constexpr uint32_t kTasksStart = 0x000;
constexpr uint32_t kTasksStop = 0x004;
constexpr uint32_t kEventsReady = 0x100; // RNG: VALRDY, TEMP: DATARDY
constexpr uint32_t kValue = 0x508;       // RNG: VALUE, TEMP: TEMP
constexpr uint32_t kRngConfig = 0x504;
constexpr uint32_t kRngUnbiased = 1;
constexpr uint32_t kDeviceId = 0x060;
constexpr uint32_t kResetReas = 0x400;
constexpr uint32_t kResetWatchdog = 1u << 1;
constexpr uint32_t kResetAsked = 1u << 2;
constexpr uint32_t kResetLockup = 1u << 3;

constexpr uint32_t kRngTurns = 20000; // a value takes about 0.7 ms
constexpr uint32_t kTempTurns = 2000; // a measurement takes 36 µs
constexpr uint32_t kTempSign = 1u << 9;

} // namespace

void chipStart() {
    reg(kRng, kRngConfig) = kRngUnbiased;
}

uint32_t chipRandom() {
    static uint32_t mixed = 0;
    if (mixed == 0) {
        mixed = reg(kFicr, kDeviceId) ^ reg(kFicr, kDeviceId + 4);
    }
    trigger(kRng, kTasksStart);
    for (unsigned byte = 0; byte < 4; ++byte) {
        (void)await(kRng, kEventsReady, kRngTurns);
        mixed = (mixed << 8 | mixed >> 24) ^ (reg(kRng, kValue) & 0xFF);
        mixed = mixed * 1664525u + 1013904223u;
    }
    trigger(kRng, kTasksStop);
    return mixed;
}

bool chipTemperature(int32_t& quarters) {
    reg(kTemp, kEventsReady) = 0;
    trigger(kTemp, kTasksStart);
    const bool answered = await(kTemp, kEventsReady, kTempTurns);
    const uint32_t value = reg(kTemp, kValue);
    trigger(kTemp, kTasksStop);
    quarters = static_cast<int32_t>((value & (2 * kTempSign - 1)) ^ kTempSign) - static_cast<int32_t>(kTempSign);
    return answered;
}

const char* chipResetReason() {
    const uint32_t reason = reg(kPower, kResetReas);
    reg(kPower, kResetReas) = reason;
    if ((reason & kResetLockup) != 0) {
        return "the processor locked up (a spent stack does that)";
    }
    if ((reason & kResetWatchdog) != 0) {
        return "watchdog";
    }
    return (reason & kResetAsked) != 0 ? RBPF_RESET_ASKED : RBPF_RESET_POWER;
}

} // namespace rbpf::nrf
