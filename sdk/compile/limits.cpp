// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/compile/internal.hpp"
namespace rbpf::compile {
void checkLimits(Unit&, llvm::Module&) {}
void checkFrames(Unit&, llvm::Module&) {}
} // namespace rbpf::compile
