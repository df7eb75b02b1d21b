// SPDX-License-Identifier: GPL-3.0-or-later
// The driver: reads as the list of steps from C to one BPF object.
#include "sdk/compile/compile.hpp"

#include <cstdlib>
#include <mutex>

#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Linker/Linker.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/CrashRecoveryContext.h>
#include <llvm/Support/ErrorHandling.h>
#include <llvm/Target/TargetMachine.h>

#include "sdk/compile/internal.hpp"

extern "C" {
void LLVMInitializeBPFTargetInfo(void);
void LLVMInitializeBPFTarget(void);
void LLVMInitializeBPFTargetMC(void);
void LLVMInitializeBPFAsmPrinter(void);
}

namespace rbpf::compile {
namespace {

thread_local std::string lastFatalError; // NOLINT: LLVM's handler has no other way to tell us

/// Called by LLVM where it would end the program; returns to compile() instead.
[[noreturn]] void onFatalError(void* data, const char* reason, bool crash) {
    (void)data;
    (void)crash;
    lastFatalError = reason;
    if (auto* recovery = llvm::CrashRecoveryContext::GetCurrent()) {
        recovery->HandleExit(1);
    }
    std::abort();
}

/// The BPF target only; once per process.
void initialise() {
    static std::once_flag once;
    std::call_once(once, [] {
        llvm::CrashRecoveryContext::Enable();
        llvm::install_fatal_error_handler(onFatalError);
        LLVMInitializeBPFTargetInfo();
        LLVMInitializeBPFTarget();
        LLVMInitializeBPFTargetMC();
        LLVMInitializeBPFAsmPrinter();
        // The back end's own stack limit is the Linux kernel's; ours is the image's and is checked by us.
        auto& options = llvm::cl::getRegisteredOptions();
        if (const auto found = options.find("bpf-stack-size"); found != options.end()) {
            static_cast<llvm::cl::opt<int>*>(found->second)->setValue(0x7fff);
        }
    });
}

std::unique_ptr<llvm::TargetMachine> makeMachine(Optimise optimise) {
    std::string error;
    const llvm::Target* target = llvm::TargetRegistry::lookupTarget("bpfel", error);
    if (target == nullptr) {
        return nullptr;
    }
    llvm::TargetOptions options;
    options.EmitStackSizeSection = true;
    const llvm::CodeGenOptLevel level =
        optimise == Optimise::Debug ? llvm::CodeGenOptLevel::Less : llvm::CodeGenOptLevel::Default;
    return std::unique_ptr<llvm::TargetMachine>(
        target->createTargetMachine("bpfel", "v4", "", options, llvm::Reloc::Static, std::nullopt, level));
}

void linkSources(Unit& unit, const HeaderDirs& dirs, std::unique_ptr<llvm::Module>& module,
                 llvm::LLVMContext& context) {
    for (const std::filesystem::path& source : unit.request.sources) {
        std::unique_ptr<llvm::Module> one = compileSource(unit, dirs, source, context);
        if (one == nullptr) {
            continue; // the other sources' findings are worth knowing, too
        }
        if (module == nullptr) {
            module = std::move(one);
        } else if (!unit.hasErrors()) {
            llvm::Linker::linkModules(*module, std::move(one));
        }
    }
}

void run(Unit& unit, const HeaderDirs& dirs, llvm::LLVMContext& context) {
    const std::unique_ptr<llvm::TargetMachine> machine = makeMachine(unit.request.optimise);
    std::unique_ptr<llvm::Module> module;
    linkSources(unit, dirs, module, context);
    if (unit.hasErrors() || module == nullptr || machine == nullptr) {
        return;
    }
    const auto step = [&](auto pass) {
        if (!unit.hasErrors()) {
            pass();
        }
    };
    step([&] { findEntries(unit, *module); });
    step([&] { listFunctions(unit, *module); });
    step([&] { checkSharedWidths(unit, *module); });
    step([&] { nameBindings(*module); });
    step([&] { linkLibrary(unit, *module); });
    step([&] { optimise(unit, *module, *machine); });
    step([&] { checkLimits(unit, *module); });
    step([&] { lowerMemory(unit, *module); });
    step([&] { linkLibrary(unit, *module); }); // what lowering calls
    step([&] { lowerEnds(*module); });
    step([&] { dropUnused(*module); });
    step([&] { numberBindings(*module); });
    step([&] { allowAnyAlignment(*module); });
    step([&] { placeGlobals(unit, *module); });
    step([&] { generateCode(unit, *module, *machine); });
    step([&] { checkFrames(unit, *module); });
}

} // namespace

support::Result<Output> compile(const Request& request) {
    support::Result<HeaderDirs> dirs = findHeaders(request);
    if (!dirs) {
        return tl::unexpected<support::Error>(dirs.error());
    }
    initialise();
    Output output;
    Unit unit{request, output, {}};
    auto context = std::make_unique<llvm::LLVMContext>();
    lastFatalError.clear();
    llvm::CrashRecoveryContext recovery;
    const bool done = recovery.RunSafely([&] { run(unit, *dirs, *context); });
    if (!done) {
        (void)context.release(); // in an unknown state: not to be touched again
        unit.add({support::Severity::Error,
                  {request.sources.empty() ? "" : request.sources.front().string(), 0, 0, 0, 0},
                  "the compiler's back end gave up" + (lastFatalError.empty() ? "" : ": " + lastFatalError),
                  "this is a mistake in the SDK, not in the script: please report it; a simpler way to write the last "
                  "change may help",
                  {},
                  {}});
    }
    if (unit.hasErrors()) {
        output.object.clear();
    }
    return output;
}

} // namespace rbpf::compile
