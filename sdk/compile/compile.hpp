// SPDX-License-Identifier: GPL-3.0-or-later
// C to one BPF object, in process with the clang 19 libraries: every source to bitcode, linked with the library
// functions they reach, internalised, optimised for size as a whole, then one object with one DWARF.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::compile {

enum class Optimise : std::uint8_t {
    Size,
    Speed,
    Debug
}; ///< -Oz, -O2, -Og-like (still inlines what BPF must)

/// A function that shall be an entry without SEC(), and where that is said.
struct WantedEntry {
    std::string function;
    support::SourceRange place{}; ///< for diagnostics about it
};

struct Request {
    std::vector<std::filesystem::path> sources;
    std::vector<std::filesystem::path> includeDirs; ///< besides the SDK's own headers
    std::vector<std::string> defines;               ///< "NAME" or "NAME=VALUE"
    std::vector<WantedEntry> entryFunctions;        ///< functions kept besides those with SEC(); from rbpf.json
    Optimise optimise = Optimise::Size;
    std::uint32_t stackBytes = 512;             ///< limit for one function's frame
    std::map<std::string, std::string> unsaved; ///< file contents that stand in for what is on disk, by path
    std::filesystem::path projectDir;           ///< paths below it are relative in the debug info, so that a moved
                                                ///< project builds to the same bytes; empty: as given
    std::filesystem::path headersDir;           ///< the SDK's headers/; empty: found beside the running program
};

/// A function that starts a run: named by SEC(), by rbpf.json, or the only exported one.
struct EntryFunction {
    std::string function;
    std::string trigger; ///< trigger.h; "" = manual
    std::string file;
    unsigned line = 0;
};

/// A function with a body in one of the sources, whatever became of it.
struct DefinedFunction {
    std::string name;
    std::string file;
    unsigned line = 0;
};

struct Output {
    std::vector<std::uint8_t> object; ///< ELF, EM_BPF, ET_REL; empty if there are errors
    std::vector<EntryFunction> entries;
    std::vector<DefinedFunction> defined; ///< in the sources' order
    std::vector<support::Diagnostic> diagnostics; ///< errors, warnings, limits of BPF explained at their line
    std::vector<std::string> dependencies;        ///< every file read, absolute
    [[nodiscard]] bool ok() const { return !object.empty(); }
};

/// Compiles and links at the bitcode level. Bad input is told in Output::diagnostics; an Error means that the compiler
/// itself could not work (headers missing, …). Any thread; one call at a time per thread.
[[nodiscard]] support::Result<Output> compile(const Request& request);

/// "Debian clang version 19.1.7 …": what compiles here.
[[nodiscard]] std::string compilerVersion();

} // namespace rbpf::compile
