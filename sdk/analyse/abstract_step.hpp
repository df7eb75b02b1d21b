// SPDX-License-Identifier: GPL-3.0-or-later
// One instruction that neither jumps nor calls a function nor leaves one.
#pragma once

#include "sdk/analyse/abstract_state.hpp"

namespace rbpf::analyse {

/// The operand of arithmetic or of a conditional jump that is not the destination: a register or the immediate.
[[nodiscard]] Value operand(const State& state, const image::Instruction& in);

/// False: it faults for certain.
[[nodiscard]] bool step(State& state, const image::Image& image, const image::Instruction& in);

} // namespace rbpf::analyse
