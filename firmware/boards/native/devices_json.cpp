// SPDX-License-Identifier: LGPL-2.1-or-later
// The description of simulated devices:
//
//   {"devices": [
//      {"name": "led", "type": "switch", "actuator": true, "unit": "boolean", "value": 0},
//      {"name": "temperature", "type": "temperature", "unit": "celsius", "scale": -2,
//       "signal": {"kind": "sine", "mean": 21.5, "amplitude": 1.5, "periodMs": 60000}}],
//    "pins": [{"pin": 0, "direction": "input", "level": 1}]}
//
// "signal" may be a list of up to three. Kinds: a plain number (constant); constant (value); sine (mean, amplitude,
// periodMs); ramp (from, to, periodMs); noise (mean, amplitude, stepMs, seed); csv (file, relative to the description;
// column from 0; stepMs; repeat). "type" is a name or a number (SAUL class).
#include <cmath>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "boards/native/device_names.hpp"
#include "boards/native/devices.hpp"
#include "boards/native/files.hpp"

namespace rbpf::native {

namespace {

using nlohmann::json;

/// Carries the message out of nested readers; caught in loadDevices().
struct Wrong : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A value and where it stands: "devices[1].signal.periodMs".
struct Place {
    const json& value;
    std::string path;

    [[noreturn]] void expected(const std::string& what) const {
        throw Wrong((path.empty() ? "the file" : path) + ": expected " + what + ", found " + value.dump());
    }
    [[nodiscard]] bool has(const char* key) const { return value.contains(key); }
    [[nodiscard]] Place at(const char* key) const {
        if (!has(key)) {
            throw Wrong((path.empty() ? std::string("the file") : path) + ": the key \"" + key + "\" is missing");
        }
        return {value.at(key), path.empty() ? key : path + "." + key};
    }
    [[nodiscard]] Place item(std::size_t index) const {
        return {value.at(index), path + "[" + std::to_string(index) + "]"};
    }

    void object(std::initializer_list<const char*> keys) const {
        if (!value.is_object()) {
            expected("an object");
        }
        for (const auto& [key, ignored] : value.items()) {
            bool known = false;
            std::string list;
            for (const char* each : keys) {
                known = known || key == each;
                list += (list.empty() ? "" : ", ") + std::string(each);
            }
            if (!known) {
                throw Wrong((path.empty() ? std::string() : path + ": ") + "unknown key \"" + key +
                            "\"; known here: " + list);
            }
        }
    }
    [[nodiscard]] double number() const {
        if (!value.is_number() || !std::isfinite(value.get<double>())) {
            expected("a number");
        }
        return value.get<double>();
    }
    [[nodiscard]] double positive() const {
        if (!value.is_number() || !(value.get<double>() > 0)) {
            expected("a number of milliseconds above 0");
        }
        return value.get<double>();
    }
    [[nodiscard]] std::int64_t integer(std::int64_t low, std::int64_t high) const {
        if (!value.is_number_integer() || value.get<std::int64_t>() < low || value.get<std::int64_t>() > high) {
            expected("a whole number within " + std::to_string(low) + " … " + std::to_string(high));
        }
        return value.get<std::int64_t>();
    }
    [[nodiscard]] std::string text() const {
        if (!value.is_string()) {
            expected("a string");
        }
        return value.get<std::string>();
    }
    [[nodiscard]] bool boolean() const {
        if (!value.is_boolean()) {
            expected("true or false");
        }
        return value.get<bool>();
    }
    [[nodiscard]] std::size_t array() const {
        if (!value.is_array()) {
            expected("a list");
        }
        return value.size();
    }
};

double numberOr(const Place& place, const char* key, double otherwise) {
    return place.has(key) ? place.at(key).number() : otherwise;
}

double periodOr(const Place& place, const char* key, double otherwise) {
    return place.has(key) ? place.at(key).positive() : otherwise;
}

/// One column of a CSV file. A first line that holds no numbers is a heading; lines that start with # are comments.
std::vector<double> readColumn(const Place& place, const std::string& path, std::size_t column) {
    std::ifstream file(path);
    if (!file) {
        throw Wrong(place.path + ": cannot read " + path);
    }
    std::vector<double> values;
    std::string line;
    for (unsigned number = 1; std::getline(file, line); ++number) {
        if (line.empty() || line[0] == '#' || line == "\r") {
            continue;
        }
        std::istringstream cells(line);
        std::string cell;
        for (std::size_t i = 0; i <= column; ++i) {
            if (!std::getline(cells, cell, ',')) {
                throw Wrong(path + ":" + std::to_string(number) + ": expected at least " + std::to_string(column + 1) +
                            " columns, found " + std::to_string(i));
            }
        }
        std::size_t used = 0;
        double value = 0;
        try {
            value = std::stod(cell, &used);
        } catch (const std::exception&) {
            used = 0;
        }
        if (used == 0 || cell.find_first_not_of(" \t\r", used) != std::string::npos || !std::isfinite(value)) {
            if (values.empty() && used == 0 && number == 1) {
                continue;
            }
            throw Wrong(path + ":" + std::to_string(number) + ": expected a number, found \"" + cell + "\"");
        }
        values.push_back(value);
    }
    if (values.empty()) {
        throw Wrong(place.path + ": " + path + " holds no values");
    }
    return values;
}

Signal readSignal(const Place& place, const std::string& folder) {
    if (place.value.is_number()) {
        return Constant{place.number()};
    }
    if (!place.value.is_object()) {
        place.expected("a number or an object with \"kind\"");
    }
    const std::string kind = place.at("kind").text();
    if (kind == "constant") {
        place.object({"kind", "value"});
        return Constant{place.at("value").number()};
    }
    if (kind == "sine") {
        place.object({"kind", "mean", "amplitude", "periodMs"});
        return Sine{numberOr(place, "mean", 0), numberOr(place, "amplitude", 1), periodOr(place, "periodMs", 60000)};
    }
    if (kind == "ramp") {
        place.object({"kind", "from", "to", "periodMs"});
        return Ramp{numberOr(place, "from", 0), numberOr(place, "to", 1), periodOr(place, "periodMs", 60000)};
    }
    if (kind == "noise") {
        place.object({"kind", "mean", "amplitude", "stepMs", "seed"});
        const std::int64_t seed = place.has("seed") ? place.at("seed").integer(0, INT64_MAX) : 1;
        return Noise{numberOr(place, "mean", 0), numberOr(place, "amplitude", 1), periodOr(place, "stepMs", 1000),
                     static_cast<std::uint64_t>(seed)};
    }
    if (kind == "csv") {
        place.object({"kind", "file", "column", "stepMs", "repeat"});
        const Place file = place.at("file");
        const std::string name = file.text();
        const std::int64_t column = place.has("column") ? place.at("column").integer(0, 1000) : 0;
        const bool repeat = !place.has("repeat") || place.at("repeat").boolean();
        return Replay{readColumn(file, name.starts_with('/') ? name : folder + name, static_cast<std::size_t>(column)),
                      periodOr(place, "stepMs", 1000), repeat};
    }
    place.at("kind").expected("constant, sine, ramp, noise or csv");
}

SimulatedDevice readDevice(const Place& place, const std::string& folder) {
    place.object({"name", "type", "unit", "scale", "actuator", "signal", "value"});
    SimulatedDevice device;
    device.name = place.at("name").text();
    const Place type = place.at("type");
    if (type.value.is_string()) {
        const auto known = typeByName(type.text());
        if (!known) {
            type.expected("one of " + typeNames() + ", or a number");
        }
        device.type = *known;
    } else {
        device.type = static_cast<std::uint8_t>(type.integer(0, 255));
    }
    if (place.has("unit")) {
        const Place unit = place.at("unit");
        const auto known = unitByName(unit.text());
        if (!known) {
            unit.expected("one of " + unitNames());
        }
        device.unit = *known;
    }
    if (place.has("scale")) {
        device.scale = static_cast<std::int8_t>(place.at("scale").integer(-7, 7));
    }
    device.actuator = place.has("actuator") && place.at("actuator").boolean();
    if (device.actuator) {
        if (place.has("signal")) {
            throw Wrong(place.at("signal").path + ": an actuator has no signal; its start is \"value\"");
        }
        const double start = numberOr(place, "value", 0);
        device.written.val[0] = static_cast<std::int16_t>(
            std::lround(std::fmin(std::fmax(start * std::pow(10.0, -device.scale), -32768), 32767)));
        device.written.unit = device.unit;
        device.written.scale = device.scale;
        return device;
    }
    if (place.has("value")) {
        throw Wrong(place.at("value").path + ": a sensor has a \"signal\"; only actuators start at a \"value\"");
    }
    const Place signal = place.at("signal");
    if (!signal.value.is_array()) {
        device.signals.push_back(readSignal(signal, folder));
        return device;
    }
    if (signal.array() < 1 || signal.array() > PHYDAT_DIM) {
        signal.expected("one to three signals");
    }
    for (std::size_t i = 0; i < signal.array(); ++i) {
        device.signals.push_back(readSignal(signal.item(i), folder));
    }
    device.dimensions = static_cast<unsigned>(device.signals.size());
    return device;
}

void readPin(const Place& place, Devices& devices) {
    place.object({"pin", "direction", "level"});
    const Place direction = place.at("direction");
    if (direction.text() != "input" && direction.text() != "output") {
        direction.expected("\"input\" or \"output\"");
    }
    const std::int64_t level = place.has("level") ? place.at("level").integer(0, 1) : 0;
    devices.addPin(static_cast<std::uint32_t>(place.at("pin").integer(0, UINT32_MAX)),
                   SimulatedPin{direction.text() == "output", static_cast<int>(level)});
}

/// "line:column" of a byte in a text, both from 1.
std::string lineAndColumn(const std::string& text, std::size_t byte) {
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t i = 0; i + 1 < byte && i < text.size(); ++i) {
        column = text[i] == '\n' ? 1 : column + 1;
        line += text[i] == '\n' ? 1 : 0;
    }
    return std::to_string(line) + ":" + std::to_string(column);
}

} // namespace

tl::expected<Devices, std::string> loadDevices(const std::string& path) {
    const auto text = readFile(path);
    if (!text) {
        return tl::unexpected(text.error());
    }
    const std::string folder = path.find('/') == std::string::npos ? "" : path.substr(0, path.rfind('/') + 1);
    try {
        const json description = json::parse(*text);
        const Place root{description, ""};
        root.object({"devices", "pins"});
        Devices devices;
        const Place list = root.at("devices");
        for (std::size_t i = 0; i < list.array(); ++i) {
            devices.add(readDevice(list.item(i), folder));
        }
        if (root.has("pins")) {
            const Place pins = root.at("pins");
            for (std::size_t i = 0; i < pins.array(); ++i) {
                readPin(pins.item(i), devices);
            }
        }
        return devices;
    } catch (const json::parse_error& error) {
        const std::string what = error.what();
        const std::size_t detail = what.rfind(": ");
        return tl::unexpected(path + ":" + lineAndColumn(*text, error.byte) +
                              ": not JSON: " + (detail == std::string::npos ? what : what.substr(detail + 2)));
    } catch (const Wrong& error) {
        return tl::unexpected(path + ": " + error.what());
    } catch (const json::exception& error) {
        return tl::unexpected(path + ": " + error.what());
    }
}

} // namespace rbpf::native
