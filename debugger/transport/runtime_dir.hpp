// SPDX-License-Identifier: GPL-3.0-or-later
// Where running boards leave their records and shared lines their sockets.
#pragma once

#include <filesystem>

#include "sdk/support/error.hpp"

namespace rbpf::transport {

/// $RBPF_RUNTIME_DIR, else $XDG_RUNTIME_DIR/rbpf, else /tmp/rbpf-UID. Nothing is created.
[[nodiscard]] std::filesystem::path runtimeDirPath();

/// The same, made if it is missing. An Error if it is not ours alone: what lies in there is trusted.
[[nodiscard]] support::Result<std::filesystem::path> runtimeDir();

} // namespace rbpf::transport
