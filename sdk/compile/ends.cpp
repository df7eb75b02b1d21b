// SPDX-License-Identifier: GPL-3.0-or-later
// Ends of control flow and operations that the back end lacks but the VM does not need: a text must not fall off a
// function's end, a trap must fault, and with one thread per container small atomics are plain accesses.
#include <llvm/IR/Constants.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/Module.h>
#include <llvm/Transforms/Utils/LowerAtomic.h>

#include "sdk/compile/internal.hpp"

namespace rbpf::compile {
namespace {

/// True if the instruction set has this operation (RFC 9669, section 5.3: 32 and 64 bits).
bool hasAtomic(const llvm::AtomicRMWInst& operation) {
    const llvm::Type* type = operation.getType();
    if (!type->isIntegerTy(32) && !type->isIntegerTy(64)) {
        return false;
    }
    switch (operation.getOperation()) {
    case llvm::AtomicRMWInst::Add:
    case llvm::AtomicRMWInst::Sub:
    case llvm::AtomicRMWInst::And:
    case llvm::AtomicRMWInst::Or:
    case llvm::AtomicRMWInst::Xor:
    case llvm::AtomicRMWInst::Xchg:
        return true;
    default:
        return false;
    }
}

void lowerAtomic(llvm::Instruction& instruction) {
    if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction); load != nullptr && load->isAtomic()) {
        load->setAtomic(llvm::AtomicOrdering::NotAtomic);
        load->setVolatile(true);
    } else if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction); store != nullptr && store->isAtomic()) {
        store->setAtomic(llvm::AtomicOrdering::NotAtomic);
        store->setVolatile(true);
    } else if (llvm::isa<llvm::FenceInst>(instruction)) {
        instruction.eraseFromParent();
    } else if (auto* operation = llvm::dyn_cast<llvm::AtomicRMWInst>(&instruction)) {
        if (!hasAtomic(*operation)) {
            llvm::lowerAtomicRMWInst(operation);
        }
    } else if (auto* exchange = llvm::dyn_cast<llvm::AtomicCmpXchgInst>(&instruction)) {
        const llvm::Type* type = exchange->getCompareOperand()->getType();
        if (!type->isIntegerTy(32) && !type->isIntegerTy(64)) {
            llvm::lowerAtomicCmpXchgInst(exchange);
        }
    }
}

/// A write to address 0 faults with the place: the text region is never writable.
void lowerTrap(llvm::Instruction& instruction) {
    const auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
    if (call == nullptr) {
        return;
    }
    switch (call->getIntrinsicID()) {
    case llvm::Intrinsic::trap:
    case llvm::Intrinsic::debugtrap:
    case llvm::Intrinsic::ubsantrap: {
        llvm::IRBuilder<> builder(&instruction);
        builder.CreateStore(builder.getInt8(0), llvm::ConstantPointerNull::get(builder.getPtrTy()),
                            /*isVolatile=*/true);
        instruction.eraseFromParent();
        break;
    }
    default:
        break;
    }
}

} // namespace

void lowerEnds(llvm::Module& module) {
    for (llvm::Function& function : module) {
        for (llvm::BasicBlock& block : function) {
            for (auto at = block.begin(); at != block.end();) {
                llvm::Instruction& instruction = *at++;
                if (llvm::isa<llvm::CallInst>(instruction)) {
                    lowerTrap(instruction);
                } else {
                    lowerAtomic(instruction);
                }
            }
            if (auto* end = llvm::dyn_cast<llvm::UnreachableInst>(block.getTerminator())) {
                llvm::IRBuilder<> builder(end);
                llvm::Type* type = function.getReturnType();
                if (type->isVoidTy()) {
                    builder.CreateRetVoid();
                } else {
                    builder.CreateRet(llvm::UndefValue::get(type));
                }
                end->eraseFromParent();
            }
        }
    }
}

} // namespace rbpf::compile
