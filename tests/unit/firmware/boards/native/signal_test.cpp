// SPDX-License-Identifier: GPL-3.0-or-later
#include "boards/native/signal.hpp"

#include <catch2/catch.hpp>

namespace rbpf::native {

TEST_CASE("signals are what their names say") {
    CHECK(valueAt(Constant{4.5}, 1e9) == 4.5);
    const Sine sine{21.5, 1.5, 60000};
    CHECK(valueAt(sine, 0) == Approx(21.5));
    CHECK(valueAt(sine, 15000) == Approx(23.0));
    CHECK(valueAt(sine, 45000) == Approx(20.0));
    CHECK(valueAt(sine, 60000 * 1000.0 + 15000) == Approx(23.0));
    const Ramp ramp{10, 20, 1000};
    CHECK(valueAt(ramp, 0) == Approx(10));
    CHECK(valueAt(ramp, 500) == Approx(15));
    CHECK(valueAt(ramp, 1000) == Approx(10));
}

TEST_CASE("noise stays within its amplitude and repeats with its seed") {
    const Noise noise{50, 2, 100, 7};
    bool varies = false;
    for (int i = 0; i < 1000; ++i) {
        const double value = valueAt(noise, i * 100.0);
        CHECK(value >= 48);
        CHECK(value <= 52);
        CHECK(value == valueAt(noise, i * 100.0 + 99));
        varies = varies || value != valueAt(noise, 0);
    }
    CHECK(varies);
    CHECK(valueAt(noise, 0) == valueAt(Noise{50, 2, 100, 7}, 0));
    CHECK(valueAt(noise, 0) != valueAt(Noise{50, 2, 100, 8}, 0));
}

TEST_CASE("a recording is played step by step, once or again and again") {
    const Replay again{{1, 2, 3}, 10, true};
    CHECK(valueAt(again, 0) == 1);
    CHECK(valueAt(again, 29) == 3);
    CHECK(valueAt(again, 30) == 1);
    const Replay once{{1, 2, 3}, 10, false};
    CHECK(valueAt(once, 10000) == 3);
}

} // namespace rbpf::native
