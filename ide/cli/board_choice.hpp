// SPDX-License-Identifier: GPL-3.0-or-later
// The board that a user means, started where there is none, and a line to it: the same for every front end.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "debugger/link/board_client.hpp"
#include "debugger/link/boards.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::cli {

/// `name` as --board has it; "" = the only board there is, else a native board, which is started if none is running;
/// `started` hears of that.
[[nodiscard]] support::Result<link::BoardRecord>
findOrStartBoard(const std::string& name, std::stop_token stop,
                 const std::function<void(const link::BoardRecord&)>& started = {});

[[nodiscard]] support::Result<link::BoardClient> connectBoard(const link::BoardRecord& record);

} // namespace rbpf::cli
