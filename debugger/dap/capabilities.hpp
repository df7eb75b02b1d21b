// SPDX-License-Identifier: GPL-3.0-or-later
// What this adapter tells an editor that it can do.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

namespace rbpf::dap {

/// A kind of stop that the editor may switch off: a fault's status, or the start or end of runs.
struct StopFilter {
    std::string_view id; ///< "READ_FAULT", "entry", "exit"
    std::string_view sentence;
    int status = 0; ///< of a fault; 0 = not one
    bool isDefault = true;
};
[[nodiscard]] const std::vector<StopFilter>& stopFilters();

[[nodiscard]] nlohmann::json capabilities();

} // namespace rbpf::dap
