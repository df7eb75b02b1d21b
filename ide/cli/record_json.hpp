// SPDX-License-Identifier: GPL-3.0-or-later
// A board's record as every report has it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "debugger/link/boards.hpp"

namespace rbpf::cli {

[[nodiscard]] nlohmann::json recordJson(const link::BoardRecord& record);

} // namespace rbpf::cli
