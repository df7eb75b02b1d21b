// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/worst_case.hpp"

#include "sdk/analyse/longest_run.hpp"

namespace rbpf::analyse {

WorstCase worstCase(const image::Image& image, std::uint32_t insnIndex, const CostOptions& options) {
    (void)options;
    WorstCase worst;
    if (const auto longest = longestRun(image, insnIndex)) {
        worst.kind = WorstCase::Kind::Proven;
        worst.instructions = *longest;
    } else {
        worst.because = "there is a loop, a recursion, or a way out of the text";
    }
    return worst;
}

} // namespace rbpf::analyse
