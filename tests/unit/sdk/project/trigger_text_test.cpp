// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/project/trigger_text.hpp"

using rbpf::project::triggerProblem;

TEST_CASE("triggers of every kind are taken") {
    for (const char* trigger :
         {"", "packet", "coap/sensor", "coap/a/b", "timer/1", "timer/2147483647", "event/button"}) {
        INFO(trigger);
        CHECK_FALSE(triggerProblem(trigger));
    }
}

TEST_CASE("what is no trigger is refused with what was expected") {
    for (const char* trigger :
         {"timer/0", "timer/", "timer/2147483648", "timer/1s", "timer/-1", "timer", "coap/", "coap//a", "coap/a/",
          "coap/rbpf", "coap/rbpf/slots", "event/", "button", "packet/1", "coap/a b"}) {
        INFO(trigger);
        CHECK(triggerProblem(trigger));
    }
}
