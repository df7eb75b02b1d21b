// SPDX-License-Identifier: GPL-3.0-or-later
// Each reason why a port may not be opened has its own way out.
#include <catch2/catch.hpp>

#include "debugger/transport/port_access.hpp"

using namespace rbpf::transport;

TEST_CASE("who is not in the port's group is told to join it") {
    const std::string fix = accessFix({"ann", "dialout", true, false, false, false});
    CHECK(fix ==
          "run `sudo adduser ann dialout`, then log in again; or run `rbpf udev install`, then plug the board in "
          "again");
    CHECK(accessFix({"", "dialout", true, false, false, false}).find("adduser $USER dialout") != std::string::npos);
}

TEST_CASE("who joined the group since logging in is told to log in again") {
    const std::string fix = accessFix({"ann", "dialout", true, false, true, false});
    CHECK(fix == "log out and in again: you have joined the group dialout since you logged in");
}

TEST_CASE("a port that only root may use needs the udev rules") {
    CHECK(accessFix({"ann", "root", false, false, false, false}) ==
          "run `rbpf udev install`, then plug the board in again");
}

TEST_CASE("a port that is older than the rules needs to be plugged in again") {
    CHECK(accessFix({"ann", "root", false, false, false, true}).starts_with("plug the board in again"));
}

TEST_CASE("what may be opened, and what is not there, is no problem of access") {
    CHECK(!accessProblem("/dev/null"));
    CHECK(!accessProblem("/dev/none"));
}
