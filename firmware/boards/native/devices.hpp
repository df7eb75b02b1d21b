// SPDX-License-Identifier: LGPL-2.1-or-later
// The simulated hardware of a native board: sensors, actuators and GPIO pins, described in a JSON file.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <rbpf/phydat.h>
#include <tl/expected.hpp>

#include "boards/native/signal.hpp"

namespace rbpf::native {

/// `signals` are in the unit itself (21.5 °C); a reading has them divided by 10^scale, rounded and clamped to 16 bits.
struct SimulatedDevice {
    std::string name;
    std::uint8_t type = 0; ///< SAUL class (saul.h)
    std::uint8_t unit = 0; ///< phydat unit
    std::int8_t scale = 0;
    bool actuator = false;
    std::vector<Signal> signals; ///< sensors: 1 … 3
    std::vector<std::int16_t> held; ///< readings that were set by hand; empty: the signals
    phydat_t written{};          ///< actuators: what was written last, at first the initial value
    unsigned dimensions = 1;
};

struct SimulatedPin {
    bool output = false;
    int level = 0;
};

class Devices {
public:
    [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(devices_.size()); }
    [[nodiscard]] const SimulatedDevice& at(std::uint32_t index) const { return devices_.at(index); }
    void add(SimulatedDevice device) { devices_.push_back(std::move(device)); }
    void addPin(std::uint32_t pin, SimulatedPin state) { pins_[pin] = state; }

    /// As Port::deviceRead and deviceWrite. Writing to a sensor fails.
    int read(std::uint32_t index, double timeMs, phydat_t& reading) const;
    int write(std::uint32_t index, const phydat_t& value);
    /// As Port::deviceSimulate.
    int simulate(std::uint32_t index, const std::int16_t* values, unsigned count);
    [[nodiscard]] std::uint32_t pinCount() const { return static_cast<std::uint32_t>(pins_.size()); }
    /// By number. index < pinCount().
    [[nodiscard]] std::pair<std::uint32_t, SimulatedPin> pinAt(std::uint32_t index) const;
    /// As Port::pinSimulate.
    int simulatePin(std::uint32_t pin, int level);
    [[nodiscard]] int readPin(std::uint32_t pin, bool output) const;
    int writePin(std::uint32_t pin, int level);

    /// Told of every write: device or "pin N", and the value as text.
    std::function<void(const std::string& name, const std::string& value)> onWrite;

private:
    std::vector<SimulatedDevice> devices_;
    std::map<std::uint32_t, SimulatedPin> pins_;
};

/// What a board without a description has: 0 led (switch), 1 temperature (21.5 °C ± 1.5, scale -2), 2 humidity,
/// 3 light, 4 button, 5 relay (switch); input pins 0 and 1 (low, high), output pins 2 and 3.
Devices defaultDevices();

/// Reads a description; see docs in devices_json.cpp. The error names the file, the place and what is expected there.
tl::expected<Devices, std::string> loadDevices(const std::string& path);

/// A value as a person writes it: "21.50 °C".
std::string phydatText(const phydat_t& value, unsigned dimensions);

} // namespace rbpf::native
