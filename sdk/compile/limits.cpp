// SPDX-License-Identifier: GPL-3.0-or-later
// What BPF cannot do, told at the line where the script does it, after the optimiser has removed what it could.
#include <algorithm>
#include <map>
#include <set>

#include <llvm/IR/Constants.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/InlineAsm.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/Module.h>

#include "sdk/compile/internal.hpp"
#include "sdk/lib/library.hpp"

namespace rbpf::compile {
namespace {

constexpr unsigned kMostArguments = 5;

constexpr const char* kPointerHint = "use an if or a switch that calls the functions by name";

/// Registers that a value of this type takes as an argument.
unsigned registersOf(llvm::Type* type, const llvm::DataLayout& layout) {
    return static_cast<unsigned>((layout.getTypeAllocSize(type) + 7) / 8);
}

class Limits {
public:
    Limits(Unit& unit, llvm::Module& module) : unit_(unit), module_(module), layout_(module.getDataLayout()) {}

    void check() {
        for (llvm::Function& function : module_) {
            if (!function.isDeclaration()) {
                checkSignature(function);
                for (llvm::Instruction& instruction : llvm::instructions(function)) {
                    checkInstruction(instruction);
                }
            }
        }
        for (llvm::GlobalVariable& variable : module_.globals()) {
            checkVariable(variable);
        }
        checkRecursion();
    }

private:
    void complain(support::SourceRange range, std::string message, std::string hint) {
        // One expression is many instructions; one sentence for each line is enough.
        if (told_.insert({range.file + ":" + std::to_string(range.line), message}).second) {
            unit_.add({support::Severity::Error, std::move(range), std::move(message), std::move(hint), {}, {}});
        }
    }

    // Functions

    void checkSignature(const llvm::Function& function) {
        const std::string name = "`" + nameOf(function) + "`";
        if (function.isVarArg()) {
            complain(placeOf(function), name + " takes a variable number of arguments, which BPF does not have",
                     "pass an array and its length (bindings such as bpf_printf may be called with more arguments)");
        }
        unsigned registers = 0;
        for (const llvm::Argument& argument : function.args()) {
            registers += registersOf(argument.getType(), layout_);
        }
        if (registers > kMostArguments) {
            complain(placeOf(function), name + " takes " + arguments(function, registers) + ", BPF passes at most five",
                     "pass a pointer to a struct, or mark the function `static inline` so that it needs no call");
        }
        llvm::Type* result = function.getReturnType();
        if (!result->isVoidTy() && (result->isAggregateType() || registersOf(result, layout_) > 1)) {
            complain(placeOf(function),
                     name + " returns " + (isStructResult(function) ? "a struct" : "more than 64 bits") +
                         ", which BPF cannot",
                     "let the caller pass a pointer to where the result goes, or mark the function `static inline`");
        }
        checkUses(function);
    }

    static std::string arguments(const llvm::Function& function, unsigned registers) {
        if (registers == function.arg_size()) {
            return std::to_string(registers) + " arguments";
        }
        return "arguments of " + std::to_string(registers) + " registers";
    }

    static bool isStructResult(const llvm::Function& function) {
        const llvm::DISubprogram* program = function.getSubprogram();
        if (program == nullptr || program->getType()->getTypeArray().size() == 0) {
            return true;
        }
        const llvm::DIType* type = program->getType()->getTypeArray()[0];
        while (const auto* derived = llvm::dyn_cast_or_null<llvm::DIDerivedType>(type)) {
            type = derived->getBaseType();
        }
        return llvm::isa_and_nonnull<llvm::DICompositeType>(type);
    }

    void checkUses(const llvm::Function& function) {
        for (const llvm::Use& use : function.uses()) {
            const auto* call = llvm::dyn_cast<llvm::CallBase>(use.getUser());
            if (call != nullptr && call->isCallee(&use)) {
                continue;
            }
            if (llvm::isa<llvm::BlockAddress>(use.getUser())) {
                continue; // a computed goto, told at the goto
            }
            const auto* instruction = llvm::dyn_cast<llvm::Instruction>(use.getUser());
            const support::SourceRange place = instruction != nullptr ? placeOf(*instruction) : holderOf(use.getUser());
            complain(place.line != 0 ? place : placeOf(function),
                     "the address of the function `" + nameOf(function) +
                         "` is taken: BPF has no calls through pointers",
                     kPointerHint);
        }
    }

    /// The variable whose initial value holds a constant.
    static support::SourceRange holderOf(const llvm::User* user) {
        for (unsigned depth = 0; user != nullptr && depth < 16; ++depth) {
            if (const auto* variable = llvm::dyn_cast<llvm::GlobalVariable>(user)) {
                return placeOfVariable(*variable);
            }
            user = user->use_empty() ? nullptr : *user->user_begin();
        }
        return {};
    }

    static support::SourceRange placeOfVariable(const llvm::GlobalVariable& variable) {
        support::SourceRange range;
        llvm::SmallVector<llvm::DIGlobalVariableExpression*, 1> expressions;
        variable.getDebugInfo(expressions);
        if (!expressions.empty()) {
            const llvm::DIGlobalVariable* info = expressions.front()->getVariable();
            const std::filesystem::path name = info->getFilename().str();
            range.file = name.is_absolute() ? name.string()
                                            : (std::filesystem::path(info->getDirectory().str()) / name).string();
            range.line = range.endLine = info->getLine();
        }
        return range;
    }

    void checkVariable(llvm::GlobalVariable& variable) {
        variable.setThreadLocalMode(llvm::GlobalValue::NotThreadLocal); // a container is one thread
        if (!variable.isDeclaration() || variable.use_empty()) {
            return;
        }
        support::SourceRange place;
        for (const llvm::User* user : variable.users()) {
            if (const auto* instruction = llvm::dyn_cast<llvm::Instruction>(user)) {
                place = placeOf(*instruction);
                break;
            }
        }
        complain(place,
                 "the variable `" + variable.getName().str() +
                     "` is declared but defined in none of the script's sources",
                 "define it (without extern) in one of them, or add its source to \"sources\" in rbpf.json");
    }

    // Instructions

    void checkInstruction(llvm::Instruction& instruction) {
        if (llvm::isa<llvm::DbgInfoIntrinsic>(instruction)) {
            return;
        }
        checkTypes(instruction);
        if (auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction)) {
            checkCall(*call);
        } else if (const auto* variable = llvm::dyn_cast<llvm::AllocaInst>(&instruction)) {
            if (!variable->isStaticAlloca()) {
                complain(placeOf(instruction),
                         "an array whose size is not known while compiling, which BPF does not have",
                         "give it a constant size, the largest that is needed");
            }
        } else if (const auto* jump = llvm::dyn_cast<llvm::IndirectBrInst>(&instruction)) {
            const auto* address = llvm::dyn_cast<llvm::Instruction>(jump->getAddress());
            complain(placeOf(address != nullptr ? *address : instruction), "a computed goto, which BPF does not have",
                     "use a switch");
        }
    }

    void checkTypes(llvm::Instruction& instruction) {
        const auto any = [&](auto&& test) {
            return test(instruction.getType()) ||
                   std::any_of(instruction.op_begin(), instruction.op_end(),
                               [&](const llvm::Use& operand) { return test(operand->getType()); });
        };
        if (any([](llvm::Type* type) { return type->isFPOrFPVectorTy(); })) {
            complain(placeOf(instruction), "floating point, which BPF does not have",
                     "use integers in a smaller unit, for example millidegrees: 21.5 °C is 21500");
        } else if (instruction.getType()->isIntegerTy() && instruction.getType()->getIntegerBitWidth() > 64 &&
                   isWideArithmetic(instruction.getOpcode())) {
            complain(placeOf(instruction), "multiplication or division of 128-bit numbers, which BPF does not have",
                     "use 64-bit numbers");
        }
    }

    static bool isWideArithmetic(unsigned opcode) {
        switch (opcode) {
        case llvm::Instruction::Mul:
        case llvm::Instruction::UDiv:
        case llvm::Instruction::SDiv:
        case llvm::Instruction::URem:
        case llvm::Instruction::SRem:
            return true;
        default:
            return false;
        }
    }

    void checkCall(llvm::CallBase& call) {
        if (const auto* assembly = llvm::dyn_cast<llvm::InlineAsm>(call.getCalledOperand())) {
            if (!assembly->getAsmString().empty()) { // an empty one is a barrier for the compiler
                complain(placeOf(call), "inline assembly, which scripts cannot use", "write it in C");
            }
            return;
        }
        const llvm::Function* callee = call.getCalledFunction();
        if (callee != nullptr && callee->isIntrinsic()) {
            return;
        }
        const bool isBinding = bindingOf(call) >= 0;
        if (callee == nullptr && !isBinding && !llvm::isa<llvm::Function>(call.getCalledOperand())) {
            complain(placeOf(call), "a call through a function pointer, which BPF does not have",
                     std::string(kPointerHint) + "; the compiler must be able to see which function it is");
            return;
        }
        unsigned registers = 0;
        for (const llvm::Use& argument : call.args()) {
            registers += registersOf(argument->getType(), layout_);
        }
        if (registers > kMostArguments && (callee == nullptr || callee->isDeclaration() || isBinding)) {
            complain(placeOf(call), "a call with " + std::to_string(registers) + " arguments, BPF passes at most five",
                     "split it into several calls");
        }
        if (callee != nullptr && callee->isDeclaration() && !isBinding && !lib::has(callee->getName().str())) {
            complain(placeOf(call),
                     "no function `" + callee->getName().str() +
                         "`: it is declared but defined in none of the script's sources, "
                         "and the library for scripts does not have it",
                     "add its source to \"sources\" in rbpf.json, or write it");
        }
    }

    // Recursion

    void checkRecursion() {
        std::map<const llvm::Function*, int> state; // 0 new, 1 on the path, 2 done
        for (const llvm::Function& function : module_) {
            std::vector<const llvm::Function*> path;
            if (!function.isDeclaration() && state[&function] == 0) {
                visit(function, state, path);
            }
        }
    }

    void visit(const llvm::Function& function, std::map<const llvm::Function*, int>& state,
               std::vector<const llvm::Function*>& path) {
        state[&function] = 1;
        path.push_back(&function);
        for (const llvm::Instruction& instruction : llvm::instructions(function)) {
            const auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
            const llvm::Function* callee = call != nullptr ? call->getCalledFunction() : nullptr;
            if (callee == nullptr || callee->isDeclaration()) {
                continue;
            }
            if (state[callee] == 1) {
                std::string cycle;
                for (auto at = std::find(path.begin(), path.end(), callee); at != path.end(); ++at) {
                    cycle += nameOf(**at) + " -> ";
                }
                complain(placeOf(instruction),
                         "`" + nameOf(*callee) + "` calls itself (" + cycle + nameOf(*callee) +
                             "): scripts cannot recurse, their stack is fixed",
                         "use a loop, with an array for what the recursion would keep on the stack");
            } else if (state[callee] == 0) {
                visit(*callee, state, path);
            }
        }
        path.pop_back();
        state[&function] = 2;
    }

    Unit& unit_;
    llvm::Module& module_;
    const llvm::DataLayout& layout_;
    std::set<std::pair<std::string, std::string>> told_;
};

/// The variables of a function that stand on its stack, largest first: "buffer (256)".
std::vector<std::pair<std::uint64_t, std::string>> stackVariables(llvm::Function& function) {
    std::vector<std::pair<std::uint64_t, std::string>> variables;
    const llvm::DataLayout& layout = function.getParent()->getDataLayout();
    for (llvm::Instruction& instruction : llvm::instructions(function)) {
        auto* variable = llvm::dyn_cast<llvm::AllocaInst>(&instruction);
        if (variable == nullptr) {
            continue;
        }
        const std::optional<llvm::TypeSize> size = variable->getAllocationSize(layout);
        std::string name;
        for (const llvm::DbgDeclareInst* declare : llvm::findDbgDeclares(variable)) {
            name = declare->getVariable()->getName().str();
        }
        for (const llvm::DbgVariableRecord* declare : llvm::findDVRDeclares(variable)) {
            name = declare->getVariable()->getName().str();
        }
        if (size && !name.empty()) {
            variables.emplace_back(size->getFixedValue(), name);
        }
    }
    std::sort(variables.begin(), variables.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    return variables;
}

} // namespace

void checkLimits(Unit& unit, llvm::Module& module) {
    Limits(unit, module).check();
}

void checkFrames(Unit& unit, llvm::Module& module) {
    for (const Frame& frame : unit.frames) {
        llvm::Function* function = module.getFunction(frame.function);
        if (frame.bytes <= unit.request.stackBytes || function == nullptr) {
            continue;
        }
        std::string largest;
        const auto variables = stackVariables(*function);
        for (std::size_t i = 0; i < variables.size() && i < 3; ++i) {
            largest += (i == 0 ? "; the largest: `" : ", `") + variables[i].second + "` (" +
                       std::to_string(variables[i].first) + " bytes)";
        }
        unit.add({support::Severity::Error,
                  placeOf(*function),
                  "the variables of `" + nameOf(*function) + "` take " + std::to_string(frame.bytes) +
                      " bytes of stack, the script has " + std::to_string(unit.request.stackBytes) + largest,
                  "make large arrays static, or ask for more in rbpf.json (\"stack\": " +
                      std::to_string((frame.bytes + 7) / 8 * 8) + ")",
                  {},
                  {}});
    }
}

} // namespace rbpf::compile
