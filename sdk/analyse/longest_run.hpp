// SPDX-License-Identifier: GPL-3.0-or-later
// How many instructions a run may take at most, where that can be told from the code alone.
#pragma once

#include <cstdint>
#include <optional>

#include "sdk/image/image.hpp"

namespace rbpf::analyse {

/// The longest way from the slot to an exit, through every local call; a wide instruction and a call of a binding count
/// once. None: there is a loop or a recursion on some way, or code that is not the image's.
[[nodiscard]] std::optional<std::uint64_t> longestRun(const image::Image& image, std::uint32_t insnIndex);

} // namespace rbpf::analyse
