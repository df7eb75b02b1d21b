// SPDX-License-Identifier: GPL-3.0-or-later
// Firmware built by RIOT's own make: what has to be there, and what make's words mean.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "sdk/support/error.hpp"

namespace rbpf::cli {

struct RiotBuild {
    std::string riot; ///< a RIOT checkout; "" = the environment's RIOTBASE
    std::string board;
    std::string application; ///< its folder; "" = ours
    std::string output;      ///< folder for what is built
    unsigned jobs = 0;       ///< 0: one for each processor
    std::stop_token stop;
    std::function<void(std::string_view)> progress; ///< told of each part that is begun
};

struct RiotFirmware {
    std::filesystem::path elf;
    std::uint64_t flashBytes = 0; ///< 0: make did not tell
    std::uint64_t ramBytes = 0;   ///< without what is left for the heap
};

[[nodiscard]] support::Result<RiotFirmware> buildRiotFirmware(const RiotBuild& build);

// The parts of it that read make's output, without colours.

[[nodiscard]] std::string withoutColours(std::string_view text);
/// What went wrong first: the first line that is an error's; else the last line.
[[nodiscard]] std::string firstError(std::string_view output);
/// From the table that RIOT prints at the end: flash is text and data, RAM data and bss.
[[nodiscard]] std::optional<RiotFirmware> readSizes(std::string_view output);

} // namespace rbpf::cli
