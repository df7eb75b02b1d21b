// SPDX-License-Identifier: GPL-3.0-or-later
// Random programs with loops, branches, calls and memory, that the verifier takes; most of them end.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace rbpf::test {

inline constexpr std::uint32_t kRandomContextBytes = 32;
inline constexpr std::uint32_t kRandomRodataBytes = 64;

/// The text, made of the numbers that the engine gives.
[[nodiscard]] std::vector<std::uint8_t> randomProgram(std::mt19937_64& engine);

} // namespace rbpf::test
