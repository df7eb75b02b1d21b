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

/// 64-bit multiplications that tell of overflow: the back end would call for 128-bit ones. a * b overflows if dividing
/// by a does not give b back; -1 is apart because the quotient itself overflows there.
bool lowerOverflow(llvm::Instruction& instruction) {
    auto* call = llvm::dyn_cast<llvm::WithOverflowInst>(&instruction);
    if (call == nullptr || call->getBinaryOp() != llvm::Instruction::Mul ||
        !call->getLHS()->getType()->isIntegerTy(64)) {
        return false;
    }
    llvm::IRBuilder<> builder(&instruction);
    llvm::Value* a = call->getLHS();
    llvm::Value* b = call->getRHS();
    llvm::Value* product = builder.CreateMul(a, b);
    llvm::Value* overflow = nullptr;
    if (call->isSigned()) {
        llvm::Value* isMinusOne = builder.CreateICmpEQ(a, builder.getInt64(~std::uint64_t{0}));
        llvm::Value* isSpecial = builder.CreateOr(isMinusOne, builder.CreateIsNull(a));
        llvm::Value* quotient = builder.CreateSDiv(product, builder.CreateSelect(isSpecial, builder.getInt64(1), a));
        llvm::Value* isLowest = builder.CreateICmpEQ(b, builder.getInt64(std::uint64_t{1} << 63));
        overflow =
            builder.CreateSelect(isSpecial, builder.CreateAnd(isMinusOne, isLowest), builder.CreateICmpNE(quotient, b));
    } else {
        llvm::Value* isZero = builder.CreateIsNull(a);
        llvm::Value* quotient = builder.CreateUDiv(product, builder.CreateSelect(isZero, builder.getInt64(1), a));
        overflow = builder.CreateSelect(isZero, builder.getFalse(), builder.CreateICmpNE(quotient, b));
    }
    llvm::Value* both = builder.CreateInsertValue(llvm::UndefValue::get(call->getType()), product, 0);
    call->replaceAllUsesWith(builder.CreateInsertValue(both, overflow, 1));
    call->eraseFromParent();
    return true;
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

namespace {

/// A struct result comes back through a pointer anyway; only the attribute's name puts the back end off.
void lowerStructResults(llvm::Function& function) {
    for (unsigned i = 0; i < function.arg_size(); ++i) {
        function.removeParamAttr(i, llvm::Attribute::StructRet);
    }
    for (llvm::Instruction& instruction : llvm::instructions(function)) {
        if (auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction)) {
            for (unsigned i = 0; i < call->arg_size(); ++i) {
                call->removeParamAttr(i, llvm::Attribute::StructRet);
            }
        }
    }
}

} // namespace

void lowerEnds(llvm::Module& module) {
    for (llvm::Function& function : module) {
        lowerStructResults(function);
        for (llvm::BasicBlock& block : function) {
            for (auto at = block.begin(); at != block.end();) {
                llvm::Instruction& instruction = *at++;
                if (llvm::isa<llvm::CallInst>(instruction)) {
                    if (!lowerOverflow(instruction)) {
                        lowerTrap(instruction);
                    }
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
