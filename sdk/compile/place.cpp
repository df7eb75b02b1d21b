// SPDX-License-Identifier: GPL-3.0-or-later
// Source places of instructions and functions, out of the debug information.
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/Instruction.h>

#include "sdk/compile/internal.hpp"

namespace rbpf::compile {
namespace {

std::string fileOf(const llvm::DIFile* file) {
    if (file == nullptr) {
        return {};
    }
    const std::filesystem::path name = file->getFilename().str();
    if (name.is_absolute() || file->getDirectory().empty()) {
        return name.string();
    }
    return (std::filesystem::path(file->getDirectory().str()) / name).lexically_normal().string();
}

} // namespace

bool Unit::hasErrors() const {
    for (const support::Diagnostic& diagnostic : output.diagnostics) {
        if (diagnostic.severity == support::Severity::Error) {
            return true;
        }
    }
    return false;
}

support::SourceRange placeOf(const llvm::Function& function) {
    support::SourceRange range;
    if (const llvm::DISubprogram* program = function.getSubprogram()) {
        range.file = fileOf(program->getFile());
        range.line = range.endLine = program->getLine();
    }
    return range;
}

support::SourceRange placeOf(const llvm::Instruction& instruction) {
    const llvm::DILocation* location = instruction.getDebugLoc().get();
    if (location == nullptr || location->getLine() == 0) {
        return placeOf(*instruction.getFunction());
    }
    support::SourceRange range;
    range.file = fileOf(location->getFile());
    range.line = range.endLine = location->getLine();
    range.column = location->getColumn();
    range.endColumn = range.column == 0 ? 0 : range.column + 1;
    return range;
}

std::string nameOf(const llvm::Function& function) {
    const llvm::DISubprogram* program = function.getSubprogram();
    return program != nullptr ? program->getName().str() : function.getName().str();
}

} // namespace rbpf::compile
