// SPDX-License-Identifier: GPL-3.0-or-later
// What a language server says, as values: Language Server Protocol 3.17 with positions in bytes (positionEncoding
// "utf-8"). Lines and columns count from 1, as everywhere outside of the protocol. Of an answer that is not as the
// protocol has it, what is wrong is left out.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::language {

/// The protocol's numbers (CompletionItemKind, SymbolKind) for what is shown differently.
enum class ItemKind : std::uint8_t {
    Other,
    Function,
    Variable,
    Field,
    Type,
    Constant,
    Keyword,
    Macro,
    File
};

struct Completion {
    std::string label;
    support::FixIt edit; ///< what accepting it does
    std::string detail;  ///< its type, or what a function returns and takes
    std::string documentation;
    ItemKind kind = ItemKind::Other;
};

struct Completions {
    std::vector<Completion> items; ///< the best first
    bool isIncomplete = false;     ///< more letters give others
};

struct Signature {
    std::string label;
    std::string documentation;
    std::vector<std::pair<unsigned, unsigned>> parameters; ///< bytes of the label, half-open
};

struct SignatureHelp {
    std::vector<Signature> signatures;
    unsigned active = 0;          ///< of the signatures
    unsigned activeParameter = 0; ///< may be past the last one
};

struct Hover {
    std::string markdown; ///< "": nothing to say
    support::SourceRange range;
};

struct Symbol {
    std::string name;
    std::string detail; ///< its type, or where it belongs
    ItemKind kind = ItemKind::Other;
    support::SourceRange range; ///< of its name
    unsigned depth = 0;         ///< below how many others of the list before it
};

/// A change that mends something: "change 'raeding' to 'reading'".
struct Fix {
    std::string title;
    std::vector<support::FixIt> edits;
};

/// What the server finds wrong in a file, with its fixes.
struct Finding {
    support::Severity severity = support::Severity::Error;
    support::SourceRange range;
    std::string message;
    std::vector<Fix> fixes;
};

[[nodiscard]] std::string uriOf(const std::string& path);
/// "" if it is no file.
[[nodiscard]] std::string pathOf(const std::string& uri);
[[nodiscard]] nlohmann::json positionOf(unsigned line, unsigned column);

[[nodiscard]] Completions readCompletions(const nlohmann::json& answer, const std::string& file);
[[nodiscard]] SignatureHelp readSignatureHelp(const nlohmann::json& answer);
[[nodiscard]] Hover readHover(const nlohmann::json& answer, const std::string& file);
/// Location, Location[] or LocationLink[].
[[nodiscard]] std::vector<support::SourceRange> readLocations(const nlohmann::json& answer);
/// TextEdit[] of one file.
[[nodiscard]] std::vector<support::FixIt> readEdits(const nlohmann::json& answer, const std::string& file);
[[nodiscard]] std::vector<support::FixIt> readWorkspaceEdit(const nlohmann::json& answer);
/// DocumentSymbol[] in the file's order, or SymbolInformation[].
[[nodiscard]] std::vector<Symbol> readSymbols(const nlohmann::json& answer, const std::string& file);
/// The diagnostics of publishDiagnostics, with clangd's codeActions in them.
[[nodiscard]] std::vector<Finding> readFindings(const nlohmann::json& parameters);

} // namespace rbpf::language
