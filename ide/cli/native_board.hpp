// SPDX-License-Identifier: GPL-3.0-or-later
// Starts native boards.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "debugger/link/boards.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::cli {

struct NativeBoardOptions {
    std::string name = "native";
    std::string sensors; ///< JSON file, "" = the default devices
    std::string state;   ///< "" = below stateFolder()
    std::uint16_t udpPort = 0;
    bool openManagement = false;
    std::stop_token stop;
};

/// Returns when the board is ready. An Error (kind Board) carries the last words of one that died.
[[nodiscard]] support::Result<link::BoardRecord> startNativeBoard(const NativeBoardOptions& options);

} // namespace rbpf::cli
