// SPDX-License-Identifier: GPL-3.0-or-later
// The boards among the USB devices, each with the line and the probe that belong to it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "debugger/transport/usb/board_table.hpp"
#include "debugger/transport/usb/usb_device.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::usb {

struct Board {
    /// "usb:SERIAL"; "usb@SOCKET" ("usb@1-1.2") where it has no serial number or another board has the same.
    std::string address;
    std::string board; ///< what firmware is built for: "microbit"
    BoardKind kind;
    Device device;
    std::string tty;   ///< its line, or "" while there is none
    std::string probe; ///< the unique id that pyOCD takes (the serial number), or "" if it has no probe
};

/// Those of `devices` that `table` knows, in the order of the devices.
[[nodiscard]] std::vector<Board> boardsAmong(const std::vector<Device>& devices, const BoardTable& table);

/// The boards that are plugged in.
[[nodiscard]] std::vector<Board> boards();

/// True if `address` may mean this board: its address, a beginning or end of its serial number behind "usb:", its
/// socket behind "usb@", or "VID:PID:SERIAL".
[[nodiscard]] bool means(std::string_view address, const Board& board);

/// The tty that the board with this serial number has now. Errors (kind Link): it is not plugged in, it has no tty, or
/// several boards have the number.
[[nodiscard]] support::Result<std::string> ttyOf(const std::string& serialNumber);

} // namespace rbpf::usb
