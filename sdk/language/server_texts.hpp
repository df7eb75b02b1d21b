// SPDX-License-Identifier: GPL-3.0-or-later
// The texts that an editor has open, as it tells them (LSP 3.17, text document synchronisation), and how their lines
// have moved since a build read them.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sdk/language/positions.hpp"

namespace rbpf::language {

/// Lines that an edit took away and put in.
struct LineEdit {
    unsigned line = 0; ///< the last one, counted from 1, that stays what it was
    unsigned removed = 0, added = 0;
};

struct Text {
    std::string uri; ///< as the editor writes it
    std::string file;
    std::string languageId;
    int version = 0;
    std::string text;
    std::vector<LineEdit> edits; ///< all that moved lines
};

/// What is told to clangd, and what is our own.
enum class Kind : std::uint8_t {
    Code,
    Config,      ///< an rbpf.json
    Disassembly, ///< as `rbpf disasm` prints it
    Other        ///< nobody's
};

[[nodiscard]] Kind kindOf(const Text& text);

/// Where a line is now that was `line` before the edits from `first` on.
[[nodiscard]] unsigned movedLine(const Text& text, std::size_t first, unsigned line);

class Texts {
public:
    void setEncoding(Encoding encoding) { encoding_ = encoding; }

    /// Parameters of didOpen, didChange and didClose. Null: they say nothing that can be used.
    const Text* open(const nlohmann::json& parameters);
    const Text* change(const nlohmann::json& parameters);
    /// The text that is no longer open.
    std::optional<Text> close(const nlohmann::json& parameters);

    /// Of a textDocument in a request's parameters; null if it is not open.
    [[nodiscard]] const Text* of(const nlohmann::json& parameters) const;
    [[nodiscard]] const Text* byFile(const std::string& file) const;
    [[nodiscard]] const std::map<std::string, Text>& all() const { return all_; }

private:
    void edit(Text& text, const nlohmann::json& change) const;

    std::map<std::string, Text> all_; ///< by file, or by URI where that is no file's
    Encoding encoding_ = Encoding::Utf16;
};

} // namespace rbpf::language
