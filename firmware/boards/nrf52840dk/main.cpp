// SPDX-License-Identifier: LGPL-2.1-or-later
// The nRF52840-DK: its devices, and the agent over them.
#include <rbpf/saul.h>

#include "boards/bare/serve.hpp"
#include "boards/nrf/machine.hpp"

namespace {

using namespace rbpf;

struct Config : agent::LargeConfig {
    static constexpr uint32_t kImageBytes = 64 * 1024 - bare::SlotStore::kHeaderBytes;
};

constexpr uint32_t kPageBytes = 4096;
constexpr nrf::UartPins kSerial = {6, 8, 0x01D7E000};

/// LEDs and buttons are active when their pin is low.
struct PinDevice {
    port::Device device;
    uint8_t pin;
};
constexpr uint32_t kTemperature = 1;
constexpr PinDevice kDevices[] = {
    {{"led 1", SAUL_ACT_SWITCH}, 13},   {{"temperature", SAUL_SENSE_TEMP}, 0}, {{"led 2", SAUL_ACT_SWITCH}, 14},
    {{"led 3", SAUL_ACT_SWITCH}, 15},   {{"led 4", SAUL_ACT_SWITCH}, 16},      {{"button 1", SAUL_SENSE_BTN}, 11},
    {{"button 2", SAUL_SENSE_BTN}, 12}, {{"button 3", SAUL_SENSE_BTN}, 24},    {{"button 4", SAUL_SENSE_BTN}, 25},
};
constexpr int kNotSupported = -95; ///< ENOTSUP

/// On the headers and free: P0.03, P0.04, P0.26 … P0.31 and P1.01 … P1.15.
constexpr uint32_t kFreePins[] = {0xFC000018, 0x0000FFFE};

class DkPort final : public nrf::ChipPort {
public:
    using ChipPort::ChipPort;

    static void start() {
        for (const PinDevice& each : kDevices) {
            if (each.device.type == SAUL_ACT_SWITCH) {
                nrf::gpioWrite(each.pin, 1);
                nrf::gpioOutput(each.pin);
            } else if (each.device.type == SAUL_SENSE_BTN) {
                nrf::gpioInput(each.pin, nrf::Pull::Up);
            }
        }
    }

    uint32_t deviceCount() override { return sizeof kDevices / sizeof kDevices[0]; }
    port::Device device(uint32_t index) override { return kDevices[index].device; }

    int deviceRead(uint32_t index, phydat_t& reading) override {
        const PinDevice& each = kDevices[index];
        if (index == kTemperature) {
            return nrf::readTemperature(reading);
        }
        const bool led = each.device.type == SAUL_ACT_SWITCH;
        return bare::readBool(reading, 1 - (led ? nrf::gpioLevel(each.pin) : nrf::gpioRead(each.pin)));
    }

    int deviceWrite(uint32_t index, const phydat_t& value) override {
        if (kDevices[index].device.type != SAUL_ACT_SWITCH) {
            return kNotSupported;
        }
        nrf::gpioWrite(kDevices[index].pin, value.val[0] != 0 ? 0 : 1);
        return 1;
    }

protected:
    [[nodiscard]] bool pinFree(uint32_t pin) const override {
        return pin < 64 && (kFreePins[pin / 32] >> pin % 32 & 1) != 0;
    }
};

char lastReset[64];
agent::AgentMemory<Config> memory;
nrf::Nvm flash(storageStart, kPageBytes);
DkPort thePort(flash, Config::kSlots);
agent::Agent theAgent(thePort, memory.view(), {.board = "nrf52840dk", .saveMs = nrf::kSaveMs, .lastReset = lastReset});

} // namespace

int main() {
    bare::runningSlot = []() -> uint32_t { return theAgent.runningSlot(); };
    bare::takeLastReset(lastReset, sizeof lastReset, nrf::chipResetReason());
    nrf::chipStart();
    nrf::clock.start();
    nrf::uart.start(kSerial);
    DkPort::start();
    thePort.startStorage();
    theAgent.start();
    bare::serve(theAgent, nrf::uart, nrf::clock);
}
