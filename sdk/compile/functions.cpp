// SPDX-License-Identifier: GPL-3.0-or-later
// What the sources define, before the optimiser puts functions into their callers and drops those that nobody calls.
#include <llvm/IR/Module.h>

#include "sdk/compile/internal.hpp"

namespace rbpf::compile {

void listFunctions(Unit& unit, const llvm::Module& module) {
    for (const llvm::Function& function : module) {
        if (!function.isDeclaration()) {
            const support::SourceRange place = placeOf(function);
            unit.output.defined.push_back({nameOf(function), place.file, place.line});
        }
    }
}

} // namespace rbpf::compile
