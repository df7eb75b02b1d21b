// SPDX-License-Identifier: LGPL-2.1-or-later
#include "boards/native/device_names.hpp"

#include <rbpf/saul.h>

namespace rbpf::native {

namespace {

struct TypeName {
    std::string_view name;
    std::uint8_t type;
};

constexpr TypeName kTypes[] = {
    {"led", SAUL_ACT_LED_RGB},
    {"servo", SAUL_ACT_SERVO},
    {"motor", SAUL_ACT_MOTOR},
    {"switch", SAUL_ACT_SWITCH},
    {"dimmer", SAUL_ACT_DIMMER},
    {"button", SAUL_SENSE_BTN},
    {"temperature", SAUL_SENSE_TEMP},
    {"humidity", SAUL_SENSE_HUM},
    {"light", SAUL_SENSE_LIGHT},
    {"acceleration", SAUL_SENSE_ACCEL},
    {"magnetic", SAUL_SENSE_MAG},
    {"gyroscope", SAUL_SENSE_GYRO},
    {"colour", SAUL_SENSE_COLOR},
    {"pressure", SAUL_SENSE_PRESS},
    {"analog", SAUL_SENSE_ANALOG},
    {"uv", SAUL_SENSE_UV},
    {"count", SAUL_SENSE_COUNT},
    {"distance", SAUL_SENSE_DISTANCE},
    {"co2", SAUL_SENSE_CO2},
    {"gas", SAUL_SENSE_GAS},
    {"proximity", SAUL_SENSE_PROXIMITY},
    {"current", SAUL_SENSE_CURRENT},
    {"voltage", SAUL_SENSE_VOLTAGE},
    {"power", SAUL_SENSE_POWER},
};

struct UnitName {
    std::string_view text;
    std::string_view word;
    std::uint8_t unit;
};

// Numbers: RIOT's phydat.h.
constexpr UnitName kUnits[] = {
    {"", "none", 1},
    {"°C", "celsius", 2},
    {"°F", "fahrenheit", 3},
    {"K", "kelvin", 4},
    {"lx", "lux", 5},
    {"m", "metre", 6},
    {"g", "g-force", 9},
    {"dps", "degrees-per-second", 10},
    {"gr", "gram", 11},
    {"A", "ampere", 12},
    {"V", "volt", 13},
    {"W", "watt", 14},
    {"Gs", "gauss", 15},
    {"T", "tesla", 16},
    {"dBm", "decibel-milliwatt", 17},
    {"pH", "ph", 21},
    {"bar", "bar", 22},
    {"Pa", "pascal", 23},
    {"cd", "candela", 24},
    {"bool", "boolean", 25},
    {"cts", "counts", 26},
    {"%", "percent", 27},
    {"‰", "permille", 28},
    {"ppm", "parts-per-million", 29},
    {"ppb", "parts-per-billion", 30},
};

} // namespace

std::optional<std::uint8_t> typeByName(std::string_view name) {
    for (const TypeName& each : kTypes) {
        if (each.name == name) {
            return each.type;
        }
    }
    return std::nullopt;
}

std::optional<std::uint8_t> unitByName(std::string_view name) {
    for (const UnitName& each : kUnits) {
        if (each.word == name || (!each.text.empty() && each.text == name)) {
            return each.unit;
        }
    }
    return std::nullopt;
}

std::string_view unitText(std::uint8_t unit) {
    for (const UnitName& each : kUnits) {
        if (each.unit == unit) {
            return each.text;
        }
    }
    return "";
}

std::string typeNames() {
    std::string names;
    for (const TypeName& each : kTypes) {
        names += (names.empty() ? "" : ", ") + std::string(each.name);
    }
    return names;
}

std::string unitNames() {
    std::string names;
    for (const UnitName& each : kUnits) {
        names += (names.empty() ? "" : ", ") + std::string(each.word);
    }
    return names;
}

} // namespace rbpf::native
