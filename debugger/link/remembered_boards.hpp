// SPDX-License-Identifier: GPL-3.0-or-later
// Names that the user has given to addresses: a list in remote_boards.json of the configuration folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::link {

struct RememberedBoard {
    std::string name, address;
};

[[nodiscard]] std::filesystem::path rememberedBoardsFile();

/// By name; none if there is no file. An Error (kind Usage) names what is wrong in it.
[[nodiscard]] support::Result<std::vector<RememberedBoard>> rememberedBoards();

/// `address`: "tcp://…", "rfc2217://…" or a port's path. Errors (kind Usage): the name is taken or cannot be one, the
/// address is none.
[[nodiscard]] support::Result<void> rememberBoard(const std::string& name, const std::string& address);

[[nodiscard]] support::Result<void> forgetBoard(const std::string& name);

} // namespace rbpf::link
