// SPDX-License-Identifier: LGPL-2.1-or-later
#include "boards/native/signal.hpp"

#include <cmath>
#include <numbers>

namespace rbpf::native {

namespace {

/// SplitMix64's finaliser: well mixed bits of any number, so that each step of a noise can be told alone.
std::uint64_t mix(std::uint64_t x) {
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

struct Evaluate {
    double timeMs;

    double operator()(const Constant& s) const { return s.value; }
    double operator()(const Sine& s) const {
        return s.mean + s.amplitude * std::sin(2 * std::numbers::pi * std::fmod(timeMs, s.periodMs) / s.periodMs);
    }
    double operator()(const Ramp& s) const {
        return s.from + (s.to - s.from) * std::fmod(timeMs, s.periodMs) / s.periodMs;
    }
    double operator()(const Noise& s) const {
        const auto step = static_cast<std::uint64_t>(timeMs / s.stepMs);
        const double unit =
            static_cast<double>(mix(s.seed * 0x632BE59BD9B4E019u + step) >> 11) / 9007199254740992.0; // 2^53
        return s.mean + s.amplitude * (2 * unit - 1);
    }
    double operator()(const Replay& s) const {
        const auto step = static_cast<std::uint64_t>(timeMs / s.stepMs);
        const std::size_t count = s.values.size();
        if (step >= count && !s.repeat) {
            return s.values.back();
        }
        return s.values[step % count];
    }
};

} // namespace

double valueAt(const Signal& signal, double timeMs) {
    return std::visit(Evaluate{timeMs}, signal);
}

} // namespace rbpf::native
