// SPDX-License-Identifier: GPL-3.0-or-later
// What sysfs tells of devices, from a tree as the kernel lays it out.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <map>

#include "debugger/transport/usb/usb_device.hpp"

using namespace rbpf::usb;
namespace fs = std::filesystem;

namespace {

struct Sysfs {
    fs::path root;
    Sysfs() {
        std::string name = (fs::temp_directory_path() / "rbpf-sysfs-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        root = name;
    }
    ~Sysfs() { fs::remove_all(root); }

    fs::path add(const std::string& socket, const std::map<std::string, std::string>& attributes) {
        const fs::path folder = root / "bus/usb/devices" / socket;
        fs::create_directories(folder);
        for (const auto& [name, text] : attributes) {
            std::ofstream(folder / name) << text << "\n";
        }
        return folder;
    }
    [[nodiscard]] Places places() const { return {root, "/dev"}; }
};

} // namespace

TEST_CASE("a CDC-ACM board is told with its strings, its node and its tty") {
    Sysfs sysfs;
    const fs::path folder = sysfs.add("1-1.2", {{"idVendor", "0d28"},
                                                {"idProduct", "0204"},
                                                {"manufacturer", "Arm"},
                                                {"product", "BBC micro:bit CMSIS-DAP"},
                                                {"serial", "9900000031864e45"},
                                                {"busnum", "1"},
                                                {"devnum", "12"}});
    fs::create_directories(folder / "1-1.2:1.1/tty/ttyACM3");
    std::ofstream(folder / "1-1.2:1.1/bInterfaceNumber") << "01\n";
    const auto device = deviceIn("1-1.2", sysfs.places());
    REQUIRE(device);
    CHECK(device->vendorId == 0x0d28);
    CHECK(device->productId == 0x0204);
    CHECK(device->product == "BBC micro:bit CMSIS-DAP");
    CHECK(device->serialNumber == "9900000031864e45");
    CHECK(device->node == "/dev/bus/usb/001/012");
    REQUIRE(device->ttys.size() == 1);
    CHECK(device->ttys[0].path == "/dev/ttyACM3");
    CHECK(device->ttys[0].interface == 1);
}

TEST_CASE("an adapter with two ports has two ttys in the order of its interfaces") {
    Sysfs sysfs;
    const fs::path folder = sysfs.add("2-1", {{"idVendor", "0403"}, {"idProduct", "6010"}});
    fs::create_directories(folder / "2-1:1.1/ttyUSB0/tty/ttyUSB0");
    std::ofstream(folder / "2-1:1.1/bInterfaceNumber") << "01\n";
    fs::create_directories(folder / "2-1:1.0/ttyUSB7/tty/ttyUSB7");
    std::ofstream(folder / "2-1:1.0/bInterfaceNumber") << "00\n";
    const auto device = deviceIn("2-1", sysfs.places());
    REQUIRE(device);
    REQUIRE(device->ttys.size() == 2);
    CHECK(device->ttys[0].path == "/dev/ttyUSB7");
    CHECK(device->ttys[1].path == "/dev/ttyUSB0");
}

TEST_CASE("hubs, interfaces and empty sockets are no devices") {
    Sysfs sysfs;
    sysfs.add("usb1", {{"idVendor", "1d6b"}, {"idProduct", "0002"}, {"bDeviceClass", "09"}});
    sysfs.add("1-1:1.0", {{"bInterfaceNumber", "00"}});
    CHECK(sockets(sysfs.places()) == std::vector<std::string>{"usb1"});
    CHECK(!deviceIn("usb1", sysfs.places()));
    CHECK(!deviceIn("1-9", sysfs.places()));
}
