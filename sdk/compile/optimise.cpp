// SPDX-License-Identifier: GPL-3.0-or-later
// The optimiser over the whole script: LLVM's pipelines, without the BPF back end's work-arounds for the kernel's
// verifier, which cost bytes and serve nothing here.
#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/Analysis/ValueTracking.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/Transforms/IPO/AlwaysInliner.h>
#include <llvm/Transforms/IPO/GlobalDCE.h>
#include <llvm/Transforms/InstCombine/InstCombine.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>
#include <llvm/Transforms/Scalar/SimplifyCFG.h>

#include "sdk/compile/internal.hpp"
#include "sdk/lib/library.hpp"

namespace rbpf::compile {
namespace {

/// Library functions that the optimiser may take for granted: the ones that the script's library has.
llvm::TargetLibraryInfoImpl knownFunctions(const llvm::Module& module) {
    llvm::TargetLibraryInfoImpl info(llvm::Triple(module.getTargetTriple()));
    info.disableAllFunctions();
    for (const char* name : lib::names()) {
        llvm::LibFunc function{};
        if (info.getLibFunc(name, function)) {
            info.setAvailable(function);
        }
    }
    return info;
}

/// Accesses of variables stay, each one: a variable has its value in memory from its first to the last line of its
/// scope, and what a debugger sets there is what the script goes on with.
void keepVariables(llvm::Module& module) {
    const auto isVariable = [](const llvm::Value* pointer) {
        return llvm::isa<llvm::AllocaInst>(llvm::getUnderlyingObject(pointer));
    };
    for (llvm::Function& function : module) {
        for (llvm::Instruction& instruction : llvm::instructions(function)) {
            if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction);
                load && isVariable(load->getPointerOperand())) {
                load->setVolatile(true);
            } else if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction);
                       store && isVariable(store->getPointerOperand())) {
                store->setVolatile(true);
            }
        }
    }
}

/// Variables stay in memory where a debugger finds (and changes) them; only what BPF cannot run otherwise goes.
llvm::ModulePassManager debugPipeline() {
    llvm::ModulePassManager passes;
    passes.addPass(llvm::AlwaysInlinerPass());
    llvm::FunctionPassManager functions;
    functions.addPass(llvm::InstCombinePass());
    functions.addPass(llvm::SimplifyCFGPass());
    passes.addPass(llvm::createModuleToFunctionPassAdaptor(std::move(functions)));
    passes.addPass(llvm::GlobalDCEPass());
    return passes;
}

/// Functions that BPF could not call as they are, with too many arguments or too large a result: without a call they
/// work.
void inlineWhatMustBe(llvm::Module& module) {
    const llvm::DataLayout& layout = module.getDataLayout();
    for (llvm::Function& function : module) {
        if (function.isDeclaration() || !function.hasLocalLinkage() || function.isVarArg() ||
            function.hasFnAttribute(llvm::Attribute::NoInline)) {
            continue;
        }
        std::uint64_t registers = 0;
        for (const llvm::Argument& argument : function.args()) {
            registers += (layout.getTypeAllocSize(argument.getType()) + 7) / 8;
        }
        llvm::Type* result = function.getReturnType();
        if (registers > 5 ||
            (!result->isVoidTy() && (result->isAggregateType() || layout.getTypeAllocSize(result) > 8))) {
            function.addFnAttr(llvm::Attribute::AlwaysInline);
        }
    }
}

} // namespace

void optimise(Unit& unit, llvm::Module& module, llvm::TargetMachine& machine) {
    inlineWhatMustBe(module);
    llvm::PipelineTuningOptions tuning;
    tuning.LoopVectorization = false;
    tuning.SLPVectorization = false;
    // Without a target machine, so that the back end's own passes stay out; its cost model comes in by hand.
    llvm::PassBuilder builder(nullptr, tuning);
    llvm::LoopAnalysisManager loops;
    llvm::FunctionAnalysisManager functions;
    llvm::CGSCCAnalysisManager components;
    llvm::ModuleAnalysisManager modules;
    functions.registerPass([&] { return machine.getTargetIRAnalysis(); });
    functions.registerPass([&] { return llvm::TargetLibraryAnalysis(knownFunctions(module)); });
    builder.registerModuleAnalyses(modules);
    builder.registerCGSCCAnalyses(components);
    builder.registerFunctionAnalyses(functions);
    builder.registerLoopAnalyses(loops);
    builder.crossRegisterProxies(loops, functions, components, modules);

    llvm::ModulePassManager passes;
    switch (unit.request.optimise) {
    case Optimise::Size:
        passes = builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::Oz);
        break;
    case Optimise::Speed:
        passes = builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2);
        break;
    case Optimise::Debug:
        keepVariables(module);
        passes = debugPipeline();
        break;
    }
    passes.run(module, modules);
}

void dropUnused(llvm::Module& module) {
    for (bool changed = true; changed;) {
        changed = false;
        for (llvm::Function& function : llvm::make_early_inc_range(module)) {
            function.removeDeadConstantUsers();
            if (function.use_empty() && (function.hasLocalLinkage() || function.isDeclaration())) {
                function.eraseFromParent();
                changed = true;
            }
        }
        for (llvm::GlobalVariable& variable : llvm::make_early_inc_range(module.globals())) {
            variable.removeDeadConstantUsers();
            if (variable.use_empty() && (variable.hasLocalLinkage() || variable.isDeclaration())) {
                variable.eraseFromParent();
                changed = true;
            }
        }
    }
}

} // namespace rbpf::compile
