// SPDX-License-Identifier: GPL-3.0-or-later
// What is typed behind `break`, as a BreakpointSpec: a place, then `if CONDITION`, `ignore N`, `log "text {expr}"`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "debugger/session/session.hpp"

namespace rbpf::cli::debug {

/// Where the debugger is: a line number alone is in this file, nothing at all is this place.
struct Here {
    std::string file;
    unsigned line = 0;
    std::uint32_t pc = 0;
};

/// Decimal or 0x…; blanks around it are allowed.
[[nodiscard]] std::optional<std::uint64_t> parseNumber(std::string_view text);

/// FILE:LINE, LINE, FUNCTION, *ADDRESS or nothing, with its clauses.
[[nodiscard]] support::Result<session::BreakpointSpec> parseBreakpoint(std::string_view text, const Here& here);
/// Only the clauses; what stands before them is returned in `expression`.
[[nodiscard]] support::Result<session::BreakpointSpec> parseWatch(std::string_view text);

} // namespace rbpf::cli::debug
