// SPDX-License-Identifier: GPL-3.0-or-later
// Global variables get their VM addresses before code generation: an address is then one 8-byte instruction instead of
// a 16-byte lddw with a relocation. The variables stay in the module, in the order of their addresses, for their
// bytes and their debug information; sdk/link lays the sections out the same way and checks that against the addresses
// in the section .rbpf.globals.
#include <algorithm>

#include <llvm/IR/Constants.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>

#include <rbpf/image.h>

#include "sdk/compile/internal.hpp"

namespace rbpf::compile {
namespace {

std::uint64_t alignUp(std::uint64_t value, llvm::Align align) {
    return llvm::alignTo(value, align);
}

struct Section {
    const char* name;
    std::vector<llvm::GlobalVariable*> variables;
};

llvm::Align alignOf(const llvm::GlobalVariable& variable, const llvm::DataLayout& layout) {
    return variable.getAlign() ? *variable.getAlign() : layout.getABITypeAlign(variable.getValueType());
}

/// Puts the section's variables behind `start` and their addresses into `note`; returns the end.
std::uint64_t place(Section& section, std::uint64_t start, llvm::Module& module, std::string& note) {
    const llvm::DataLayout& layout = module.getDataLayout();
    std::uint64_t address = start;
    for (llvm::GlobalVariable* variable : section.variables) {
        variable->setSection(section.name);
        // Merging of equal constants is done; as an ordinary constant it stays where we put it.
        variable->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::None);
        variable->setAlignment(alignOf(*variable, layout));
        address = alignUp(address, *variable->getAlign());
        auto* number = llvm::ConstantInt::get(llvm::Type::getInt64Ty(module.getContext()), address);
        variable->replaceAllUsesWith(llvm::ConstantExpr::getIntToPtr(number, variable->getType()));
        // A private variable has no symbol by which sdk/link could find it.
        if (variable->hasPrivateLinkage()) {
            variable->setLinkage(llvm::GlobalValue::InternalLinkage);
        }
        note += variable->getName().str() + "\t" + std::to_string(address) + "\n";
        address += layout.getTypeAllocSize(variable->getValueType());
        // Emission follows the order of the module.
        variable->removeFromParent();
        module.insertGlobalVariable(variable);
    }
    return address;
}

} // namespace

void placeGlobals(Unit& unit, llvm::Module& module) {
    (void)unit;
    const llvm::DataLayout& layout = module.getDataLayout();
    Section rodata{".rodata", {}};
    Section data{".data", {}};
    Section bss{".bss", {}};
    for (llvm::GlobalVariable& variable : module.globals()) {
        if (variable.isDeclaration() || variable.getName().starts_with("llvm.")) {
            continue;
        }
        Section& section =
            variable.isConstant() ? rodata
            : variable.getInitializer()->isNullValue() || llvm::isa<llvm::UndefValue>(variable.getInitializer()) ? bss
                                                                                                                 : data;
        section.variables.push_back(&variable);
    }
    for (Section* section : {&rodata, &data, &bss}) {
        // Largest alignment first: no padding between variables whose sizes are multiples of their alignment.
        // Names are distinct inside a module; they make the order the same every time.
        std::sort(section->variables.begin(), section->variables.end(),
                  [&](const llvm::GlobalVariable* a, const llvm::GlobalVariable* b) {
                      const llvm::Align left = alignOf(*a, layout);
                      const llvm::Align right = alignOf(*b, layout);
                      return left != right ? left > right : a->getName() < b->getName();
                  });
    }
    std::string note;
    place(rodata, RBPF_ADDRESS(RBPF_REGION_RODATA, 0), module, note);
    const std::uint64_t end = place(data, RBPF_ADDRESS(RBPF_REGION_DATA, 0), module, note);
    llvm::Align bssAlign(1);
    if (!bss.variables.empty()) {
        bssAlign = alignOf(*bss.variables.front(), layout);
    }
    place(bss, alignUp(end, bssAlign), module, note);
    if (!note.empty()) {
        addNote(module, ".rbpf.globals", note);
    }
}

} // namespace rbpf::compile
