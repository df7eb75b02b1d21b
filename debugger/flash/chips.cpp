// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/flash/chips.hpp"

#include <algorithm>

namespace rbpf::flash {

namespace {

constexpr Chip kChips[] = {
#define RBPF_FLASH_CHIP(target, name, core, flashBytes, sectorBytes, ramBytes)                                         \
    {target, name, Core::core, flashBytes, sectorBytes, ramBytes},
#define RBPF_FLASH_BOARD(id, name, target)
#include "debugger/flash/chips.def"
#undef RBPF_FLASH_CHIP
#undef RBPF_FLASH_BOARD
};

constexpr FlashBoard kBoards[] = {
#define RBPF_FLASH_CHIP(target, name, core, flashBytes, sectorBytes, ramBytes)
#define RBPF_FLASH_BOARD(id, name, target) {id, name, target},
#include "debugger/flash/chips.def"
#undef RBPF_FLASH_CHIP
#undef RBPF_FLASH_BOARD
};

} // namespace

std::span<const Chip> chips() {
    return kChips;
}

std::span<const FlashBoard> boards() {
    return kBoards;
}

const Chip* findChip(std::string_view target) {
    const auto* found = std::ranges::find(kChips, target, &Chip::target);
    return found != std::end(kChips) ? found : nullptr;
}

const FlashBoard* findBoard(std::string_view id) {
    const auto* found = std::ranges::find(kBoards, id, &FlashBoard::id);
    return found != std::end(kBoards) ? found : nullptr;
}

std::string_view coreName(Core core) {
    return core == Core::CortexM0 ? "Cortex-M0" : "Cortex-M4";
}

} // namespace rbpf::flash
