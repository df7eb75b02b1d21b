// SPDX-License-Identifier: GPL-3.0-or-later
// Code generation: the module to one BPF object in memory.
#include <llvm/CodeGen/MachineFunction.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/DiagnosticHandler.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/DiagnosticPrinter.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>

#include "sdk/compile/internal.hpp"

namespace rbpf::compile {
namespace {

/// What the back end reports: frame sizes, and complaints that our own checks have missed.
class BackEnd : public llvm::DiagnosticHandler {
public:
    explicit BackEnd(Unit& unit) : unit_(unit) {}

    bool handleDiagnostics(const llvm::DiagnosticInfo& info) override {
        if (const auto* stack = llvm::dyn_cast<llvm::DiagnosticInfoStackSize>(&info)) {
            unit_.frames.push_back({stack->getFunction().getName().str(), stack->getStackSize()});
            return true;
        }
        if (info.getSeverity() != llvm::DS_Error && info.getSeverity() != llvm::DS_Warning) {
            return true;
        }
        support::Diagnostic result;
        result.severity = info.getSeverity() == llvm::DS_Error ? support::Severity::Error : support::Severity::Warning;
        if (const auto* unsupported = llvm::dyn_cast<llvm::DiagnosticInfoUnsupported>(&info)) {
            result.message = "BPF cannot do this: " + unsupported->getMessage().str();
            result.range = placeOf(unsupported->getFunction());
            if (unsupported->isLocationAvailable()) {
                llvm::StringRef file;
                unsupported->getLocation(file, result.range.line, result.range.column);
                result.range.endLine = result.range.line;
                result.range.endColumn = result.range.column + 1;
            }
        } else {
            llvm::raw_string_ostream stream(result.message);
            llvm::DiagnosticPrinterRawOStream printer(stream);
            info.print(printer);
        }
        result.hint = "write it in a simpler way, or mark the functions it calls `static inline`";
        unit_.add(std::move(result));
        return true;
    }

private:
    Unit& unit_;
};

/// Where each function stands in the source, for tools without a DWARF reader: "symbol \t 0 \t line \t file \n" in the
/// section .rbpf.functions, which sdk/link carries into the debug ELF.
void addPlaces(llvm::Module& module) {
    std::string text;
    for (const llvm::Function& function : module) {
        if (!function.isDeclaration()) {
            const support::SourceRange place = placeOf(function);
            text += function.getName().str() + "\t0\t" + std::to_string(place.line) + "\t" + place.file + "\n";
        }
    }
    addNote(module, ".rbpf.functions", text);
}

} // namespace

void addNote(llvm::Module& module, const char* section, const std::string& text) {
    llvm::Constant* bytes = llvm::ConstantDataArray::getString(module.getContext(), text, /*AddNull=*/false);
    auto* variable = new llvm::GlobalVariable(module, bytes->getType(), true, llvm::GlobalValue::PrivateLinkage, bytes);
    variable->setSection(section);
    variable->setAlignment(llvm::Align(1));
}

void generateCode(Unit& unit, llvm::Module& module, llvm::TargetMachine& machine) {
    for (llvm::Function& function : module) {
        if (!function.isDeclaration()) {
            function.addFnAttr("warn-stack-size", "0"); // makes the back end tell every frame's size
        }
    }
    addPlaces(module);
    addNote(module, ".debug_rbpf", "frames: r10\n"); // debuggers need not correct the places of variables
    auto previous = module.getContext().getDiagnosticHandler();
    module.getContext().setDiagnosticHandler(std::make_unique<BackEnd>(unit));
    llvm::SmallVector<char, 0> object;
    llvm::raw_svector_ostream stream(object);
    llvm::legacy::PassManager passes;
    if (addCodeGenerator(machine, passes, stream)) {
        passes.run(module);
    }
    module.getContext().setDiagnosticHandler(std::move(previous));
    if (!unit.hasErrors()) {
        unit.output.object.assign(object.begin(), object.end());
    }
}

} // namespace rbpf::compile
