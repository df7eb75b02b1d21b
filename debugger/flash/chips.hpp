// SPDX-License-Identifier: GPL-3.0-or-later
// The boards that have a firmware of ours and the chips that are checked for; the tables are chips.def.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace rbpf::flash {

enum class Core : std::uint8_t {
    CortexM0,
    CortexM4
};

struct Chip {
    std::string_view target; ///< what pyOCD calls it
    std::string_view name;
    Core core;
    std::uint32_t flashBytes;  ///< from address 0
    std::uint32_t sectorBytes; ///< erased together
    std::uint32_t ramBytes;    ///< from kRamStart
};

inline constexpr std::uint32_t kRamStart = 0x20000000;
/// Nordic's registers that are written with the flash: [start, end).
inline constexpr std::uint32_t kUicrStart = 0x10001000, kUicrEnd = 0x10001400;

struct FlashBoard {
    std::string_view id; ///< as --board has it
    std::string_view name;
    std::string_view target;
};

[[nodiscard]] std::span<const Chip> chips();
[[nodiscard]] std::span<const FlashBoard> boards();

/// nullptr: not in the table.
[[nodiscard]] const Chip* findChip(std::string_view target);
[[nodiscard]] const FlashBoard* findBoard(std::string_view id);

/// "Cortex-M0".
[[nodiscard]] std::string_view coreName(Core core);

} // namespace rbpf::flash
