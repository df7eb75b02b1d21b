// SPDX-License-Identifier: LGPL-2.1-or-later
#include "boards/native/devices.hpp"

#include <algorithm>
#include <cmath>

#include <rbpf/saul.h>

#include "boards/native/device_names.hpp"

namespace rbpf::native {

namespace {

constexpr int kNotSupported = -95; ///< ENOTSUP, as RIOT's saul_notsup

std::int16_t clamp(double value) {
    return static_cast<std::int16_t>(std::clamp(std::round(value), -32768.0, 32767.0));
}

} // namespace

int Devices::read(std::uint32_t index, double timeMs, phydat_t& reading) const {
    const SimulatedDevice& device = devices_.at(index);
    reading = phydat_t{};
    reading.unit = device.unit;
    reading.scale = device.scale;
    if (device.actuator) {
        reading = device.written;
        return static_cast<int>(device.dimensions);
    }
    const std::size_t count = std::min<std::size_t>(device.signals.size(), PHYDAT_DIM);
    for (std::size_t i = 0; i < count; ++i) {
        reading.val[i] = !device.held.empty()
                             ? device.held[i]
                             : clamp(valueAt(device.signals[i], timeMs) * std::pow(10.0, -device.scale));
    }
    return static_cast<int>(count);
}

int Devices::write(std::uint32_t index, const phydat_t& value) {
    SimulatedDevice& device = devices_.at(index);
    if (!device.actuator) {
        return kNotSupported;
    }
    device.written = value;
    if (onWrite) {
        onWrite(device.name, phydatText(value, device.dimensions));
    }
    return static_cast<int>(device.dimensions);
}

int Devices::simulate(std::uint32_t index, const std::int16_t* values, unsigned count) {
    SimulatedDevice& device = devices_.at(index);
    if (device.actuator || (count != 0 && count != device.signals.size())) {
        return kNotSupported;
    }
    device.held.assign(values, values + count);
    return static_cast<int>(count);
}

std::pair<std::uint32_t, SimulatedPin> Devices::pinAt(std::uint32_t index) const {
    return *std::next(pins_.begin(), index);
}

int Devices::simulatePin(std::uint32_t pin, int level) {
    const auto found = pins_.find(pin);
    if (found == pins_.end() || found->second.output) {
        return -1;
    }
    found->second.level = level;
    return 0;
}

int Devices::readPin(std::uint32_t pin, bool output) const {
    const auto found = pins_.find(pin);
    return found == pins_.end() || found->second.output != output ? -1 : found->second.level;
}

int Devices::writePin(std::uint32_t pin, int level) {
    const auto found = pins_.find(pin);
    if (found == pins_.end() || !found->second.output) {
        return -1;
    }
    found->second.level = level;
    if (onWrite) {
        onWrite("pin " + std::to_string(pin), std::to_string(level));
    }
    return 0;
}

std::string phydatText(const phydat_t& value, unsigned dimensions) {
    std::string text;
    for (unsigned i = 0; i < std::min(dimensions, static_cast<unsigned>(PHYDAT_DIM)); ++i) {
        text += i == 0 ? "" : ", ";
        if (value.scale >= 0) {
            text += std::to_string(std::llround(value.val[i] * std::pow(10.0, value.scale)));
            continue;
        }
        const auto places = static_cast<std::size_t>(std::min<int>(-value.scale, 9));
        std::string digits = std::to_string(std::abs(static_cast<int>(value.val[i])));
        if (digits.size() <= places) {
            digits.insert(0, places + 1 - digits.size(), '0');
        }
        digits.insert(digits.size() - places, ".");
        text += (value.val[i] < 0 ? "-" : "") + digits;
    }
    const std::string_view unit = unitText(value.unit);
    return unit.empty() || unit == "bool" ? text : text + " " + std::string(unit);
}

Devices defaultDevices() {
    constexpr std::uint8_t kCelsius = 2;
    constexpr std::uint8_t kLux = 5;
    constexpr std::uint8_t kBool = 25;
    constexpr std::uint8_t kPercent = 27;
    Devices devices;
    const auto sensor = [&devices](const char* name, std::uint8_t type, std::uint8_t unit, std::int8_t scale,
                                   Signal signal) {
        devices.add(SimulatedDevice{name, type, unit, scale, false, {signal}, {}, {}, 1});
    };
    const auto actuator = [&devices](const char* name) {
        devices.add(SimulatedDevice{name, SAUL_ACT_SWITCH, kBool, 0, true, {}, {}, phydat_t{{0, 0, 0}, kBool, 0}, 1});
    };
    actuator("led");
    sensor("temperature", SAUL_SENSE_TEMP, kCelsius, -2, Sine{21.5, 1.5, 60000});
    sensor("humidity", SAUL_SENSE_HUM, kPercent, -1, Noise{45, 2, 5000, 1});
    sensor("light", SAUL_SENSE_LIGHT, kLux, 0, Ramp{0, 1000, 120000});
    sensor("button", SAUL_SENSE_BTN, kBool, 0, Constant{0});
    actuator("relay");
    devices.addPin(0, SimulatedPin{false, 0});
    devices.addPin(1, SimulatedPin{false, 1});
    devices.addPin(2, SimulatedPin{true, 0});
    devices.addPin(3, SimulatedPin{true, 0});
    return devices;
}

} // namespace rbpf::native
