// SPDX-License-Identifier: GPL-3.0-or-later
// What `rbpf flash` is to do: which file into which chip, through which probe.
#pragma once

#include <filesystem>
#include <string>

#include "sdk/support/error.hpp"

namespace rbpf::cli {

/// As given on the command line; "" = not given.
struct FlashWish {
    std::string board, probe, target, port;
    std::string firmware;
};

struct FlashPlan {
    std::string board;  ///< "microbit", or "" where only a chip is known
    std::string target; ///< pyOCD's name of the chip
    std::string probe;  ///< its unique id or a part of it, "" = the one that fits
    std::string port;   ///< the board's serial line, "" = that of the probe
    std::filesystem::path firmware;
    bool isOurs = false; ///< the firmware is ours: it has to answer afterwards
};

/// Errors (kind Usage; Board without firmware of ours) say what is missing and what there is.
[[nodiscard]] support::Result<FlashPlan> planFlash(const FlashWish& wish);

} // namespace rbpf::cli
