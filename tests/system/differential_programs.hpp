// SPDX-License-Identifier: GPL-3.0-or-later
// Random programs that the running kernel's verifier and ours both accept: arithmetic, forward jumps, counted loops,
// stack and context memory, atomics, a local call. They leave all they computed in the context.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rbpf::differential {

/// The context: initial r0 … r9, final r0 … r9, the stack's scratch bytes at the end, bytes to read and write.
inline constexpr unsigned kInitialAt = 0, kFinalAt = 80, kScratchAt = 160, kFreeAt = 224, kContextBytes = 256;

struct RandomProgram {
    std::vector<uint8_t> text;    ///< local calls with offset 0, as the kernel wants them
    std::vector<uint8_t> context; ///< kContextBytes
};

/// The same seed makes the same program everywhere.
RandomProgram makeProgram(uint64_t seed);

/// One line of hex a slot.
std::string listing(const std::vector<uint8_t>& text);

} // namespace rbpf::differential
