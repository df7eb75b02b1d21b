// SPDX-License-Identifier: GPL-3.0-or-later
// What an instruction does, in words for people who read a disassembly (RFC 9669).
#pragma once

#include <string>
#include <string_view>

#include "sdk/image/instruction.hpp"

namespace rbpf::image {

/// Sentences in Markdown; what is no instruction is named as such.
[[nodiscard]] std::string explain(const Instruction& instruction);

/// "r10", "w3": what the register is for; "" for any other word.
[[nodiscard]] std::string explainRegister(std::string_view name);

} // namespace rbpf::image
