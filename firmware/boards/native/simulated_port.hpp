// SPDX-License-Identifier: LGPL-2.1-or-later
// A platform made of simulated devices and a state file, without any line to the outside: the native board adds those,
// and the workstation runs scripts on it as it is.
#pragma once

#include <chrono>
#include <optional>
#include <random>
#include <string>

#include "boards/native/devices.hpp"
#include "boards/native/state_file.hpp"
#include "rbpf_port/port.hpp"

namespace rbpf::native {

class SimulatedPort : public port::Port {
public:
    /// `statePath` "" = nothing is kept. `state` is what loadState() gave.
    SimulatedPort(Devices devices, State state, std::string statePath, std::size_t imageBytesMax);
    /// Devices only, four slots in memory.
    explicit SimulatedPort(Devices devices);
    virtual ~SimulatedPort() = default;

    /// Microseconds since the start; tests replace it.
    std::function<std::uint64_t()> clock;
    /// The system's words for the last storage failure.
    [[nodiscard]] const std::string& storageError() const { return storageError_; }
    [[nodiscard]] Devices& devices() { return devices_; }

    uint32_t nowUs() override { return static_cast<uint32_t>(clock()); }
    uint32_t nowMs() override { return static_cast<uint32_t>(clock() / 1000); }
    uint32_t random() override { return static_cast<uint32_t>(random_()); }
    size_t serialWrite(const uint8_t* data, size_t size) override;
    void datagramWrite(uint32_t peer, const uint8_t* data, size_t size) override;
    port::Bytes slot(uint32_t slot) override;
    rbpf_status_t stageBegin(uint32_t slot, size_t size) override;
    rbpf_status_t stageWrite(size_t offset, const uint8_t* data, size_t size) override;
    port::Bytes staged() override;
    rbpf_status_t stageCommit(uint32_t slot) override;
    void stageAbort() override;
    rbpf_status_t slotRemove(uint32_t slot) override;
    port::Bytes storeLoad() override;
    rbpf_status_t storeSave(const uint8_t* data, size_t size) override;
    uint32_t deviceCount() override { return devices_.count(); }
    port::Device device(uint32_t index) override;
    int deviceRead(uint32_t index, phydat_t& reading) override;
    int deviceWrite(uint32_t index, const phydat_t& value) override { return devices_.write(index, value); }
    int gpioRead(uint32_t pin, bool output) override { return devices_.readPin(pin, output); }
    int gpioWrite(uint32_t pin, int level) override { return devices_.writePin(pin, level); }
    bool isSimulated() const override { return true; }
    int deviceSimulate(uint32_t index, const int16_t* values, unsigned count) override {
        return devices_.simulate(index, values, count);
    }
    uint32_t pinCount() override { return devices_.pinCount(); }
    port::Pin pin(uint32_t index) override;
    int pinSimulate(uint32_t pin, int level) override { return devices_.simulatePin(pin, level); }

private:
    rbpf_status_t save();

    Devices devices_;
    State state_;
    std::string statePath_;
    std::string storageError_;
    std::size_t imageBytesMax_;
    ImageBytes staged_;
    std::optional<uint32_t> stagedSlot_;
    std::mt19937 random_{std::random_device{}()};
};

} // namespace rbpf::native
