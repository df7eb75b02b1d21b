// SPDX-License-Identifier: GPL-3.0-or-later
// Opens a tty or PTY as a board's line: raw, 115200 8N1, locked for one owner.
#pragma once

#include <memory>
#include <string>

#include "debugger/transport/fd.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::transport {

/// An open, locked, raw tty; or who holds it.
struct SerialOpening {
    Fd fd;                             ///< empty: another process has the lock
    std::string heldBy;                ///< then: "1234 (rbpf)", or "another process"
    std::shared_ptr<void> keeper = {}; ///< of a line that needs one: must live as long as `fd` is used
};

/// Errors (kind Link) name cause and fix: no such port, no permission. A port locked by a process of ours is not an
/// error here, since it may be shared: see SerialOpening. PTYs are told apart only in that they are not made exclusive.
[[nodiscard]] support::Result<SerialOpening> openSerial(const std::string& path);

/// The Error for a port that is held and not shared.
[[nodiscard]] tl::unexpected<support::Error> portHeld(const std::string& path, const std::string& heldBy);

} // namespace rbpf::transport
