// SPDX-License-Identifier: GPL-3.0-or-later
// Completion and hover in an rbpf.json, from its JSON schema.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sdk/language/server_answers.hpp"

namespace rbpf::language {

/// `functions`: of the script, which entries may name.
[[nodiscard]] nlohmann::json completeConfig(std::string_view text, const nlohmann::json& position, const Abilities& abilities,
                                            const std::vector<std::string>& functions);
/// null where the schema has nothing to say.
[[nodiscard]] nlohmann::json hoverConfig(std::string_view text, const nlohmann::json& position, const Abilities& abilities);

} // namespace rbpf::language
