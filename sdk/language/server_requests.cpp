// SPDX-License-Identifier: GPL-3.0-or-later
// The requests that we have something to say to.
#include "sdk/language/json_fields.hpp"
#include "sdk/language/server.hpp"

namespace rbpf::language {

void Server::complete(const json& id, const json& parameters) {
    const Text* open = texts_.of(parameters);
    if (!clangd_.isRunning() && open != nullptr) {
        respond(id, {{"result", completeBindings(open->text, field(parameters, "position"), abilities_)}});
        return;
    }
    forward(id, "textDocument/completion", parameters, [this](json& answer) {
        if (answer.contains("result")) {
            addBindings(answer["result"], abilities_);
        }
    });
}

void Server::hover(const json& id, const json& parameters) {
    forward(id, "textDocument/hover", parameters, [this, parameters](json& answer) {
        const Text* open = texts_.of(parameters);
        if (answer.contains("result") && open != nullptr) {
            addBindings(answer["result"], open->text, field(parameters, "position"), abilities_);
        }
    });
}

void Server::help(const json& id, const json& parameters) {
    forward(id, "textDocument/signatureHelp", parameters, [this, parameters](json& answer) {
        const Text* open = texts_.of(parameters);
        if (answer.contains("result") && open != nullptr) {
            addSignature(answer["result"], open->text, field(parameters, "position"), abilities_);
        }
    });
}

} // namespace rbpf::language
