// SPDX-License-Identifier: GPL-3.0-or-later
// The self-contained library that scripts may reach (c/*.c), as bitcode made at build time.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace rbpf::lib {

struct Bytes {
    const unsigned char* data;
    std::size_t size;
};

/// LLVM 19 bitcode for bpfel, aligned to 4; lives as long as the program.
[[nodiscard]] Bytes bitcode();

/// The functions a script may call, and those that only code generation calls.
[[nodiscard]] const std::vector<const char*>& names();
[[nodiscard]] bool has(std::string_view name);

} // namespace rbpf::lib
