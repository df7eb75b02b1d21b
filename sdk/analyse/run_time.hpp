// SPDX-License-Identifier: GPL-3.0-or-later
// How long a number of BPF instructions takes on a board: an estimate with its range.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace rbpf::analyse {

/// Machine instructions for one BPF instruction: of the kernels that ./bench runs in QEMU, which counts them exactly, the
/// geometric mean, the cheapest and the dearest. What a binding does is not in it.
struct BoardSpeed {
    std::string_view board;
    std::string_view core;
    double hertz;
    double machineInstructions, fewest, most;
};

[[nodiscard]] std::span<const BoardSpeed> boardSpeeds();

/// Cycles for a machine instruction. Taken, not measured: from what the cores' manuals say of loads, stores and taken
/// branches, and with wait states of flash at the upper end.
inline constexpr double kCycles = 1.5, kFewestCycles = 1, kMostCycles = 2.2;

struct RunTime {
    double milliseconds, least, most;
};

[[nodiscard]] RunTime runTime(const BoardSpeed& speed, std::uint64_t instructions);

} // namespace rbpf::analyse
