// SPDX-License-Identifier: GPL-3.0-or-later
// What can be said of an image's costs once its source lines are known, in one step.
#pragma once

#include "sdk/analyse/origin.hpp"
#include "sdk/analyse/size.hpp"

namespace rbpf::analyse {

/// Adds lines, classes, origins and hints to what measure() found. `code` in the order of the text; no `defined`: what is
/// not in the image is not known.
void explain(SizeReport& report, const image::Image& image, const std::vector<PlacedCode>& code,
             const std::vector<DefinedFunction>& defined);

} // namespace rbpf::analyse
