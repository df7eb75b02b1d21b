// SPDX-License-Identifier: GPL-3.0-or-later
// How many bytes of stack each function uses, and where its body starts. Internal.
#pragma once

#include <span>

#include "debugger/dwarf/model.hpp"

namespace rbpf::dwarf {

/// `stackSizes`: contents of .stack_sizes (8-byte address and ULEB128 size for each function), or empty. Without it the
/// size is the largest that calls, stack accesses and the variables' places tell of.
void settleFrames(Model& model, std::span<const std::uint8_t> stackSizes);

} // namespace rbpf::dwarf
