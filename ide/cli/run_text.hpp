// SPDX-License-Identifier: GPL-3.0-or-later
// A run on a board, as text and as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "ide/cli/board_access.hpp"
#include "ide/cli/opened_image.hpp"

namespace rbpf::cli {

/// One sentence for a fault on a board, with the source line where the build is known here. `slot` absent: numbers
/// only.
[[nodiscard]] std::string boardFaultSentence(OpenBoard& board, const link::BoardFault& fault,
                                             const link::Options& options);

/// {"slot", "halt", "result", "instructions", "context", "fault"}
[[nodiscard]] nlohmann::json runJson(const link::RunInfo& run, const std::string& sentence);

/// Prints a run; the exit code. `hint`: the next step if it ended in a fault.
int reportRun(Console& console, OpenBoard& board, const link::RunInfo& run, const link::Options& options,
              const std::string& hint = {});

/// " (-1 as int)" behind a result whose type is not known: an int lies in the low half of r0. "" if it is no such int.
[[nodiscard]] std::string asIntText(std::int64_t result);

} // namespace rbpf::cli
