// SPDX-License-Identifier: GPL-3.0-or-later
// What makes a script larger or slower than it need be, at its line, with what to do.
#pragma once

#include <vector>

#include "sdk/analyse/place.hpp"
#include "sdk/analyse/size.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::analyse {

/// Warnings, one a line and kind, in the order of the text: texts that code builds on the stack, divisions in loops,
/// 64-bit division of 32-bit numbers, sign extension in loops, a budget that the longest run exceeds, limits of loops
/// that are wrong or are for none. None about the
/// library's code, and none where no line is known but the budget's.
[[nodiscard]] std::vector<support::Diagnostic> hints(const image::Image& image, const SizeReport& report,
                                                     const std::vector<PlacedCode>& code);

} // namespace rbpf::analyse
