// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/server_disassembly.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "sdk/image/explain.hpp"
#include "sdk/language/binding_help.hpp"
#include "sdk/language/json_fields.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::language {

namespace {

using nlohmann::json;

constexpr std::size_t kSlotText = 23; ///< "b7 00 00 00 07 00 00 00"

/// An instruction's line: "      12:  b7 00 00 00 07 00 00 00  r0 = 7", and where its words begin.
struct InstructionLine {
    image::Instruction instruction;
    std::size_t words = 0;
};

std::optional<InstructionLine> read(std::string_view line) {
    const std::size_t colon = line.find(':');
    const std::size_t digits = line.find_first_not_of(' ');
    if (colon == std::string_view::npos || digits >= colon ||
        !std::all_of(line.begin() + static_cast<std::ptrdiff_t>(digits), line.begin() + static_cast<std::ptrdiff_t>(colon),
                     [](char c) { return c >= '0' && c <= '9'; })) {
        return std::nullopt;
    }
    const std::size_t start = line.find_first_not_of(' ', colon + 1);
    const auto bytes = start != std::string_view::npos ? support::fromHex(line.substr(start, kSlotText)) : std::nullopt;
    if (!bytes || bytes->size() != 8) {
        return std::nullopt;
    }
    const auto decoded = image::decode(*bytes);
    const std::size_t words = line.find_first_not_of(' ', start + kSlotText);
    return decoded.empty() || words == std::string_view::npos ? std::nullopt : std::optional(InstructionLine{decoded[0], words});
}

} // namespace

json hoverDisassembly(std::string_view text, const json& position, const Abilities& abilities) {
    const std::size_t at = offsetAt(text, position, abilities.encoding);
    const std::size_t start = text.substr(0, at).rfind('\n') + 1; // npos + 1 = 0
    const std::string_view line = text.substr(start, lineEnd(text, start) - start);
    const auto found = read(line);
    if (!found) {
        return nullptr;
    }
    const std::string_view word = wordAt(text, at);
    const std::string words(line.substr(found->words, line.find("  ; ", found->words) - found->words));
    std::string markdown = "```\n" + words + "\n```\n\n" + image::explain(found->instruction) + "\n";
    if (const std::string use = image::explainRegister(word); !use.empty()) {
        markdown += "\n" + use + "\n";
    } else if (const auto binding = bindingHelp(word)) {
        markdown += "\n```c\n" + binding->signature.label + "\n```\n";
    }
    return {{"contents", markupOf(markdown, abilities)},
            {"range",
             {{"start", positionAt(text, start + found->words, abilities.encoding)},
              {"end", positionAt(text, start + found->words + words.size(), abilities.encoding)}}}};
}

} // namespace rbpf::language
