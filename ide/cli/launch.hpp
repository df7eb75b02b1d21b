// SPDX-License-Identifier: GPL-3.0-or-later
// A script brought onto a board, for a session to attach to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "debugger/link/boards.hpp"
#include "ide/cli/console.hpp"
#include "ide/cli/opened_image.hpp"

namespace rbpf::cli {

struct LaunchWish {
    std::string what; ///< a project's folder or an image; "" = the project here, else what the board has
    std::string board;
    std::optional<std::uint32_t> slot{};
};

/// A script on a board, ready to attach to.
struct Launched {
    link::BoardRecord board;
    std::uint32_t slot = 0;
    OpenedImage opened; ///< `path` empty: only the board has it
};

/// Built and deployed if the board has not got this build. Ctrl-C ends it (kind Cancelled).
[[nodiscard]] support::Result<Launched> launch(Console& console, const LaunchWish& wish);

} // namespace rbpf::cli
