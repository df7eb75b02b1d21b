// SPDX-License-Identifier: GPL-3.0-or-later
// Hover in a disassembly (language id rbpf-disassembly, files *.rbpfasm) as `rbpf disasm` prints it.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "sdk/language/server_answers.hpp"

namespace rbpf::language {

/// null where the line is no instruction.
[[nodiscard]] nlohmann::json hoverDisassembly(std::string_view text, const nlohmann::json& position, const Abilities& abilities);

} // namespace rbpf::language
