// SPDX-License-Identifier: GPL-3.0-or-later
// The library scripts may reach (sdk/lib), linked in function by function: only what is called comes in.
#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/IR/Module.h>
#include <llvm/Linker/Linker.h>
#include <llvm/Support/Error.h>

#include "sdk/compile/internal.hpp"
#include "sdk/lib/library.hpp"

namespace rbpf::compile {

bool linkLibrary(Unit& unit, llvm::Module& module) {
    bool wanted = false;
    for (const llvm::Function& function : module) {
        wanted = wanted || (function.isDeclaration() && !function.use_empty() && lib::has(function.getName().str()));
    }
    if (!wanted) {
        return false;
    }
    const lib::Bytes bitcode = lib::bitcode();
    const llvm::MemoryBufferRef buffer(llvm::StringRef(reinterpret_cast<const char*>(bitcode.data), bitcode.size),
                                       "library");
    llvm::Expected<std::unique_ptr<llvm::Module>> library = llvm::getLazyBitcodeModule(buffer, module.getContext());
    if (!library) {
        unit.add({support::Severity::Error,
                  {},
                  "the library for scripts is damaged: " + llvm::toString(library.takeError()),
                  "install the SDK again",
                  {},
                  {}});
        return false;
    }
    (*library)->setTargetTriple(module.getTargetTriple());
    (*library)->setDataLayout(module.getDataLayout());
    llvm::Linker::linkModules(module, std::move(*library), llvm::Linker::LinkOnlyNeeded,
                              [](llvm::Module& all, const llvm::StringSet<>& added) {
                                  for (llvm::GlobalValue& value : all.global_values()) {
                                      if (!value.isDeclaration() && added.contains(value.getName())) {
                                          value.setLinkage(llvm::GlobalValue::InternalLinkage);
                                          value.setDSOLocal(true);
                                      }
                                  }
                              });
    return true;
}

} // namespace rbpf::compile
