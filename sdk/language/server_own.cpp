// SPDX-License-Identifier: GPL-3.0-or-later
// Requests about texts that are not clangd's: rbpf.json and disassemblies.
#include "sdk/language/json_fields.hpp"
#include "sdk/language/server.hpp"
#include "sdk/language/server_config.hpp"
#include "sdk/language/server_disassembly.hpp"

namespace rbpf::language {

std::vector<std::string> Server::functionsOf(const Text& config) const {
    std::vector<std::string> names;
    if (const Check* good = lastGood(projectOf(config.file))) {
        for (const analyse::FunctionSize& function : good->built.size.functions) {
            if (!function.file.empty()) {
                names.push_back(function.name);
            }
        }
    }
    return names;
}

void Server::answerOwn(const json& id, const std::string& method, const json& parameters, const Text& text) {
    const json& position = field(parameters, "position");
    json result;
    if (method == "textDocument/codeAction") {
        result = findings_.actions(text, field(parameters, "range"));
    } else if (kindOf(text) == Kind::Config && method == "textDocument/completion") {
        result = completeConfig(text.text, position, abilities_, functionsOf(text));
    } else if (kindOf(text) == Kind::Config && method == "textDocument/hover") {
        result = hoverConfig(text.text, position, abilities_);
    } else if (kindOf(text) == Kind::Disassembly && method == "textDocument/hover") {
        result = hoverDisassembly(text.text, position, abilities_);
    }
    respond(id, {{"result", std::move(result)}});
}

} // namespace rbpf::language
