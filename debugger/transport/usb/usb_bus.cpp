// SPDX-License-Identifier: GPL-3.0-or-later
// libusb: which devices there are.
#include <algorithm>
#include <array>

#include <libusb.h>

#include "debugger/transport/usb/usb_device.hpp"

namespace rbpf::usb {

namespace {

/// "1-1.2", as sysfs names the device's place; "" for a root hub.
std::string socketOf(libusb_device* device) {
    std::array<std::uint8_t, 7> ports{}; // USB has no more tiers
    const int count = libusb_get_port_numbers(device, ports.data(), ports.size());
    std::string socket;
    for (int tier = 0; tier < count; ++tier) {
        socket += (tier == 0 ? std::to_string(libusb_get_bus_number(device)) + "-" : ".") + std::to_string(ports[tier]);
    }
    return socket;
}

/// A context of its own each time: without udev at work a lasting one would never hear of new devices.
std::optional<std::vector<std::string>> socketsByLibusb() {
    libusb_context* context = nullptr;
    if (libusb_init(&context) != 0) {
        return std::nullopt;
    }
    libusb_device** list = nullptr;
    const ssize_t count = libusb_get_device_list(context, &list);
    std::vector<std::string> found;
    for (ssize_t i = 0; i < count; ++i) {
        if (std::string socket = socketOf(list[i]); !socket.empty()) {
            found.push_back(std::move(socket));
        }
    }
    if (count >= 0) {
        libusb_free_device_list(list, 1);
    }
    libusb_exit(context);
    std::sort(found.begin(), found.end());
    return count >= 0 ? std::optional(std::move(found)) : std::nullopt;
}

} // namespace

std::vector<Device> devices() {
    const auto known = socketsByLibusb();
    std::vector<Device> found;
    for (const std::string& socket : known ? *known : sockets()) {
        if (auto device = deviceIn(socket)) {
            found.push_back(std::move(*device));
        }
    }
    return found;
}

} // namespace rbpf::usb
