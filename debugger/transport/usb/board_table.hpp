// SPDX-License-Identifier: GPL-3.0-or-later
// Which USB devices are boards: the table shipped (boards.json) and the user's, in the same format
// (debugger/docs/boards.md).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "debugger/transport/usb/usb_device.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::usb {

/// One row. Where a condition is empty, any device meets it.
struct BoardKind {
    std::string board; ///< what firmware is built for: "microbit"; "" = the device's product string
    std::string name;  ///< for people
    std::optional<std::uint16_t> vendorId;
    std::vector<std::uint16_t> productIds;
    std::string manufacturer, product;      ///< contained, in any case of letters
    std::vector<std::string> serialNumbers; ///< one of these begins it
    std::optional<int> interface;           ///< whose tty is the board's line; nullopt = the first
    std::string probe;                      ///< what its debug probe speaks: "cmsis-dap", "j-link", "st-link", or ""
    std::string target;                     ///< pyOCD's name of the chip, or ""
    bool bootloader = false;                ///< so identified, it runs no firmware
    bool shared = false; ///< other makers' devices have the same ids: opened only when the user names it

    [[nodiscard]] bool matches(const Device& device) const;
};

/// The kinds in `text`. Errors (kind Usage) say "file: boards[3].vid: expected …, found …".
[[nodiscard]] support::Result<std::vector<BoardKind>> parseBoardTable(std::string_view text, const std::string& file);

struct BoardTable {
    std::vector<BoardKind> kinds;          ///< the user's first: the first that matches counts
    std::optional<support::Error> problem; ///< the user's file cannot be used

    [[nodiscard]] const BoardKind* find(const Device& device) const;
};

/// $XDG_CONFIG_HOME/rbpf, else ~/.config/rbpf. Nothing is created.
[[nodiscard]] std::filesystem::path configFolder();

/// configFolder()/usb_boards.json, which need not exist.
[[nodiscard]] std::filesystem::path userBoardTable();

/// The user's table and the one shipped.
[[nodiscard]] BoardTable loadBoardTable();

} // namespace rbpf::usb
