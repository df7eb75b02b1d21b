// SPDX-License-Identifier: GPL-3.0-or-later
// pyOCD's words, both generations', turned into what is wrong and what to do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "debugger/flash/pyocd.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::flash {

/// The line that says most: the exception below a traceback, else an error, else the last line; without log prefixes.
[[nodiscard]] std::string usefulLine(std::string_view text);

/// The lines that pyOCD marks as errors. 0.13 exits with 0 after failed writes and only says so.
[[nodiscard]] std::string errorLines(std::string_view text);

/// The known cause in what pyOCD said, if there is one.
[[nodiscard]] std::optional<support::Error> knownCause(std::string_view text, const Pyocd& pyocd, const Chosen& chosen);

/// How the kernel or libusb words that a device may not be opened: for boards seen but not listed.
[[nodiscard]] support::Error noPermission(const std::string& device);

} // namespace rbpf::flash
