// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/clangd.hpp"

#include <cstdlib>
#include <unistd.h>

#include "sdk/language/protocol.hpp"
#include "sdk/support/process.hpp"

namespace rbpf::language {

using nlohmann::json;

support::Result<std::string> findClangd() {
    const char* given = std::getenv("RBPF_CLANGD");
    const bool isGiven = given != nullptr && *given != '\0';
    const std::vector<std::string> names =
        isGiven ? std::vector<std::string>{given} : std::vector<std::string>{"clangd-19", "clangd"};
    for (const std::string& name : names) {
        if (auto program = support::findProgram(name)) {
            return *program;
        }
    }
    return support::fail(support::ErrorKind::Io,
                         "Completion, hover and renaming need " + names.front() + ", which is not there",
                         isGiven ? "RBPF_CLANGD names it; unset that or correct it" : "sudo apt install clangd-19");
}

std::vector<std::string> clangdCommand(const std::string& program, Encoding encoding) {
    return {program,
            "--background-index=false", // would write .cache into the project
            "--pch-storage=memory",
            "-j=2",
            "--use-dirty-headers", // what stands in the editors counts
            "--header-insertion=never",
            std::string("--offset-encoding=") + nameOf(encoding),
            "--completion-parse=always", // waits for the headers of a file that was just opened
            "--completion-style=detailed",
            "--function-arg-placeholders=0",
            "--limit-results=200",
            "--fallback-style=WebKit", // where a project has no .clang-format: nearest to the templates'
            "--log=error"};
}

json initializeParameters(const std::string& folder) {
    const json completionItem = {{"snippetSupport", false}, {"documentationFormat", {"plaintext"}}};
    const json signature = {{"documentationFormat", {"plaintext"}}, {"parameterInformation", {{"labelOffsetSupport", true}}}};
    const json textDocument = {
        {"completion", {{"completionItem", completionItem}}},
        {"hover", {{"contentFormat", {"markdown"}}}},
        {"signatureHelp", {{"signatureInformation", signature}}},
        {"publishDiagnostics", {{"codeActionsInline", true}}},
        {"documentSymbol", {{"hierarchicalDocumentSymbolSupport", true}}},
    };
    return {{"processId", ::getpid()},
            {"rootUri", uriOf(folder)},
            {"capabilities", {{"general", {{"positionEncodings", {"utf-8"}}}}, {"textDocument", textDocument}}}};
}

json compileParameters(const std::string& file, const std::string& folder, const std::vector<std::string>& command) {
    return {{"settings",
             {{"compilationDatabaseChanges", {{file, {{"workingDirectory", folder}, {"compilationCommand", command}}}}}}}};
}

} // namespace rbpf::language
