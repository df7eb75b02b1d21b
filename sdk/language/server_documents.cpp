// SPDX-License-Identifier: GPL-3.0-or-later
// What the editor has open, and what is clangd's alone and goes to it and back as it is.
#include "sdk/language/clangd.hpp"
#include "sdk/language/json_fields.hpp"
#include "sdk/language/rpc_errors.hpp"
#include "sdk/language/server.hpp"

namespace rbpf::language {

namespace {

/// What somebody asks for and waits for; the rest an editor asks by itself, and nothing is an answer to it.
const std::set<std::string> kWanted{"textDocument/rename",          "textDocument/prepareRename",
                                    "textDocument/formatting",      "textDocument/rangeFormatting",
                                    "textDocument/definition",      "textDocument/declaration",
                                    "textDocument/implementation",  "textDocument/references",
                                    "workspace/symbol",             "workspace/executeCommand"};

} // namespace

void Server::forward(const json& id, const std::string& method, const json& parameters, const Merge& merge) {
    if (!clangd_.isRunning()) {
        json answer = kWanted.contains(method)
                          ? rpcError(kRequestFailed, method + " needs clangd, which does not run (sudo apt install clangd-19)")
                          : json{{"result", nullptr}};
        if (merge) {
            merge(answer);
        }
        respond(id, std::move(answer));
        return;
    }
    forwarded_[id] = clangd_.request(method, parameters, [this, id, merge](json answer) {
        forwarded_.erase(id);
        if (merge) {
            merge(answer);
        }
        respond(id, std::move(answer));
    });
}

void Server::cancel(const json& parameters) {
    if (const auto found = forwarded_.find(field(parameters, "id")); found != forwarded_.end()) {
        clangd_.cancel(found->second);
    }
}

void Server::open(const json& parameters) {
    if (const Text* text = texts_.open(parameters)) {
        openInClangd(*text);
    }
}

void Server::openInClangd(const Text& text) {
    if (const std::string folder = projects_.folderOf(text.file); !folder.empty()) {
        clangd_.notify("workspace/didChangeConfiguration",
                       compileParameters(text.file, folder, projects_.commandOf(folder, text.file)));
    }
    clangd_.notify("textDocument/didOpen", {{"textDocument",
                                             {{"uri", text.uri},
                                              {"languageId", text.languageId},
                                              {"version", text.version},
                                              {"text", text.text}}}});
}

void Server::change(const json& parameters) {
    if (texts_.change(parameters) != nullptr) {
        clangd_.notify("textDocument/didChange", parameters);
    }
}

void Server::close(const json& parameters) {
    if (texts_.close(parameters)) {
        clangd_.notify("textDocument/didClose", parameters);
    }
}

void Server::save(const json& parameters) {
    clangd_.notify("textDocument/didSave", parameters);
}

void Server::openAgain() {
    for (const auto& [key, text] : texts_.all()) {
        openInClangd(text);
    }
}

void Server::hearClangd(const std::string& method, const json& parameters) {
    notify(method, parameters);
}

} // namespace rbpf::language
