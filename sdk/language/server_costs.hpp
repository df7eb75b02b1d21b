// SPDX-License-Identifier: GPL-3.0-or-later
// What functions and lines cost, as an editor shows it: code lenses and inlay hints.
#pragma once

#include <nlohmann/json.hpp>

#include "sdk/language/server_check.hpp"
#include "sdk/language/server_texts.hpp"

namespace rbpf::language {

/// A lens over every function of the text; over entries also what can be done with them.
[[nodiscard]] nlohmann::json lensesOf(const Check& check, const Text& text, Encoding encoding);
/// Behind every line of the range that has code.
[[nodiscard]] nlohmann::json inlaysOf(const Check& check, const Text& text, const nlohmann::json& range, Encoding encoding);
/// The disassembly with its source lines, as `rbpf disasm` prints it.
[[nodiscard]] std::string disassemblyOf(const Check& check);

} // namespace rbpf::language
