// SPDX-License-Identifier: GPL-3.0-or-later
// For tests: a script from C text to a run in the VM, nothing on disk.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "rbpf_vm/rbpf_vm.h"
#include "sdk/compile/compile.hpp"
#include "sdk/link/link.hpp"

namespace rbpf::test {

struct Sources {
    std::map<std::string, std::string> files; ///< name -> C text; "a.c" is compiled as "/script/a.c"
    compile::Optimise optimise = compile::Optimise::Size;
    std::uint32_t stackBytes = 512;
    std::vector<compile::WantedEntry> entryFunctions;
    std::vector<std::string> defines;
    std::string folder = "/script"; ///< or as if they lay here
};

/// Compiles the .c files of `sources`.
compile::Output compileText(const Sources& sources);
compile::Output compileText(const std::string& text);

struct Linked {
    compile::Output compiled;
    linker::Output output;

    /// Instructions of all functions or of one.
    [[nodiscard]] std::size_t instructions() const;
    [[nodiscard]] std::uint32_t bytesOf(const std::string& function) const;
};

/// Compiles and links; fails the test if that does not work.
Linked build(const Sources& sources);
Linked build(const std::string& text);

struct Ran {
    rbpf_halt_t halt{};
    std::int64_t result = 0;
    std::uint64_t instructions = 0;
    rbpf_fault_t fault{};
    std::vector<std::uint8_t> context;   ///< as the run left it
    std::vector<std::uint32_t> bindings; ///< ids called, in order
};

/// Runs an image's first entry (or the one named) with `context` behind r1; binding 2 copies, all others return 0.
Ran run(const std::vector<std::uint8_t>& image, std::vector<std::uint8_t> context = {}, const std::string& entry = {});

/// The script's result; fails the test if it does not exit.
std::int64_t resultOf(const Sources& sources, std::vector<std::uint8_t> context = {});
std::int64_t resultOf(const std::string& text, std::vector<std::uint8_t> context = {});

/// "line: message [hint]" of the errors, one each line.
std::string errorsOf(const std::vector<support::Diagnostic>& diagnostics);

} // namespace rbpf::test
