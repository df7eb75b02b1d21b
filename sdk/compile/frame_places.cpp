// SPDX-License-Identifier: GPL-3.0-or-later
// The code generator's passes, and one of our own among them: where variables stand in their frames, for debuggers.
#include <llvm/CodeGen/MachineFrameInfo.h>
#include <llvm/CodeGen/MachineFunctionPass.h>
#include <llvm/CodeGen/MachineModuleInfo.h>
#include <llvm/CodeGen/Passes.h>
#include <llvm/CodeGen/TargetPassConfig.h>
#include <llvm/CodeGen/TargetRegisterInfo.h>
#include <llvm/CodeGen/TargetSubtargetInfo.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/Target/TargetMachine.h>

#include "sdk/compile/internal.hpp"

namespace rbpf::compile {
namespace {

/// LLVM's generic frame code takes the frame register for the low end of the frame. BPF's r10 is the high end, and its
/// back end corrects that for instructions but not for debug information (19.1): a slot at r10 - 8 of 32 bytes is told
/// as r10 + 24. Right behind the pass that writes those places, this one subtracts the frame's size.
class FramePlaces : public llvm::MachineFunctionPass {
public:
    static char ID;
    FramePlaces() : MachineFunctionPass(ID) {}

    [[nodiscard]] llvm::StringRef getPassName() const override { return "places of variables in BPF frames"; }

    bool runOnMachineFunction(llvm::MachineFunction& function) override {
        auto& frame = function.getFrameInfo();
        const auto size = static_cast<std::int64_t>(frame.getStackSize());
        if (size == 0) {
            return false;
        }
        frame.setOffsetAdjustment(-size); // for the places that are still to be written: variables for a whole scope
        const llvm::Register base = function.getSubtarget().getRegisterInfo()->getFrameRegister(function);
        for (llvm::MachineBasicBlock& block : function) {
            for (llvm::MachineInstr& instruction : block) {
                if (instruction.isDebugValue()) {
                    correct(instruction, base, -size);
                }
            }
        }
        return true;
    }

private:
    /// Before frames were laid out nothing could name the frame register; all that do now are places in the frame.
    static void correct(llvm::MachineInstr& instruction, llvm::Register base, std::int64_t offset) {
        const llvm::DIExpression* place = instruction.getDebugExpression();
        if (instruction.isNonListDebugValue()) {
            const llvm::MachineOperand& operand = instruction.getDebugOperand(0);
            if (!operand.isReg() || operand.getReg() != base) {
                return;
            }
            const bool isValue = !instruction.isIndirectDebugValue() && !place->isComplex();
            // One offset instead of two where the place begins with the wrong one.
            if (place->getNumElements() >= 2 && place->getElement(0) == llvm::dwarf::DW_OP_plus_uconst) {
                offset += static_cast<std::int64_t>(place->getElement(1));
                place = llvm::DIExpression::get(place->getContext(), place->getElements().drop_front(2));
            }
            std::uint8_t flags = llvm::DIExpression::ApplyOffset;
            if (isValue) {
                flags |= llvm::DIExpression::StackValue;
            }
            instruction.getDebugExpressionOp().setMetadata(llvm::DIExpression::prepend(place, flags, offset));
            return;
        }
        llvm::SmallVector<std::uint64_t, 3> operations;
        llvm::DIExpression::appendOffset(operations, offset);
        for (unsigned i = 0; i < instruction.getNumDebugOperands(); ++i) {
            const llvm::MachineOperand& operand = instruction.getDebugOperand(i);
            if (operand.isReg() && operand.getReg() == base) {
                place = llvm::DIExpression::appendOpsToArg(place, operations, i);
            }
        }
        instruction.getDebugExpressionOp().setMetadata(place);
    }
};

char FramePlaces::ID = 0;

} // namespace

bool addCodeGenerator(llvm::TargetMachine& machine, llvm::legacy::PassManager& passes,
                      llvm::raw_pwrite_stream& object) {
    // As TargetMachine::addPassesToEmitFile, which takes no pass from outside.
    auto& target = static_cast<llvm::LLVMTargetMachine&>(machine);
    auto* functions = new llvm::MachineModuleInfoWrapperPass(&target); // the pass manager owns it
    llvm::TargetPassConfig* config = target.createPassConfig(passes);
    config->insertPass(&llvm::PrologEpilogCodeInserterID, new FramePlaces);
    passes.add(config);
    passes.add(functions);
    if (config->addISelPasses()) {
        return false;
    }
    config->addMachinePasses();
    config->setInitialized();
    if (target.addAsmPrinter(passes, object, nullptr, llvm::CodeGenFileType::ObjectFile,
                             functions->getMMI().getContext())) {
        return false;
    }
    passes.add(llvm::createFreeMachineFunctionPass());
    return true;
}

} // namespace rbpf::compile
