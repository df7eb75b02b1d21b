// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/squarify.hpp"

#include <algorithm>
#include <numeric>

namespace rbpf::analyse {

namespace {

/// The worst side ratio of a row of areas along a side.
double worst(const std::vector<double>& areas, std::size_t begin, std::size_t end, double sum, double side) {
    const double largest = areas[begin];
    const double smallest = areas[end - 1];
    return std::max(side * side * largest / (sum * sum), sum * sum / (side * side * smallest));
}

} // namespace

std::vector<Area> squarify(const std::vector<double>& weights, Area area) {
    std::vector<Area> placed;
    const double all = std::accumulate(weights.begin(), weights.end(), 0.0);
    std::vector<double> areas;
    for (const double one : weights) {
        areas.push_back(one * area.width * area.height / all);
    }
    for (std::size_t begin = 0; begin < areas.size();) {
        const bool isWide = area.width >= area.height;
        const double side = std::max(isWide ? area.height : area.width, 1e-9);
        std::size_t end = begin + 1;
        double sum = areas[begin];
        while (end < areas.size() &&
               worst(areas, begin, end + 1, sum + areas[end], side) <= worst(areas, begin, end, sum, side)) {
            sum += areas[end++];
        }
        const double depth = sum / side;
        double at = 0;
        for (; begin < end; ++begin) {
            const double length = areas[begin] / std::max(depth, 1e-9);
            placed.push_back(isWide ? Area{area.left, area.top + at, depth, length}
                                    : Area{area.left + at, area.top, length, depth});
            at += length;
        }
        (isWide ? area.left : area.top) += depth;
        (isWide ? area.width : area.height) -= depth;
    }
    return placed;
}

} // namespace rbpf::analyse
