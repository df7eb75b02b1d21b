// SPDX-License-Identifier: GPL-3.0-or-later
// clangd's answers to an editor with what bindings.def says put in, and answers from that alone where there is no clangd.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "sdk/language/positions.hpp"

namespace rbpf::language {

/// What of an editor's capabilities matters to what is said to it.
struct Abilities {
    Encoding encoding = Encoding::Utf16;
    bool takesMarkdown = false;     ///< in a hover and beside a completion
    bool takesLabelOffsets = false; ///< parameters as places in the signature
    bool takesRelated = false;      ///< relatedInformation of diagnostics
    bool refreshesLenses = false, refreshesInlays = false;
    bool watchesFiles = false; ///< that a server names
    bool showsActions = false; ///< code actions as values and not as commands
};

[[nodiscard]] Abilities abilitiesOf(const nlohmann::json& capabilities);

/// {"kind", "value"}; what is Markdown by itself, as plain text where the editor wants that.
[[nodiscard]] nlohmann::json markupOf(const std::string& markdown, const Abilities& abilities);

void addBindings(nlohmann::json& completions, const Abilities& abilities);
/// `position`: that the editor asked about.
void addBindings(nlohmann::json& hover, std::string_view text, const nlohmann::json& position, const Abilities& abilities);
void addSignature(nlohmann::json& help, std::string_view text, const nlohmann::json& position, const Abilities& abilities);

/// Without clangd: the bindings that begin with the word before the position.
[[nodiscard]] nlohmann::json completeBindings(std::string_view text, const nlohmann::json& position,
                                              const Abilities& abilities);

} // namespace rbpf::language
