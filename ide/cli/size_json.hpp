// SPDX-License-Identifier: GPL-3.0-or-later
// A size report, and what a run takes at most, as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "sdk/analyse/size.hpp"

namespace rbpf::cli {

[[nodiscard]] nlohmann::json worstJson(const analyse::WorstCase& worst);
[[nodiscard]] nlohmann::json sizeJson(const analyse::SizeReport& report);

} // namespace rbpf::cli
