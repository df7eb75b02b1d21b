// SPDX-License-Identifier: LGPL-2.1-or-later
// QEMU's mps2-an386 as a board: a Cortex-M4 with room, for work on speed.
#include <rbpf/saul.h>
#include <rbpf/wire.h>

#include "boards/bare/readings.hpp"
#include "boards/bare/serve.hpp"
#include "boards/mps2_an386/machine.hpp"

namespace {

using namespace rbpf;

struct Config : agent::LargeConfig {
    static constexpr uint32_t kImageBytes = 64 * 1024 - bare::SlotStore::kHeaderBytes;
};

constexpr int kNotSupported = -95; ///< ENOTSUP
constexpr int kNoAnswer = -5;      ///< EIO
constexpr int kNoPin = -1;
// FPGAIO (Arm DAI 0386, section 4.6): two LEDs, two buttons, a bit each.
constexpr uintptr_t kLeds = 0x40028000;
constexpr uintptr_t kButtons = 0x40028008;

enum : uint32_t {
    kLed,
    kTemperature,
    kButton,
};
constexpr port::Device kDevices[] = {
    {"led", SAUL_ACT_SWITCH}, {"temperature", SAUL_SENSE_TEMP}, {"button", SAUL_SENSE_BTN}};

volatile uint32_t& at(uintptr_t address) {
    return *reinterpret_cast<volatile uint32_t*>(address);
}

class Mps2Port final : public bare::StoredPort {
public:
    using StoredPort::StoredPort;

    uint32_t nowUs() override { return mps2::clock.nowUs(); }
    uint32_t nowMs() override { return mps2::clock.nowMs(); }
    size_t serialWrite(const uint8_t* data, size_t size) override { return mps2::uart.write(data, size); }
    uint32_t deviceCount() override { return sizeof kDevices / sizeof kDevices[0]; }
    port::Device device(uint32_t index) override { return kDevices[index]; }

    uint32_t random() override {
        const volatile bare::Simulated* simulated = bare::simulated();
        if (mixed_ == 0 && simulated != nullptr) {
            mixed_ = simulated->seed;
        }
        mixed_ = (mixed_ ^ nowUs()) * 1664525u + 1013904223u;
        return mixed_;
    }

    int deviceRead(uint32_t index, phydat_t& reading) override {
        const volatile bare::Simulated* simulated = bare::simulated();
        if (index == kTemperature) {
            return simulated == nullptr ? kNoAnswer : bare::readQuarters(reading, simulated->quarters);
        }
        return bare::readBool(reading, static_cast<int>(at(index == kLed ? kLeds : kButtons) & 1));
    }

    int deviceWrite(uint32_t index, const phydat_t& value) override {
        if (index != kLed) {
            return kNotSupported;
        }
        at(kLeds) = value.val[0] != 0 ? 1 : 0;
        return 1;
    }

    int gpioRead(uint32_t, bool) override { return kNoPin; }
    int gpioWrite(uint32_t, int) override { return kNoPin; }

private:
    uint32_t mixed_ = 0;
};

char lastReset[64];
agent::AgentMemory<Config> memory;
mps2::RamFlash flash(storageStart);
Mps2Port thePort(flash, Config::kSlots);
agent::Agent theAgent(thePort, memory.view(), {.board = "mps2_an386", .lastReset = lastReset});

} // namespace

int main() {
    bare::runningSlot = []() -> uint32_t { return theAgent.runningSlot(); };
    bare::takeLastReset(lastReset, sizeof lastReset, RBPF_RESET_POWER);
    mps2::clock.start();
    mps2::uart.start();
    thePort.startStorage();
    theAgent.start();
    bare::serve(theAgent, mps2::uart, mps2::clock);
}
