// SPDX-License-Identifier: GPL-3.0-or-later
#include "boards/native/devices.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/firmware/boards/native/scratch_folder.hpp"

namespace rbpf::native {

namespace {
std::string errorOf(const std::string& text) {
    const ScratchFolder folder;
    const auto devices = loadDevices(folder.write("d.json", text));
    return devices ? "" : devices.error();
}
} // namespace

TEST_CASE("the default board has its temperature at position 1, around 21.5 degrees") {
    const Devices devices = defaultDevices();
    REQUIRE(devices.count() >= 2);
    CHECK(devices.at(1).type == 0x82);
    phydat_t reading;
    CHECK(devices.read(1, 0, reading) == 1);
    CHECK(reading.val[0] == 2150);
    CHECK(reading.scale == -2);
    CHECK(reading.unit == 2);
}

TEST_CASE("actuators remember what is written and tell of it; sensors refuse") {
    Devices devices = defaultDevices();
    std::string log;
    devices.onWrite = [&log](const std::string& name, const std::string& value) { log += name + "=" + value + ";"; };
    CHECK(devices.write(0, phydat_t{{1, 0, 0}, 25, 0}) == 1);
    phydat_t reading;
    CHECK(devices.read(0, 12345, reading) == 1);
    CHECK(reading.val[0] == 1);
    CHECK(devices.write(1, reading) < 0);
    CHECK(devices.writePin(2, 1) == 0);
    CHECK(devices.readPin(2, true) == 1);
    CHECK(devices.writePin(0, 1) < 0);
    CHECK(devices.readPin(2, false) < 0);
    CHECK(devices.readPin(77, true) < 0);
    CHECK(log == "led=1;pin 2=1;");
}

TEST_CASE("values are written as people write them") {
    CHECK(phydatText({{2150, 0, 0}, 2, -2}, 1) == "21.50 °C");
    CHECK(phydatText({{-5, 0, 0}, 1, -3}, 1) == "-0.005");
    CHECK(phydatText({{3, 4, 5}, 9, 2}, 3) == "300, 400, 500 g");
}

TEST_CASE("a description gives the devices that it names") {
    const ScratchFolder folder;
    folder.write("t.csv", "celsius,lux\n1.5,10\n# pause\n2.5,20\n");
    const auto devices = loadDevices(folder.write("d.json", R"({
        "devices": [
            {"name": "a", "type": "acceleration", "unit": "g-force", "scale": -3,
             "signal": [0, {"kind": "ramp", "from": 0, "to": 1, "periodMs": 100}, 1]},
            {"name": "b", "type": 130, "signal": {"kind": "csv", "file": "t.csv", "column": 1, "stepMs": 10}},
            {"name": "c", "type": "dimmer", "actuator": true, "value": 7}],
        "pins": [{"pin": 9, "direction": "input", "level": 1}]})"));
    REQUIRE(devices);
    phydat_t reading;
    CHECK(devices->read(0, 50, reading) == 3);
    CHECK(reading.val[1] == 500);
    CHECK(reading.val[2] == 1000);
    CHECK(devices->read(1, 15, reading) == 1);
    CHECK(reading.val[0] == 20);
    CHECK(devices->read(2, 0, reading) == 1);
    CHECK(reading.val[0] == 7);
    CHECK(devices->readPin(9, false) == 1);
}

TEST_CASE("values beyond 16 bits are clamped") {
    const ScratchFolder folder;
    const auto devices = loadDevices(
        folder.write("d.json", R"({"devices": [{"name": "a", "type": 130, "scale": -2, "signal": 1e300}]})"));
    REQUIRE(devices);
    phydat_t reading;
    devices->read(0, 0, reading);
    CHECK(reading.val[0] == 32767);
}

TEST_CASE("mistakes in a description are named with their place") {
    using Catch::Contains;
    CHECK_THAT(errorOf("{\n  \"devices\": [,]\n}"), Contains("d.json:2:15: not JSON"));
    CHECK_THAT(errorOf("[]"), Contains("expected an object"));
    CHECK_THAT(errorOf(R"({"device": []})"), Contains("unknown key \"device\""));
    CHECK_THAT(errorOf(R"({"devices": [{"name": 1, "type": 1}]})"),
               Contains("devices[0].name: expected a string, found 1"));
    CHECK_THAT(errorOf(R"({"devices": [{"name": "a", "type": 300}]})"),
               Contains("devices[0].type: expected a whole number"));
    CHECK_THAT(errorOf(R"({"devices": [{"name": "a", "type": 1, "scale": 99, "signal": 1}]})"),
               Contains("devices[0].scale"));
    CHECK_THAT(errorOf(R"({"devices": [{"name": "a", "type": 1, "signal": {"kind": "wave"}}]})"),
               Contains("devices[0].signal.kind: expected constant, sine"));
    CHECK_THAT(errorOf(R"({"devices": [{"name": "a", "type": 1, "signal": {"kind": "sine", "periodMs": 0}}]})"),
               Contains("devices[0].signal.periodMs: expected a number of milliseconds above 0"));
    CHECK_THAT(errorOf(R"({"devices": [{"name": "a", "type": 1, "signal": [1, 2, 3, 4]}]})"),
               Contains("one to three signals"));
    CHECK_THAT(errorOf(R"({"devices": [{"name": "a", "type": 1, "actuator": true, "signal": 1}]})"),
               Contains("an actuator has no signal"));
    CHECK_THAT(errorOf(R"({"devices": [{"name": "a", "type": 1, "signal": {"kind": "csv", "file": "no.csv"}}]})"),
               Contains("no.csv"));
    CHECK_THAT(errorOf(R"({"devices": [], "pins": [{"pin": -1, "direction": "input"}]})"), Contains("pins[0].pin"));
    CHECK_THAT(errorOf(R"({"devices": [], "pins": [{"pin": 1, "direction": "up"}]})"), Contains("pins[0].direction"));
    CHECK_THAT(loadDevices("/nowhere/d.json").error(), Contains("/nowhere/d.json"));
    const ScratchFolder folder;
    folder.write("t.csv", "1\nx\n");
    const auto bad = loadDevices(folder.write(
        "d.json", R"({"devices": [{"name": "a", "type": 1, "signal": {"kind": "csv", "file": "t.csv"}}]})"));
    REQUIRE_FALSE(bad);
    CHECK_THAT(bad.error(), Contains("t.csv:2: expected a number, found \"x\""));
}

} // namespace rbpf::native
