// SPDX-License-Identifier: GPL-3.0-or-later
// Which instructions a loop may run again.
#pragma once

#include <vector>

#include "sdk/image/instruction.hpp"

namespace rbpf::analyse {

/// For each instruction whether some way leads from it back to it, within its function.
[[nodiscard]] std::vector<bool> inLoops(const std::vector<image::Instruction>& text);

} // namespace rbpf::analyse
