// SPDX-License-Identifier: LGPL-2.1-or-later
// The record of a running board: the file by which programs find it, and the paths that depend on its name.
#pragma once

#include <cstdint>
#include <string>

#include <tl/expected.hpp>

namespace rbpf::native {

struct Record {
    std::string name;
    std::string serial; ///< the PTY's path
    std::uint16_t coapPort = 0;
    std::string statePath;
    std::string board = "native"; ///< which one it is
};

/// $RBPF_RUNTIME_DIR, else $XDG_RUNTIME_DIR/rbpf, else /tmp/rbpf-UID; with /boards/NAME.json behind it.
std::string defaultRecordPath(const std::string& name);
/// $RBPF_RUNTIME_DIR/boards/NAME.state, else $XDG_STATE_HOME/rbpf/NAME.state, else ~/.local/state/rbpf/NAME.state.
std::string defaultStatePath(const std::string& name);

/// Makes the folders above a file, for this user only.
tl::expected<void, std::string> makeFoldersFor(const std::string& path);
/// Writes the record, whole at once.
tl::expected<void, std::string> writeRecord(const std::string& path, const Record& record);

/// Takes `path`.lock for the life of this process, so that no two boards share a state file.
tl::expected<int, std::string> lockState(const std::string& path);

} // namespace rbpf::native
