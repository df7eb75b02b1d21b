// SPDX-License-Identifier: GPL-3.0-or-later
// Lists as the real pyOCD gives them here, with and without a probe; lists that are none.
#include <algorithm>
#include <catch2/catch.hpp>

#include "debugger/flash/pyocd.hpp"
#include "tests/unit/debugger/flash/captured.hpp"
#include "tests/unit/debugger/flash/surroundings.hpp"

using namespace rbpf::flash;
using rbpf::test::captured;
using rbpf::test::Surroundings;

TEST_CASE("Debian's pyOCD is found, lists no probe where there is none, and knows our chips") {
    const Surroundings here(Surroundings::kReal);
    const auto pyocd = findPyocd({});
    REQUIRE(pyocd);
    CHECK(pyocd->generation == Generation::Tools);
    CHECK(pyocd->version.starts_with("0.1"));
    const auto probes = listProbes(*pyocd, {});
    REQUIRE(probes);
    CHECK(probes->empty());
    const auto targets = listTargets(*pyocd, {});
    REQUIRE(targets);
    CHECK(std::ranges::is_sorted(*targets));
    for (const char* target : {"nrf51", "nrf52840"}) {
        CHECK(std::ranges::binary_search(*targets, target));
    }
    CHECK_FALSE(std::ranges::binary_search(*targets, "cortex_m"));
}

TEST_CASE("the real pyOCD lists the probes that are plugged in") {
    Surroundings here(Surroundings::kReal);
    here.set("RBPF_FAKE_PROBES", "9900aa,9900bb");
    const auto probes = listProbes({Generation::Tools, "0.13.1"}, {});
    REQUIRE(probes);
    REQUIRE(probes->size() == 2);
    CHECK((*probes)[0].uniqueId == "9900aa");
    CHECK((*probes)[0].description == "Fake CMSIS-DAP");
    CHECK((*probes)[0].board.empty());
    CHECK((*probes)[0].target.empty());
}

TEST_CASE("both generations' lists are read") {
    for (const char* name : {"list", "tools_list"}) {
        const auto probes = detail::parseProbes(captured(name));
        REQUIRE(probes);
        REQUIRE(probes->size() == 1);
        CHECK(probes->front().uniqueId == "99000051");
    }
    const auto known = detail::parseProbes(R"({"status": 0, "boards": [{"unique_id": "9900", "info": "x",
        "board_name": "BBC micro:bit", "target": "nrf51", "vendor_name": "ARM", "product_name": "BBC micro:bit CMSIS-DAP"}]})");
    REQUIRE(known);
    CHECK(known->front().board == "BBC micro:bit");
    CHECK(known->front().target == "nrf51");
}

TEST_CASE("a list that is none is an Error") {
    CHECK(detail::parseProbes("usage: pyocd").error().message == "pyOCD's answer is not JSON: usage: pyocd");
    CHECK(detail::parseProbes("{}").error().message == "pyOCD's answer has no list \"boards\"");
    CHECK(detail::parseProbes(R"({"boards": 7})").error().message == "pyOCD's answer has no list \"boards\"");
    CHECK(detail::parseProbes(R"({"boards": [], "status": 1, "error": "No USB backend"})").error().message ==
          "pyOCD could not look: No USB backend");
    CHECK(detail::parseProbes(R"({"boards": [null, {"unique_id": 7}, {}]})")->empty());
}

TEST_CASE("a pyOCD that is missing or broken is told so") {
    Surroundings here(Surroundings::kNone);
    const auto missing = findPyocd({});
    REQUIRE_FALSE(missing);
    CHECK(missing.error().message.find("not installed") != std::string::npos);
    CHECK(missing.error().hint.find("apt install python3-pyocd") != std::string::npos);

    Surroundings script(Surroundings::kScript);
    script.set("RBPF_FAKE_TROUBLE", "broken");
    const auto broken = findPyocd({});
    REQUIRE_FALSE(broken);
    CHECK(broken.error().message.find("No module named 'a_module_that_is_not_there'") != std::string::npos);
}

TEST_CASE("the current generation is preferred") {
    const Surroundings here(Surroundings::kScript);
    const auto pyocd = findPyocd({});
    REQUIRE(pyocd);
    CHECK(pyocd->generation == Generation::Subcommands);
    CHECK(pyocd->version == "0.45.0");
}

TEST_CASE("a command line never unlocks a chip unasked, and a file's name is one word") {
    const Pyocd current{Generation::Subcommands, "0.45.0"};
    const auto words = flashCommand(current, {"9900", "nrf52840"}, "/tmp/a b.hex").arguments;
    CHECK(std::ranges::find(words, "auto_unlock=false") != words.end());
    CHECK(words.back() == "/tmp/a b.hex");
    CHECK(readCommands(current, {"9900", "nrf52840"}, {{0, 4, "/tmp/0"}, {64, 8, "/tmp/1"}}).size() == 1);
    CHECK(
        readCommands({Generation::Tools, "0.13.1"}, {"9900", "nrf51"}, {{0, 4, "/tmp/0"}, {64, 8, "/tmp/1"}}).size() ==
        3);
}
