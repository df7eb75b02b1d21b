// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "debugger/flash/missing_probe.hpp"

using namespace rbpf::flash;
using rbpf::usb::Board;

namespace {

const Pyocd kTools{Generation::Tools, "0.13.1"};
const Pyocd kCurrent{Generation::Subcommands, "0.45.0"};

Board board(const std::string& probe, const std::string& protocol) {
    Board one;
    one.address = "usb:" + probe;
    one.kind.name = "BBC micro:bit";
    one.kind.probe = protocol;
    one.probe = probe;
    one.device.node = "/dev/bus/usb/001/004";
    return one;
}

std::string reason(const Pyocd& pyocd, const std::vector<Board>& boards, bool isOpen,
                   const std::vector<Probe>& listed = {}, const std::string& wanted = "") {
    const auto error = explainMissing(pyocd, listed, boards, wanted, [&](const std::string&) { return isOpen; });
    return error ? error->message + " | " + error->hint : "";
}

} // namespace

TEST_CASE("a probe that may not be opened is told with its device file") {
    CHECK(reason(kTools, {board("9900aa", "cmsis-dap")}, false)
              .starts_with(
                  "no permission to use the probe 9900aa of the BBC micro:bit (/dev/bus/usb/001/004) | run `sudo "
                  "rbpf udev install`"));
}

TEST_CASE("a J-Link is told what drives it") {
    CHECK(reason(kTools, {board("6834", "j-link")}, true).find("pipx install pyocd") != std::string::npos);
    CHECK(reason(kCurrent, {board("6834", "j-link")}, true).find("install SEGGER's J-Link") != std::string::npos);
}

TEST_CASE("what is listed, has no probe or is not meant is not missing") {
    CHECK(reason(kTools, {}, true).empty());
    CHECK(reason(kTools, {board("1", "")}, false).empty());
    CHECK(reason(kTools, {board("9900aa", "cmsis-dap")}, true, {{"9900aa", "", "", ""}}).empty());
    CHECK(reason(kTools, {board("9900aa", "cmsis-dap")}, true, {}, "bb").empty());
    CHECK(reason(kTools, {board("9900aa", "cmsis-dap")}, true, {}, "aa").find("does not list the probe 9900aa") !=
          std::string::npos);
}

TEST_CASE("files that may be written may be opened") {
    CHECK(mayOpen("/dev/null"));
    CHECK_FALSE(mayOpen("/dev/bus/usb/999/999"));
}
