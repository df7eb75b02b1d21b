// SPDX-License-Identifier: GPL-3.0-or-later
// The rules that the table becomes.
#include <catch2/catch.hpp>

#include "debugger/transport/usb/udev_rules.hpp"

using namespace rbpf::usb;

namespace {

std::string rulesFor(const std::string& row) {
    auto kinds = parseBoardTable("{\"boards\": [" + row + "]}", "t.json");
    REQUIRE(kinds);
    return udevRules({std::move(*kinds), {}});
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

} // namespace

TEST_CASE("a board's USB node, serial port and HID node are opened to the user at the machine") {
    const std::string rules = rulesFor(R"({"vid": "0D28", "pid": "0204"})");
    CHECK(rules.find("SUBSYSTEM==\"usb\", ENV{DEVTYPE}==\"usb_device\", ATTR{idVendor}==\"0d28\", "
                     "ATTR{idProduct}==\"0204\", GROUP=\"plugdev\", MODE=\"0660\", TAG+=\"uaccess\"\n") !=
          std::string::npos);
    CHECK(rules.find("SUBSYSTEM==\"tty\", ATTRS{idVendor}==\"0d28\", ATTRS{idProduct}==\"0204\", GROUP=\"dialout\", "
                     "MODE=\"0660\", TAG+=\"uaccess\", ENV{ID_MM_PORT_IGNORE}=\"1\"\n") != std::string::npos);
    CHECK(rules.find("SUBSYSTEM==\"hidraw\", ATTRS{idVendor}==\"0d28\"") != std::string::npos);
}

TEST_CASE("several ids are several rules, and the same ids are written once") {
    CHECK(count(rulesFor(R"({"vid": "1366", "pid": ["1015", "1051"]})"), "SUBSYSTEM==\"tty\"") == 2);
    CHECK(count(rulesFor(R"({"vid": "0d28", "pid": "0204", "serialNumber": "99"}, {"vid": "0D28", "pid": "0204"})"),
                "SUBSYSTEM==\"tty\"") == 1);
}

TEST_CASE("a text in the table cannot become a rule of its own") {
    const std::string rules = rulesFor("{\"product\": \"x\\\", RUN+=\\\"/bin/sh\\n#*[a]\"}");
    CHECK(count(rules, "\n") == 4);
    CHECK(rules.find("RUN+=") == std::string::npos);
    CHECK(rules.find("ATTRS{product}==\"*x?? RUN????bin?sh????a?*\"") != std::string::npos);
}
