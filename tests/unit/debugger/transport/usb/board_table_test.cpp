// SPDX-License-Identifier: GPL-3.0-or-later
// Which devices are boards: the table shipped, and what a user may write.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>

#include "debugger/transport/usb/board_table.hpp"

using namespace rbpf::usb;
namespace fs = std::filesystem;

namespace {

Device device(std::uint16_t vendorId, std::uint16_t productId, const std::string& product = "",
              const std::string& serialNumber = "") {
    Device made;
    made.vendorId = vendorId;
    made.productId = productId;
    made.product = product;
    made.serialNumber = serialNumber;
    return made;
}

/// A configuration folder of the test's own.
struct Config {
    fs::path folder;
    Config() {
        std::string name = (fs::temp_directory_path() / "rbpf-config-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        folder = name;
        fs::create_directories(folder / "rbpf");
        setenv("XDG_CONFIG_HOME", folder.c_str(), 1);
    }
    ~Config() {
        unsetenv("XDG_CONFIG_HOME");
        fs::remove_all(folder);
    }
    void write(const std::string& text) const { std::ofstream(userBoardTable()) << text; }
};

std::string problemOf(const std::string& text) {
    const auto parsed = parseBoardTable(text, "t.json");
    return parsed ? "" : parsed.error().message;
}

} // namespace

TEST_CASE("the shipped table knows the boards and probes of its list") {
    Config config;
    const BoardTable table = loadBoardTable();
    CHECK(!table.problem);
    REQUIRE(table.find(device(0x0d28, 0x0204, "", "9900000031864e45")));
    CHECK(table.find(device(0x0d28, 0x0204, "", "9900000031864e45"))->board == "microbit");
    CHECK(table.find(device(0x0d28, 0x0204, "", "9904000031864e45"))->board == "microbit-v2");
    CHECK(table.find(device(0x0d28, 0x0204, "", "1234"))->board == "daplink");
    CHECK(table.find(device(0x1366, 0x1051))->target == "nrf52840");
    CHECK(table.find(device(0x239a, 0x0088))->bootloader);
    CHECK(table.find(device(0x0483, 0x374b))->probe == "st-link");
    CHECK(table.find(device(0x03eb, 0x2111))->probe == "cmsis-dap");
    CHECK(table.find(device(0x0403, 0x6010))->shared);
    CHECK(table.find(device(0xcafe, 0x0001, "Some cmsis-dap thing"))->board == "cmsis-dap");
    Device riot = device(0x1209, 0x7d00, "samr21-xpro");
    CHECK(table.find(riot) == nullptr); // the ids are shared: the maker's name decides
    riot.manufacturer = "RIOT-os.org";
    REQUIRE(table.find(riot));
    CHECK(table.find(riot)->board.empty());
}

TEST_CASE("a modem and a bare USB serial adapter are no boards") {
    Config config;
    const BoardTable table = loadBoardTable();
    CHECK(table.find(device(0x12d1, 0x1506, "HUAWEI Mobile")) == nullptr);
    CHECK(table.find(device(0x10c4, 0xea60, "CP2102 USB to UART Bridge Controller")) == nullptr);
    CHECK(table.find(device(0x0403, 0x6001, "FT232R USB UART")) == nullptr);
}

TEST_CASE("the user's rows come first and need not name all") {
    Config config;
    config.write(R"({"boards": [{"board": "mine", "vid": "0d28", "pid": ["0204", "0205"], "serialNumber": "77"},
                               {"board": "any", "product": "Garden Node"}]})");
    const BoardTable table = loadBoardTable();
    CHECK(!table.problem);
    CHECK(table.find(device(0x0d28, 0x0205, "", "7712"))->board == "mine");
    CHECK(table.find(device(0x0d28, 0x0204, "", "9900"))->board == "microbit");
    CHECK(table.find(device(1, 2, "the garden node 5"))->board == "any");
}

TEST_CASE("a user's table that is wrong is told with its place, and the shipped one still works") {
    Config config;
    config.write("{\"boards\": [\n {\"vid\": 5}]}");
    const BoardTable table = loadBoardTable();
    REQUIRE(table.problem);
    CHECK(table.problem->message.find("usb_boards.json: boards[0].vid: expected four hexadecimal digits") !=
          std::string::npos);
    CHECK(table.find(device(0x1366, 0x1051)) != nullptr);
}

TEST_CASE("what is wrong in a table is named with its place") {
    CHECK(problemOf("{\"boards\":\n  [}") == "t.json:2:4: expected JSON, found a mistake");
    CHECK(problemOf("") == "t.json:1:1: expected JSON, found a mistake");
    CHECK(problemOf("[]") == "t.json: expected an object with a list \"boards\", found neither");
    CHECK(problemOf(R"({"boards": [{"vid": "0d28"}, 7]})") == "t.json: boards[1]: expected an object, found 7");
    CHECK(problemOf(R"({"boards": [{"vid": "0d2"}]})") ==
          "t.json: boards[0].vid: expected four hexadecimal digits as a text, found \"0d2\"");
    CHECK(problemOf(R"({"boards": [{"vid": "0d28", "pid": ["0204", 3]}]})").starts_with("t.json: boards[0].pid: "));
    CHECK(problemOf(R"({"boards": [{"vid": "0d28", "interface": -1}]})") ==
          "t.json: boards[0].interface: expected a number from 0 to 255, found -1");
    CHECK(problemOf(R"({"boards": [{"vid": "0d28", "shared": 1}]})") ==
          "t.json: boards[0].shared: expected true or false, found 1");
    CHECK(problemOf(R"({"boards": [{"vid": "0d28", "colour": "red"}]})").ends_with("found \"colour\""));
    CHECK(problemOf(R"({"boards": [{"pid": "0204", "product": "x"}]})") ==
          "t.json: boards[0].pid: expected vid beside it, found none");
    CHECK(problemOf(R"({"boards": [{"board": "everything"}]})") ==
          "t.json: boards[0]: expected vid, product or manufacturer, found none of them");
}
