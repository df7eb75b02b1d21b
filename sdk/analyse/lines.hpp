// SPDX-License-Identifier: GPL-3.0-or-later
// Which source lines a function's bytes come from.
#pragma once

#include "sdk/analyse/place.hpp"
#include "sdk/analyse/size.hpp"

namespace rbpf::analyse {

/// Fills in FunctionSize::lines, ordered by file and line.
void addLines(SizeReport& report, const std::vector<PlacedCode>& code);

} // namespace rbpf::analyse
