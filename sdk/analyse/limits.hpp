// SPDX-License-Identifier: GPL-3.0-or-later
// What a script may cost at most, and whether it keeps to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/analyse/size.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::analyse {

struct Limit {
    std::string name; ///< text, rodata, data, bss, stack, image, instructions or worst
    std::uint64_t most = 0;
};

/// "text=400,stack=256"; an Error (kind Usage) names the part that is none.
[[nodiscard]] support::Result<std::vector<Limit>> parseLimits(std::string_view text);

struct LimitCheck {
    Limit limit;
    std::optional<std::uint64_t> value; ///< none: a worst case that is unbounded
    bool isKept = false;
    std::string sentence; ///< "text is 480 B, 80 B over its limit of 400 B"
};

/// In the order of the limits. `worst` is that of the costliest entry.
[[nodiscard]] std::vector<LimitCheck> checkLimits(const SizeReport& report, const std::vector<Limit>& limits);

} // namespace rbpf::analyse
