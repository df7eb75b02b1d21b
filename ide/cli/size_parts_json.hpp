// SPDX-License-Identifier: GPL-3.0-or-later
// What `rbpf size --json` has besides the report: the comparison, the limits, the packed sizes.
#pragma once

#include <nlohmann/json.hpp>

#include "sdk/analyse/diff.hpp"
#include "sdk/analyse/limits.hpp"
#include "sdk/analyse/packed.hpp"

namespace rbpf::cli {

[[nodiscard]] nlohmann::json diffJson(const analyse::SizeDiff& diff);
[[nodiscard]] nlohmann::json limitsJson(const std::vector<analyse::LimitCheck>& checks);
[[nodiscard]] nlohmann::json packedJson(const analyse::PackedSizes& sizes);

} // namespace rbpf::cli
