// SPDX-License-Identifier: GPL-3.0-or-later
// Which boards there are: native boards that run, from their records in the runtime folder, and serial ports.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::link {

struct BoardRecord {
    std::string id;         ///< what --board takes: a native board's name, or a port's ("ttyACM0")
    std::string board;      ///< "native", …; "serial" for a port of which no more is known
    std::string serial;     ///< address for transport::openShared()
    std::uint16_t coap = 0; ///< UDP port, 0 = none
    int pid = 0;            ///< of a native board, 0 = none
    std::string state;      ///< path of a native board's state file, or ""
};

/// Running boards by name, then serial ports. Records whose process has ended are removed; unreadable ones are left
/// out.
[[nodiscard]] std::vector<BoardRecord> listBoards();

/// The board that a user means: an id, a path ("/dev/ttyACM0") or "tcp://host:port"; with "" the only one there is.
/// Errors (kind Link) list what there is.
[[nodiscard]] support::Result<BoardRecord> resolveBoard(const std::string& name);

} // namespace rbpf::link
