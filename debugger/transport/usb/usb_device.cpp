// SPDX-License-Identifier: GPL-3.0-or-later
// sysfs: Documentation/ABI/testing/sysfs-bus-usb and stable/sysfs-bus-usb of the kernel.
#include "debugger/transport/usb/usb_device.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>

namespace rbpf::usb {

namespace fs = std::filesystem;

namespace {

constexpr unsigned long kHubClass = 9;

/// The attribute's first line, or "".
std::string attribute(const fs::path& folder, const char* name) {
    std::ifstream file(folder / name);
    std::string text;
    std::getline(file, text);
    return text;
}

unsigned long number(const fs::path& folder, const char* name, int base) {
    return std::strtoul(attribute(folder, name).c_str(), nullptr, base);
}

std::vector<std::string> namesIn(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        names.push_back(entry->path().filename().string());
    }
    return names;
}

/// CDC-ACM interfaces have tty/ttyACM0, those of USB serial adapters ttyUSB0/tty/ttyUSB0.
std::vector<std::string> ttysOf(const fs::path& interface) {
    std::vector<std::string> names = namesIn(interface / "tty");
    for (const std::string& name : namesIn(interface)) {
        if (name.starts_with("ttyUSB")) {
            names.push_back(name);
        }
    }
    return names;
}

} // namespace

std::vector<std::string> sockets(const Places& places) {
    std::vector<std::string> found = namesIn(places.sysfs / "bus/usb/devices");
    std::erase_if(found, [](const std::string& name) { return name.find(':') != std::string::npos; });
    std::sort(found.begin(), found.end());
    return found;
}

std::optional<Device> deviceIn(const std::string& socket, const Places& places) {
    const fs::path folder = places.sysfs / "bus/usb/devices" / socket;
    const std::string vendor = attribute(folder, "idVendor");
    if (vendor.empty() || number(folder, "bDeviceClass", 16) == kHubClass) {
        return std::nullopt;
    }
    Device device;
    device.vendorId = static_cast<std::uint16_t>(std::strtoul(vendor.c_str(), nullptr, 16));
    device.productId = static_cast<std::uint16_t>(number(folder, "idProduct", 16));
    device.manufacturer = attribute(folder, "manufacturer");
    device.product = attribute(folder, "product");
    device.serialNumber = attribute(folder, "serial");
    device.socket = socket;
    device.node =
        (places.dev / fmt::format("bus/usb/{:03}/{:03}", number(folder, "busnum", 10), number(folder, "devnum", 10)))
            .string();
    for (const std::string& name : namesIn(folder)) {
        if (name.starts_with(socket + ":")) {
            const int interface = static_cast<int>(number(folder / name, "bInterfaceNumber", 16));
            for (const std::string& tty : ttysOf(folder / name)) {
                device.ttys.push_back({(places.dev / tty).string(), interface});
            }
        }
    }
    std::sort(device.ttys.begin(), device.ttys.end(), [](const Tty& a, const Tty& b) {
        return a.interface != b.interface ? a.interface < b.interface : a.path < b.path;
    });
    return device;
}

} // namespace rbpf::usb
