// SPDX-License-Identifier: GPL-3.0-or-later
// Opens a network address as a board's line: plain bytes, whatever the server speaks.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "debugger/transport/fd.hpp"
#include "debugger/transport/serial_posix.hpp"
#include "debugger/transport/transport.hpp"

namespace rbpf::transport {

struct NetworkLine {
    Fd fd;
    std::shared_ptr<void> keeper; ///< must live as long as `fd` is used
};

/// How long it may take to reach a server.
inline constexpr std::chrono::seconds kConnectTime{5};

/// `address`: "tcp://…" or "rfc2217://…".
[[nodiscard]] support::Result<NetworkLine> openNetwork(const std::string& address, Clock::time_point deadline);

/// The same for one owner on this machine: who has the lock of `lockFile`, which is made if it is missing.
[[nodiscard]] support::Result<SerialOpening>
openNetworkLocked(const std::string& address, const std::filesystem::path& lockFile, Clock::time_point deadline);

} // namespace rbpf::transport
