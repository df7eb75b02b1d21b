// SPDX-License-Identifier: GPL-3.0-or-later
// A treemap's layout: areas as near to squares as they get (Bruls, Huizing, van Wijk: Squarified Treemaps).
#pragma once

#include <vector>

namespace rbpf::analyse {

struct Area {
    double left = 0, top = 0, width = 0, height = 0;
};

/// One area for each weight, in proportion, together `area`. Weights are positive, the largest first.
[[nodiscard]] std::vector<Area> squarify(const std::vector<double>& weights, Area area);

} // namespace rbpf::analyse
