// SPDX-License-Identifier: GPL-3.0-or-later
// How long rBPF Studio takes from exec to a window that one can use, seen from the X server.
#pragma once

#include <string>

namespace rbpf::bench {

/// Milliseconds until the window is on the screen and painted, and has answered a key: its command palette is there. The
/// program is ended then. Negative: that did not come true in time.
[[nodiscard]] double coldStartMs(const std::string& studio);

} // namespace rbpf::bench
