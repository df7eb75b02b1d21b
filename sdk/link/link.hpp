// SPDX-License-Identifier: GPL-3.0-or-later
// BPF object -> `.rbpf` image and debug ELF whose addresses are the image's: a list of passes (read, relocate, drop,
// lay out, frame sizes, pack).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::linker {

struct Entry {
    std::string function;
    std::string trigger;
    std::string file; ///< for diagnostics
    unsigned line = 0;
};

struct Request {
    std::vector<std::uint8_t> object; ///< as sdk/compile makes it
    std::string name;
    std::string version;
    std::vector<Entry> entries; ///< at least one
    std::uint32_t stackBytes = 512;
    std::uint32_t budget = 0;
};

/// One function of the text, in address order.
struct Function {
    std::string name;
    std::string file;
    unsigned line = 0;
    std::uint32_t offset = 0; ///< bytes from the start of text
    std::uint32_t bytes = 0;
    std::uint32_t frameBytes = 0; ///< stack of this function alone
};

struct Output {
    std::vector<std::uint8_t> image;    ///< empty if there are errors
    std::vector<std::uint8_t> debugElf; ///< ELF with DWARF; .text at 0, .rodata, .data, .bss at their VM addresses
    std::vector<Function> functions;
    std::uint32_t stackBytes = 0; ///< deepest use over the call graph, entries included
    std::vector<support::Diagnostic> diagnostics;
};

[[nodiscard]] support::Result<Output> link(const Request& request);

/// The functions a debug ELF tells of, in address order; for tools that have only the files.
[[nodiscard]] support::Result<std::vector<Function>> readFunctions(const std::vector<std::uint8_t>& debugElf);

} // namespace rbpf::linker
