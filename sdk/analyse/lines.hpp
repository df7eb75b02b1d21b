// SPDX-License-Identifier: GPL-3.0-or-later
// Which source lines a function's bytes come from.
#pragma once

#include "sdk/analyse/place.hpp"
#include "sdk/analyse/size.hpp"

namespace rbpf::analyse {

/// The instructions with their places, in the order of the text; `places` by slot, empty or too short where nothing is
/// known.
[[nodiscard]] std::vector<PlacedCode> placedCode(const image::Image& image, const std::vector<image::SourcePlace>& places);

/// Fills in FunctionSize::lines, ordered by file and line.
void addLines(SizeReport& report, const std::vector<PlacedCode>& code);

} // namespace rbpf::analyse
