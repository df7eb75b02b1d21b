// SPDX-License-Identifier: GPL-3.0-or-later
// Boards and their addresses: what stays the same when a board is plugged in again, and what tells two apart.
#include <catch2/catch.hpp>

#include "debugger/transport/usb/usb_boards.hpp"

using namespace rbpf::usb;

namespace {

const BoardTable kTable{*parseBoardTable(R"({"boards": [
    {"board": "one", "vid": "1209", "pid": "0001", "probe": "cmsis-dap"},
    {"board": "two", "vid": "1209", "pid": "0002", "interface": 1},
    {"vid": "1209", "pid": "0003"}]})",
                                         "t.json"),
                        {}};

Device device(std::uint16_t productId, const std::string& socket, const std::string& serialNumber) {
    Device made;
    made.vendorId = 0x1209;
    made.productId = productId;
    made.product = "samr21-xpro";
    made.socket = socket;
    made.serialNumber = serialNumber;
    made.ttys = {{"/dev/ttyACM0", 0}, {"/dev/ttyACM1", 1}};
    return made;
}

} // namespace

TEST_CASE("a board has the tty and the probe that its row tells of") {
    const auto boards = boardsAmong(
        {device(1, "1-1", "AAAA1"), device(2, "1-2", "BBBB2"), device(3, "1-3", "C"), device(9, "1-4", "D")}, kTable);
    REQUIRE(boards.size() == 3);
    CHECK(boards[0].tty == "/dev/ttyACM0");
    CHECK(boards[0].probe == "AAAA1");
    CHECK(boards[1].tty == "/dev/ttyACM1");
    CHECK(boards[1].probe.empty());
    CHECK(boards[2].board == "samr21-xpro");
}

TEST_CASE("identical boards are told apart by serial number, else by socket") {
    const auto boards = boardsAmong({device(1, "1-1", "AAAA1"), device(1, "1-2", "AAAA2"), device(1, "1-3", "same"),
                                     device(1, "1-4.1", "same"), device(1, "1-5", "")},
                                    kTable);
    REQUIRE(boards.size() == 5);
    CHECK(boards[0].address == "usb:AAAA1");
    CHECK(boards[1].address == "usb:AAAA2");
    CHECK(boards[2].address == "usb@1-3");
    CHECK(boards[3].address == "usb@1-4.1");
    CHECK(boards[4].address == "usb@1-5");
}

TEST_CASE("a board without its tty is still listed") {
    Device bare = device(2, "1-1", "X");
    bare.ttys = {{"/dev/ttyACM0", 0}};
    const auto boards = boardsAmong({bare}, kTable);
    REQUIRE(boards.size() == 1);
    CHECK(boards[0].tty.empty());
}

TEST_CASE("an address means a board by serial number, a part of it, socket, or ids") {
    const Board board = boardsAmong({device(1, "1-1.2", "9904360258824e45")}, kTable).front();
    for (const char* address :
         {"usb:9904360258824e45", "usb:9904", "usb:4e45", "usb@1-1.2", "1209:0001:9904360258824e45"}) {
        CHECK(means(address, board));
    }
    for (const char* address :
         {"usb:990", "usb:", "usb:0258", "usb@1-1", "9904360258824e45", "1209:0002:9904360258824e45", ""}) {
        CHECK(!means(address, board));
    }
}

TEST_CASE("a serial number that nobody has is an error with the next step") {
    const auto tty = ttyOf("no such number");
    REQUIRE(!tty);
    CHECK(tty.error().kind == rbpf::support::ErrorKind::Link);
    CHECK(tty.error().hint.find("rbpf boards") != std::string::npos);
}
