// SPDX-License-Identifier: GPL-3.0-or-later
#include "rbpf_agent/trigger.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace rbpf::agent {

TEST_CASE("triggers are understood as trigger.h describes them") {
    Trigger trigger;
    REQUIRE(parseTrigger("", trigger));
    CHECK(trigger.kind == RBPF_TRIGGER_MANUAL);
    REQUIRE(parseTrigger("coap/a/b", trigger));
    CHECK(trigger.kind == RBPF_TRIGGER_COAP);
    CHECK(std::string(trigger.argument) == "a/b");
    REQUIRE(parseTrigger("coap//a", trigger));
    CHECK(std::string(trigger.argument) == "a");
    REQUIRE(parseTrigger("timer/2147483647", trigger));
    CHECK(trigger.periodMs == 2147483647u);
    REQUIRE(parseTrigger("packet", trigger));
    REQUIRE(parseTrigger("event/button", trigger));
    CHECK(std::string(trigger.argument) == "button");
}

TEST_CASE("triggers that no board can serve are refused") {
    Trigger trigger;
    for (const char* text :
         {"coap/", "coap", "timer/", "timer/0", "timer/2147483648", "timer/99999999999999999999", "timer/1s",
          "timer/-1", "packets", "event/", "xdp", "coap/rbpf", "coap/rbpf/slots", "coap/.well-known/core"}) {
        INFO(text);
        CHECK_FALSE(parseTrigger(text, trigger));
    }
    CHECK(parseTrigger("coap/rbpfx", trigger));
    CHECK_FALSE(parseTrigger(("coap/" + std::string(100, 'a')).c_str(), trigger));
}

} // namespace rbpf::agent
