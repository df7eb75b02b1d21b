// SPDX-License-Identifier: LGPL-2.1-or-later
// What a simulated sensor measures over time: constant, sine, ramp, noise, or a recording played again.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

namespace rbpf::native {

struct Constant {
    double value = 0;
};

/// mean + amplitude · sin(2π · time / period); at time 0 it is the mean.
struct Sine {
    double mean = 0;
    double amplitude = 1;
    double periodMs = 60000;
};

/// From `from` to `to` within the period, then again from the start.
struct Ramp {
    double from = 0;
    double to = 1;
    double periodMs = 60000;
};

/// Evenly distributed within mean ± amplitude; a new value every stepMs. The same seed gives the same values.
struct Noise {
    double mean = 0;
    double amplitude = 1;
    double stepMs = 1000;
    std::uint64_t seed = 1;
};

/// Values one after the other, each for stepMs; at the end again from the start, or the last one for ever.
struct Replay {
    std::vector<double> values; ///< at least one
    double stepMs = 1000;
    bool repeat = true;
};

using Signal = std::variant<Constant, Sine, Ramp, Noise, Replay>;

/// The value after `timeMs` milliseconds; a pure function of its arguments, so that runs can be repeated.
double valueAt(const Signal& signal, double timeMs);

} // namespace rbpf::native
