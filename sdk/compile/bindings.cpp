// SPDX-License-Identifier: GPL-3.0-or-later
// Calls of bindings. Headers declare them as constant function pointers with a number for an address; while the
// optimiser works they are calls of declared functions, which it neither merges into indirect calls nor fears.
#include <map>

#include <llvm/IR/Constants.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>

#include "sdk/compile/internal.hpp"

namespace rbpf::compile {
namespace {

constexpr const char* kPrefix = "rbpf.binding.";

/// The number of a function pointer constant, or -1.
std::int64_t numberOf(const llvm::Value* value) {
    const auto* expression = llvm::dyn_cast<llvm::ConstantExpr>(value);
    if (expression == nullptr || expression->getOpcode() != llvm::Instruction::IntToPtr) {
        return -1;
    }
    const auto* number = llvm::dyn_cast<llvm::ConstantInt>(expression->getOperand(0));
    return number != nullptr && number->getValue().isSignedIntN(32) ? number->getSExtValue() : -1;
}

/// True if the variable keeps its initial value for ever.
bool isNeverWritten(const llvm::GlobalVariable& variable) {
    if (!variable.hasDefinitiveInitializer()) {
        return false;
    }
    if (variable.isConstant()) {
        return true;
    }
    if (!variable.hasLocalLinkage()) {
        return false;
    }
    for (const llvm::User* user : variable.users()) {
        if (!llvm::isa<llvm::LoadInst>(user)) {
            return false;
        }
    }
    return true;
}

/// The number that a call's callee comes down to, or -1.
std::int64_t calleeNumber(const llvm::CallBase& call) {
    const llvm::Value* callee = call.getCalledOperand()->stripPointerCasts();
    if (const auto* load = llvm::dyn_cast<llvm::LoadInst>(callee)) {
        const auto* variable = llvm::dyn_cast<llvm::GlobalVariable>(load->getPointerOperand());
        return variable != nullptr && isNeverWritten(*variable) ? numberOf(variable->getInitializer()) : -1;
    }
    return numberOf(callee);
}

} // namespace

void nameBindings(llvm::Module& module) {
    std::map<std::pair<std::int64_t, llvm::FunctionType*>, llvm::Function*> known;
    std::vector<llvm::Instruction*> loads;
    for (llvm::Function& function : module) {
        for (llvm::BasicBlock& block : function) {
            for (llvm::Instruction& instruction : block) {
                auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
                if (call == nullptr || llvm::isa<llvm::Function>(call->getCalledOperand())) {
                    continue;
                }
                const std::int64_t id = calleeNumber(*call);
                if (id < 0) {
                    continue;
                }
                llvm::Function*& binding = known[{id, call->getFunctionType()}];
                if (binding == nullptr) {
                    binding = llvm::Function::Create(call->getFunctionType(), llvm::GlobalValue::ExternalLinkage,
                                                     kPrefix + std::to_string(id) + ".", module);
                    // A binding runs in the firmware: it never calls back into the script and never unwinds.
                    binding->addFnAttr(llvm::Attribute::NoUnwind);
                    binding->addFnAttr(llvm::Attribute::NoCallback);
                }
                if (auto* load = llvm::dyn_cast<llvm::Instruction>(call->getCalledOperand())) {
                    loads.push_back(load);
                }
                call->setCalledOperand(binding);
            }
        }
    }
    for (llvm::Instruction* load : loads) {
        if (load->use_empty() && load->getParent() != nullptr) {
            load->eraseFromParent();
        }
    }
}

std::int64_t bindingOf(const llvm::CallBase& call) {
    const auto* function = llvm::dyn_cast<llvm::Function>(call.getCalledOperand());
    if (function == nullptr) {
        return numberOf(call.getCalledOperand());
    }
    llvm::StringRef name = function->getName();
    std::int64_t id = -1;
    return name.consume_front(kPrefix) && !name.consumeInteger(10, id) ? id : -1;
}

void numberBindings(llvm::Module& module) {
    std::vector<llvm::Function*> bindings;
    for (llvm::Function& function : module) {
        if (function.getName().starts_with(kPrefix)) {
            bindings.push_back(&function);
        }
    }
    for (llvm::Function* binding : bindings) {
        llvm::StringRef name = binding->getName();
        std::int64_t id = -1;
        name.consume_front(kPrefix);
        name.consumeInteger(10, id);
        auto* number =
            llvm::ConstantInt::get(llvm::Type::getInt64Ty(module.getContext()), static_cast<std::uint64_t>(id));
        binding->replaceAllUsesWith(llvm::ConstantExpr::getIntToPtr(number, binding->getType()));
        binding->eraseFromParent();
    }
}

} // namespace rbpf::compile
