// SPDX-License-Identifier: GPL-3.0-or-later
// What is plugged in, joined by sysfs to the ttys that the kernel made of it. Nothing is opened.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::usb {

struct Tty {
    std::string path;  ///< "/dev/ttyACM0"
    int interface = 0; ///< the USB interface that it serves
};

struct Device {
    std::uint16_t vendorId = 0, productId = 0;
    std::string manufacturer, product, serialNumber; ///< as the device tells them, or ""
    std::string socket;                              ///< where it is plugged in, as sysfs says it: "1-1.2"
    std::string node;                                ///< for libusb and pyOCD: "/dev/bus/usb/001/004"
    std::vector<Tty> ttys;                           ///< by interface
};

/// Where the kernel tells of devices; tests have folders of their own.
struct Places {
    std::filesystem::path sysfs = "/sys";
    std::filesystem::path dev = "/dev";
};

/// All devices but hubs, by socket: those that libusb lists, else (where it may not look, as in some containers) those
/// of sysfs. Those that leave while we look are left out.
[[nodiscard]] std::vector<Device> devices();

/// What sysfs tells of the device in `socket`; nullopt if there is none or it is a hub.
[[nodiscard]] std::optional<Device> deviceIn(const std::string& socket, const Places& places = {});

/// The sockets in which sysfs knows something, hubs included.
[[nodiscard]] std::vector<std::string> sockets(const Places& places = {});

} // namespace rbpf::usb
