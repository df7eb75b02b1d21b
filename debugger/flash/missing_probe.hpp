// SPDX-License-Identifier: GPL-3.0-or-later
// Why pyOCD lists no probe although one is plugged in: it leaves those out that it may not open or does not drive.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "debugger/flash/pyocd.hpp"
#include "debugger/transport/usb/usb_boards.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::flash {

/// What is wrong with a probe that `boards` (usb::boards()) has and `listed` lacks; nullopt if there is none. `wanted`:
/// a part of the unique id that is looked for, or "". `canOpen` is asked with "/dev/bus/usb/001/004".
[[nodiscard]] std::optional<support::Error> explainMissing(const Pyocd& pyocd, const std::vector<Probe>& listed,
                                                           const std::vector<usb::Board>& boards,
                                                           const std::string& wanted,
                                                           const std::function<bool(const std::string& node)>& canOpen);

/// True if this process may open the file for reading and writing.
[[nodiscard]] bool mayOpen(const std::string& node);

} // namespace rbpf::flash
