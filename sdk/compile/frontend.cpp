// SPDX-License-Identifier: GPL-3.0-or-later
// The C front end: clang in process, one source to one module. Files that an editor has not saved yet stand in for
// those on disk; every file read is told.
#include <algorithm>

#include <clang/Basic/Diagnostic.h>
#include <clang/Basic/DiagnosticOptions.h>
#include <clang/Basic/FileManager.h>
#include <clang/Basic/Version.h>
#include <clang/CodeGen/CodeGenAction.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/CompilerInvocation.h>
#include <clang/Frontend/Utils.h>
#include <clang/Lex/Lexer.h>
#include <clang/Lex/PreprocessorOptions.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/VirtualFileSystem.h>

#include "sdk/compile/internal.hpp"

namespace rbpf::compile {
namespace {

namespace fs = std::filesystem;

/// Clang's findings as data.
class Collector : public clang::DiagnosticConsumer {
public:
    explicit Collector(Unit& unit) : unit_(unit) {}

    void BeginSourceFile(const clang::LangOptions& options, const clang::Preprocessor* preprocessor) override {
        (void)preprocessor;
        language_ = options;
    }

    void HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic& info) override {
        DiagnosticConsumer::HandleDiagnostic(level, info);
        if (level <= clang::DiagnosticsEngine::Ignored || level == clang::DiagnosticsEngine::Remark) {
            return;
        }
        support::Diagnostic result;
        llvm::SmallString<128> text;
        info.FormatDiagnostic(text);
        result.message = text.str().str();
        result.severity = level == clang::DiagnosticsEngine::Note      ? support::Severity::Note
                          : level == clang::DiagnosticsEngine::Warning ? support::Severity::Warning
                                                                       : support::Severity::Error;
        if (info.hasSourceManager()) {
            const clang::SourceManager& sources = info.getSourceManager();
            result.range = place(sources, info);
            for (const clang::FixItHint& hint : info.getFixItHints()) {
                if (!hint.isNull()) {
                    result.fixIts.push_back({rangeOf(sources, hint.RemoveRange), hint.CodeToInsert});
                }
            }
        }
        addHint(result);

        if (result.severity == support::Severity::Note && last_ >= 0) {
            unit_.output.diagnostics[static_cast<std::size_t>(last_)].notes.push_back(std::move(result));
            return;
        }
        last_ = static_cast<std::ptrdiff_t>(unit_.output.diagnostics.size());
        unit_.add(std::move(result));
    }

private:
    /// Clang's advice where it does not fit scripts.
    static void addHint(support::Diagnostic& result) {
        const auto starts = [&](const char* text) { return result.message.rfind(text, 0) == 0; };
        if (starts("call to undeclared ")) {
            result.hint =
                "a script can call its own functions, the bindings of <rbpf/rbpf.h> and the library functions "
                "of <string.h> and <stdlib.h>; include the header that declares it";
        } else if (result.message.find("file not found") != std::string::npos) {
            result.hint = "look for it in the project's \"include\" folders (rbpf.json); the SDK has <rbpf/rbpf.h>, "
                          "<stdint.h>, <stddef.h>, <stdbool.h>, <string.h> and <stdlib.h>";
        }
    }

    support::SourceRange rangeOf(const clang::SourceManager& sources, clang::CharSourceRange range) const {
        support::SourceRange result;
        const clang::CharSourceRange file = clang::Lexer::makeFileCharRange(range, sources, language_);
        if (file.isInvalid()) {
            return result;
        }
        const clang::PresumedLoc begin = sources.getPresumedLoc(file.getBegin());
        const clang::PresumedLoc end = sources.getPresumedLoc(file.getEnd());
        if (begin.isInvalid() || end.isInvalid()) {
            return result;
        }
        return {begin.getFilename(), begin.getLine(), begin.getColumn(), end.getLine(), end.getColumn()};
    }

    support::SourceRange place(const clang::SourceManager& sources, const clang::Diagnostic& info) const {
        support::SourceRange result;
        if (info.getLocation().isInvalid()) {
            return result;
        }
        const clang::SourceLocation location = sources.getFileLoc(info.getLocation());
        const clang::PresumedLoc begin = sources.getPresumedLoc(location);
        if (begin.isInvalid()) {
            return result;
        }
        result = {begin.getFilename(), begin.getLine(), begin.getColumn(), begin.getLine(), begin.getColumn()};
        // What clang underlines, if that begins where it points, else the token.
        for (const clang::CharSourceRange& range : info.getRanges()) {
            const support::SourceRange candidate = rangeOf(sources, range);
            if (candidate.line == result.line && candidate.column == result.column && candidate.endLine != 0) {
                result.endLine = candidate.endLine;
                result.endColumn = candidate.endColumn;
                return result;
            }
        }
        result.endColumn = result.column + std::max(1U, clang::Lexer::MeasureTokenLength(location, sources, language_));
        return result;
    }

    Unit& unit_;
    clang::LangOptions language_;
    std::ptrdiff_t last_ = -1;
};

class Dependencies : public clang::DependencyCollector {
public:
    bool needSystemDependencies() override { return true; }
};

std::string absolutePath(const fs::path& path) {
    std::error_code error;
    const fs::path result = fs::absolute(path, error);
    return (error ? path : result).lexically_normal().string();
}

std::vector<std::string> arguments(const Request& request, const HeaderDirs& dirs, const fs::path& source) {
    std::vector<std::string> result = {"-triple",
                                       "bpfel",
                                       "-target-cpu",
                                       "v4",
                                       "-emit-llvm-only",
                                       "-disable-llvm-passes",
                                       "-disable-free",
                                       "-disable-llvm-verifier",
                                       "-discard-value-names",
                                       "-mrelocation-model",
                                       "static",
                                       "-mframe-pointer=all",
                                       "-std=gnu17",
                                       "-fgnuc-version=4.2.1",
                                       "-ferror-limit",
                                       "50",
                                       "-fno-common",
                                       "-debug-info-kind=limited",
                                       "-dwarf-version=5",
                                       "-debugger-tuning=gdb",
                                       "-Wall",
                                       "-Wextra",
                                       "-Wno-pointer-sign",
                                       "-Wno-unused-const-variable",
                                       "-Wno-unused-parameter",
                                       "-nobuiltininc",
                                       "-nostdsysteminc",
                                       "-x",
                                       "c"};
    const auto add = [&](std::string option, std::string value) {
        result.push_back(std::move(option));
        result.push_back(std::move(value));
    };
    switch (request.optimise) {
    case Optimise::Size:
        result.emplace_back("-Oz");
        break;
    case Optimise::Speed:
        result.emplace_back("-O2");
        break;
    case Optimise::Debug:
        result.emplace_back("-O1");
        result.emplace_back("-disable-lifetime-markers"); // every variable keeps a place of its own
        break;
    }
    add("-main-file-name", source.filename().string());
    const std::string base = request.projectDir.empty() ? std::string() : absolutePath(request.projectDir);
    if (!base.empty()) {
        result.push_back("-fdebug-prefix-map=" + base + "=.");
        result.push_back("-fdebug-prefix-map=" + absolutePath(dirs.headers) + "=/rbpf/headers");
        result.push_back("-fdebug-prefix-map=" + absolutePath(dirs.resource) + "=/rbpf/clang");
        result.push_back("-fdebug-compilation-dir=" + base);
    } else {
        std::error_code error;
        result.push_back("-fdebug-compilation-dir=" + fs::current_path(error).string());
    }
    for (const std::string& define : request.defines) {
        add("-D", define);
    }
    for (const fs::path& dir : request.includeDirs) {
        add("-I", dir.string());
    }
    for (const fs::path& dir : {dirs.headers, dirs.headers / "compat", dirs.headers / "rbpf" / "libc", dirs.resource}) {
        add("-internal-isystem", dir.string());
    }
    result.push_back(source.string());
    return result;
}

/// The disk, with the unsaved files laid over it.
llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> fileSystem(const Request& request) {
    auto overlay = llvm::makeIntrusiveRefCnt<llvm::vfs::OverlayFileSystem>(llvm::vfs::getRealFileSystem());
    if (!request.unsaved.empty()) {
        auto memory = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
        for (const auto& [path, text] : request.unsaved) {
            memory->addFile(absolutePath(path), 0, llvm::MemoryBuffer::getMemBufferCopy(text, path));
        }
        overlay->pushOverlay(memory);
    }
    return overlay;
}

} // namespace

std::unique_ptr<llvm::Module> compileSource(Unit& unit, const HeaderDirs& dirs, const fs::path& source,
                                            llvm::LLVMContext& context) {
    const std::vector<std::string> texts = arguments(unit.request, dirs, source);
    std::vector<const char*> pointers;
    pointers.reserve(texts.size());
    for (const std::string& text : texts) {
        pointers.push_back(text.c_str());
    }

    Collector collector(unit);
    clang::CompilerInstance compiler;
    compiler.createDiagnostics(&collector, /*ShouldOwnClient=*/false);
    if (!clang::CompilerInvocation::CreateFromArgs(compiler.getInvocation(), pointers, compiler.getDiagnostics())) {
        return nullptr;
    }
    compiler.createDiagnostics(&collector, /*ShouldOwnClient=*/false); // again: now with the options' warning flags
    compiler.createFileManager(fileSystem(unit.request));
    const auto dependencies = std::make_shared<Dependencies>();
    compiler.addDependencyCollector(dependencies);

    compiler.setVerboseOutputStream(llvm::nulls()); // no "2 errors generated." on standard error
    clang::EmitLLVMOnlyAction action(&context);
    const bool done = compiler.ExecuteAction(action);
    for (const std::string& file : dependencies->getDependencies()) {
        std::string path = absolutePath(file);
        std::vector<std::string>& all = unit.output.dependencies;
        if (std::find(all.begin(), all.end(), path) == all.end()) {
            all.push_back(std::move(path));
        }
    }
    if (!done || compiler.getDiagnostics().hasErrorOccurred()) {
        return nullptr;
    }
    return action.takeModule();
}

std::string compilerVersion() {
    return clang::getClangFullVersion();
}

} // namespace rbpf::compile
