// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers of a board in words.
#include <catch2/catch.hpp>

#include "debugger/link/status_text.hpp"

using namespace rbpf::link;

TEST_CASE("a fault names status, sentence, instruction and address with its region") {
    CHECK(faultText({-31, 12, 0x20000004, {}}) == "fault WRITE_FAULT: the script wrote outside of every region it may "
                                                  "write (instruction 12, address 0x20000004 (rodata + 4))");
}

TEST_CASE("a rejection for an unknown binding names the binding") {
    CHECK(faultText({-15, 3, 0x72, {}}) ==
          "rejected UNKNOWN_BINDING: the script calls a binding that this firmware does not "
          "have (instruction 3, binding 0x72, bpf_gpio_write)");
}

TEST_CASE("an answer of the agent has no kind in front and no empty brackets") {
    CHECK(faultText({-51, {}, {}, {}}) == "SLOT_EMPTY: the slot is empty");
    CHECK(faultText({-51, {}, 0, 2}) == "SLOT_EMPTY: the slot is empty (slot 2)");
}

TEST_CASE("a status of newer firmware is shown with its number") {
    CHECK(faultText({-120, {}, {}, {}}).starts_with("STATUS_-120: "));
}

TEST_CASE("addresses are told by region and offset") {
    CHECK(addressText(0) == "0x00000000 (text + 0)");
    CHECK(addressText(0x10000200) == "0x10000200 (stack + 512)");
    CHECK(addressText(0x60000001) == "0x60000001 (grant 1 + 1)");
}

TEST_CASE("CoAP codes and halts have names") {
    CHECK(codeText(0x84) == "4.04 Not Found");
    CHECK(codeText(0x45) == "2.05 Content");
    CHECK(codeText(0x9F) == "4.31");
    CHECK(haltName(0) == "exited");
    CHECK(haltName(6) == "interrupt");
    CHECK(haltName(-1) == "unknown");
    CHECK(haltName(7) == "unknown");
}
