// SPDX-License-Identifier: LGPL-2.1-or-later
// The BBC micro:bit v1: its devices, and the agent over them.
#include <rbpf/saul.h>

#include "boards/bare/serve.hpp"
#include "boards/microbit/display.hpp"
#include "boards/nrf/machine.hpp"

namespace {

using namespace rbpf;

/// 16 KB of RAM for everything; flash is no concern.
struct Config : agent::SmallConfig {
    /// Four scripts' turns together are shorter than what the serial line brings until its ring is full.
    static constexpr uint32_t kQuantum = 500;
    static constexpr uint32_t kImageBytes = 16 * 1024 - bare::SlotStore::kHeaderBytes;
};

constexpr uint32_t kPageBytes = 1024;
constexpr nrf::UartPins kSerial = {24, 25, 0x01D7E000};
constexpr uint32_t kButtonA = 17;
constexpr uint32_t kButtonB = 26;
/// On the edge connector and not used by anything on the board: P2, P1, P0, P16, P8, P12, P15, P14, P13.
constexpr uint32_t kFreePins =
    1u << 1 | 1u << 2 | 1u << 3 | 1u << 16 | 1u << 18 | 1u << 20 | 1u << 21 | 1u << 22 | 1u << 23;
constexpr int kNotSupported = -95; ///< ENOTSUP
constexpr int kBadValue = -22;     ///< EINVAL

enum : uint32_t {
    kLed,
    kTemperature,
    kA,
    kB,
    kMatrix,
};
constexpr port::Device kDevices[] = {{"led", SAUL_ACT_SWITCH},
                                     {"temperature", SAUL_SENSE_TEMP},
                                     {"button A", SAUL_SENSE_BTN},
                                     {"button B", SAUL_SENSE_BTN},
                                     {"matrix", SAUL_ACT_ANY}};

class MicrobitPort final : public nrf::ChipPort {
public:
    using ChipPort::ChipPort;

    uint32_t deviceCount() override { return sizeof kDevices / sizeof kDevices[0]; }
    port::Device device(uint32_t index) override { return kDevices[index]; }

    int deviceRead(uint32_t index, phydat_t& reading) override {
        switch (index) {
        case kLed:
            return bare::readBool(reading, microbit::displayLit() ? 1 : 0);
        case kTemperature:
            return nrf::readTemperature(reading);
        case kA:
        case kB: // a pressed button pulls its pin low
            return bare::readBool(reading, 1 - nrf::gpioRead(index == kA ? kButtonA : kButtonB));
        default:
            return kNotSupported;
        }
    }

    /// led: the whole matrix. matrix: x, y, on.
    int deviceWrite(uint32_t index, const phydat_t& value) override {
        if (index == kLed) {
            microbit::displayFill(value.val[0] != 0);
            return 1;
        }
        if (index != kMatrix) {
            return kNotSupported;
        }
        constexpr int kSide = microbit::kDisplaySide;
        if (value.val[0] < 0 || value.val[0] >= kSide || value.val[1] < 0 || value.val[1] >= kSide) {
            return kBadValue;
        }
        microbit::displaySet(static_cast<unsigned>(value.val[0]), static_cast<unsigned>(value.val[1]),
                             value.val[2] != 0);
        return 3;
    }

protected:
    [[nodiscard]] bool pinFree(uint32_t pin) const override { return pin < 32 && (kFreePins >> pin & 1) != 0; }
};

char lastReset[64];
agent::AgentMemory<Config> memory;
nrf::Nvm flash(storageStart, kPageBytes);
MicrobitPort thePort(flash, Config::kSlots);
agent::Agent theAgent(thePort, memory.view(), {.board = "microbit", .saveMs = nrf::kSaveMs, .lastReset = lastReset});

} // namespace

int main() {
    bare::runningSlot = []() -> uint32_t { return theAgent.runningSlot(); };
    bare::takeLastReset(lastReset, sizeof lastReset, nrf::chipResetReason());
    nrf::chipStart();
    nrf::clock.start();
    nrf::uart.start(kSerial);
    nrf::gpioInput(kButtonA, nrf::Pull::Up);
    nrf::gpioInput(kButtonB, nrf::Pull::Up);
    microbit::displayStart();
    thePort.startStorage();
    theAgent.start();
    bare::serve(theAgent, nrf::uart, nrf::clock);
}
