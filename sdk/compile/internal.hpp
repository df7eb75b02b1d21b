// SPDX-License-Identifier: GPL-3.0-or-later
// What the steps of sdk/compile share: the state of one compilation and the list of passes. Not for other folders.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sdk/compile/compile.hpp"

namespace llvm {
class CallBase;
class Function;
class Instruction;
class LLVMContext;
class Module;
class TargetMachine;
class raw_pwrite_stream;
namespace legacy {
class PassManager;
}
} // namespace llvm

namespace rbpf::compile {

/// Folders that scripts include from.
struct HeaderDirs {
    std::filesystem::path headers;  ///< rbpf/, compat/, rbpf/libc/
    std::filesystem::path resource; ///< clang's own stdint.h, stddef.h, …
};

/// Finds them: Request::headersDir or $RBPF_HEADERS, else ../share/rbpf beside the running program, else the source
/// tree.
[[nodiscard]] support::Result<HeaderDirs> findHeaders(const Request& request);

/// Stack of one function as the code generator laid it out.
struct Frame {
    std::string function; ///< symbol
    std::uint64_t bytes = 0;
};

/// One compilation: what the passes read and write.
struct Unit {
    const Request& request;
    Output& output;
    std::vector<Frame> frames;

    [[nodiscard]] bool hasErrors() const;
    void add(support::Diagnostic diagnostic) { output.diagnostics.push_back(std::move(diagnostic)); }
};

/// The C front end: one source to one module; nullptr after errors, which are in the unit's diagnostics.
std::unique_ptr<llvm::Module> compileSource(Unit& unit, const HeaderDirs& dirs, const std::filesystem::path& source,
                                            llvm::LLVMContext& context);

// Passes over the linked module, in the order in which compile() calls them.

/// Finds the entries (SEC sections, rbpf.json, the only exported function), gives every function the plain text
/// section and makes all but the entries internal.
void findEntries(Unit& unit, llvm::Module& module);

/// Lists what the sources define, while all of it is still there.
void listFunctions(Unit& unit, const llvm::Module& module);

/// Members of the entries' contexts that are not as wide in a firmware as in a script.
void checkSharedWidths(Unit& unit, const llvm::Module& module);

/// Turns calls through constant function pointers, `static int (*const f)(…) = (void *)ID`, into calls of declared
/// functions, so that the optimiser knows that they are plain calls and what they may do.
void nameBindings(llvm::Module& module);
/// The reverse, just before code generation.
void numberBindings(llvm::Module& module);

/// Links the library functions that the module declares and calls; true if any came in.
bool linkLibrary(Unit& unit, llvm::Module& module);

/// The optimiser over the whole script.
void optimise(Unit& unit, llvm::Module& module, llvm::TargetMachine& machine);

/// Memory intrinsics to loads and stores, binding or library calls, whichever is smallest.
void lowerMemory(Unit& unit, llvm::Module& module);

/// Lets the back end use accesses of any width at any address, as the VM does.
void allowAnyAlignment(llvm::Module& module);

/// Traps, unreachable ends and atomics without an instruction of their own.
void lowerEnds(llvm::Module& module);

/// Drops what is unused after the late steps.
void dropUnused(llvm::Module& module);

/// Gives every global variable its VM address and uses the number instead of the symbol. The note .rbpf.globals,
/// "symbol \t address \n" each, lets sdk/link check that it lays them out the same.
void placeGlobals(Unit& unit, llvm::Module& module);

/// Explains at its line what BPF cannot do.
void checkLimits(Unit& unit, llvm::Module& module);

/// Code generation: the module to Output::object; frames and complaints of the back end go into the unit.
void generateCode(Unit& unit, llvm::Module& module, llvm::TargetMachine& machine);

/// Adds the passes from IR to an object file; false: the target has none. The places of variables in the frame count
/// from r10, where LLVM's own do not.
[[nodiscard]] bool addCodeGenerator(llvm::TargetMachine& machine, llvm::legacy::PassManager& passes,
                                    llvm::raw_pwrite_stream& object);

/// Text for sdk/link in a section of its own.
void addNote(llvm::Module& module, const char* section, const std::string& text);

/// Functions whose frame alone is larger than the stack.
void checkFrames(Unit& unit, llvm::Module& module);

/// Where an instruction or function stands in the source; line 0 if unknown.
[[nodiscard]] support::SourceRange placeOf(const llvm::Instruction& instruction);
[[nodiscard]] support::SourceRange placeOf(const llvm::Function& function);

/// A function's name as its author wrote it.
[[nodiscard]] std::string nameOf(const llvm::Function& function);

/// Id of a binding that `call` calls (before numberBindings and after), or -1.
[[nodiscard]] std::int64_t bindingOf(const llvm::CallBase& call);

/// "" if the trigger is well formed, else what is wrong with it (trigger.h).
[[nodiscard]] std::string checkTrigger(const std::string& trigger);

} // namespace rbpf::compile
