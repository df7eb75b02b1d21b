// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/compile/internal.hpp"
namespace rbpf::compile {
void lowerMemory(Unit&, llvm::Module&) {}
} // namespace rbpf::compile
