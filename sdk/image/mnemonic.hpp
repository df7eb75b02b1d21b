// SPDX-License-Identifier: GPL-3.0-or-later
// One instruction in the BPF assembly syntax that clang reads and llvm-objdump writes.
#pragma once

#include <string>

#include "sdk/image/instruction.hpp"

namespace rbpf::image {

/// Without labels or names of functions: targets are "+4". Bindings are called by name. Bytes that are no instruction
/// give "<unknown>".
[[nodiscard]] std::string mnemonic(const Instruction& instruction);

} // namespace rbpf::image
