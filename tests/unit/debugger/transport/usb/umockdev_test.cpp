// SPDX-License-Identifier: GPL-3.0-or-later
// The real libusb and udev's library on a mocked /sys, /dev and kernel socket (umockdev): what is listed, and that
// coming and going is heard of.
#include <catch2/catch.hpp>

#include <memory>
#include <thread>

#include <umockdev.h>

#include "debugger/transport/usb/usb_boards.hpp"
#include "debugger/transport/usb/usb_watch.hpp"

using namespace rbpf::usb;
using namespace std::chrono_literals;

namespace {

/// A device as the kernel tells of it; `number` is its address and its tty's.
std::string record(int number, const std::string& vendor, const std::string& product, const std::string& serialNumber) {
    const std::string socket = "1-" + std::to_string(number);
    const std::string place = "/devices/pci0000:00/0000:00:14.0/usb1/" + socket;
    const std::string node = "bus/usb/001/00" + std::to_string(number);
    const auto swapped = [](const std::string& id) { return id.substr(2) + id.substr(0, 2); };
    return "P: " + place + "\nN: " + node + "\nE: DEVTYPE=usb_device\nE: DEVNAME=/dev/" + node +
           "\nE: BUSNUM=001\nE: DEVNUM=00" + std::to_string(number) + "\nE: SUBSYSTEM=usb\nA: idVendor=" + vendor +
           "\nA: idProduct=" + product + "\nA: bDeviceClass=00\nA: busnum=1\nA: devnum=" + std::to_string(number) +
           "\nA: serial=" + serialNumber + "\nA: product=Thing\nA: speed=12\nA: bConfigurationValue=1\n" +
           "H: descriptors=1201000200000040" + swapped(vendor) + swapped(product) +
           "000101020301"
           "0902120001010080320904000000ff000000\n\n" +
           "P: " + place + "/" + socket +
           ":1.0\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_interface\nA: bInterfaceNumber=00\n\n" + "P: " + place + "/" +
           socket + ":1.0/tty/ttyACM" + std::to_string(number) + "\nN: ttyACM" + std::to_string(number) +
           "\nE: SUBSYSTEM=tty\nE: DEVNAME=/dev/ttyACM" + std::to_string(number) + "\n\n";
}

struct Machine {
    UMockdevTestbed* bed = umockdev_testbed_new();
    Machine() {
        setenv("XDG_CONFIG_HOME", "/nowhere", 1);
        REQUIRE(umockdev_in_mock_environment());
    }
    ~Machine() { g_object_unref(bed); }
    void add(const std::string& text) const {
        GError* error = nullptr;
        REQUIRE(umockdev_testbed_add_from_string(bed, text.c_str(), &error));
    }
    void tell(int number, const char* what) const {
        umockdev_testbed_uevent(bed, ("/sys/devices/pci0000:00/0000:00:14.0/usb1/1-" + std::to_string(number)).c_str(),
                                what);
    }
};

} // namespace

TEST_CASE("libusb's list, sysfs and the table together make the boards") {
    const Machine machine;
    machine.add(record(2, "0d28", "0204", "9900AA") + record(3, "0d28", "0204", "9900BB") +
                record(4, "12d1", "1506", "M"));
    const auto found = boards();
    REQUIRE(found.size() == 2);
    CHECK(found[0].address == "usb:9900AA");
    CHECK(found[0].tty == "/dev/ttyACM2");
    CHECK(found[0].device.node == "/dev/bus/usb/001/002");
    CHECK(found[1].address == "usb:9900BB");
    CHECK(found[1].tty == "/dev/ttyACM3");
    CHECK(ttyOf("9900BB").value() == "/dev/ttyACM3");
    machine.add(record(5, "0d28", "0204", "9900BB"));
    const auto twice = ttyOf("9900BB");
    REQUIRE(!twice);
    CHECK(twice.error().message == "2 boards have the serial number 9900BB");
    CHECK(twice.error().hint == "name one by where it is plugged in: --board usb@1-3");
}

TEST_CASE("a machine without USB devices has no boards") {
    const Machine machine;
    CHECK(boards().empty());
    CHECK(!ttyOf("9900AA"));
}

TEST_CASE("what comes and what goes ends the wait") {
    const Machine machine;
    Watch watch;
    machine.add(record(2, "0d28", "0204", "9900AA"));
    for (const char* what : {"add", "remove"}) {
        const auto begin = std::chrono::steady_clock::now();
        std::jthread teller([&] { machine.tell(2, what); });
        watch.wait(60s);
        CHECK(std::chrono::steady_clock::now() - begin < 50s);
    }
}

TEST_CASE("where nothing happens the wait ends in time") {
    const Machine machine;
    Watch watch;
    const auto begin = std::chrono::steady_clock::now();
    watch.wait(50ms);
    CHECK(std::chrono::steady_clock::now() - begin >= 45ms);
}
