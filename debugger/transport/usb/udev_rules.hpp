// SPDX-License-Identifier: GPL-3.0-or-later
// The udev rules that let the user at the machine open boards and their probes, and keep ModemManager off their ports.
#pragma once

#include <string>

#include "debugger/transport/usb/board_table.hpp"

namespace rbpf::usb {

/// A rules file for all kinds of the table: serial ports, USB nodes (libusb) and HID nodes (CMSIS-DAP).
[[nodiscard]] std::string udevRules(const BoardTable& table);

} // namespace rbpf::usb
