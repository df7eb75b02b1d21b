// SPDX-License-Identifier: GPL-3.0-or-later
// The requests that we have something to say to.
#include <algorithm>

#include "sdk/language/json_fields.hpp"
#include "sdk/language/server.hpp"
#include "sdk/language/server_costs.hpp"

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

void Server::actions(const json& id, const json& parameters) {
    json theirs = parameters;
    if (field(field(theirs, "context"), "diagnostics").is_array()) {
        json& list = theirs["context"]["diagnostics"];
        list.erase(std::remove_if(list.begin(), list.end(), [](const json& one) { return field(one, "source") == "rbpf"; }), list.end());
    }
    forward(id, "textDocument/codeAction", theirs, [this, parameters](json& answer) {
        const Text* open = texts_.of(parameters);
        if (open == nullptr) {
            return;
        }
        json ours = findings_.actions(*open, field(parameters, "range"));
        const json& all = field(answer, "result");
        if (all.is_array()) {
            ours.insert(ours.end(), all.begin(), all.end());
        }
        if (!ours.empty()) {
            answer = {{"result", std::move(ours)}};
        }
    });
}

void Server::inlays(const json& id, const json& parameters) {
    forward(id, "textDocument/inlayHint", parameters, [this, parameters](json& answer) {
        const Text* open = texts_.of(parameters);
        const Check* check = open != nullptr ? lastGood(projectOf(open->file)) : nullptr;
        if (!settings_.inlayCosts || check == nullptr) {
            return;
        }
        json all = inlaysOf(*check, *open, field(parameters, "range"), abilities_.encoding);
        if (const json& theirs = field(answer, "result"); theirs.is_array()) {
            all.insert(all.end(), theirs.begin(), theirs.end());
        }
        answer = {{"result", std::move(all)}};
    });
}

} // namespace rbpf::language
