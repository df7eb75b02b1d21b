// SPDX-License-Identifier: GPL-3.0-or-later
// What the editor has open, and what is clangd's alone and goes to it and back as it is.
#include <filesystem>

#include "sdk/language/json_fields.hpp"
#include "sdk/language/protocol.hpp"
#include "sdk/language/rpc_errors.hpp"
#include "sdk/language/server.hpp"

namespace rbpf::language {

namespace {

using namespace std::chrono_literals;

/// What somebody asks for and waits for; the rest an editor asks by itself, and nothing is an answer to it.
const std::set<std::string> kWanted{"textDocument/rename",          "textDocument/prepareRename",
                                    "textDocument/formatting",      "textDocument/rangeFormatting",
                                    "textDocument/definition",      "textDocument/declaration",
                                    "textDocument/implementation",  "textDocument/references",
                                    "workspace/symbol",             "workspace/executeCommand"};

/// What reaches into files that nobody has opened, which may have changed on disk.
const std::set<std::string> kAcrossFiles{"textDocument/rename", "textDocument/references"};

/// Of typing, before a project is built again.
constexpr auto kPause = 120ms;

} // namespace

void Server::forward(const json& id, const std::string& method, const json& parameters, const Merge& merge) {
    if (!clangd_.isRunning()) {
        json answer = {{"result", nullptr}};
        if (clangd_.isComing()) {
            answer = rpcError(kContentModified, "clangd is being started again");
        } else if (kWanted.contains(method)) {
            answer = rpcError(kRequestFailed, method + " needs clangd, which does not run (sudo apt install clangd-19)");
        }
        if (merge) {
            merge(answer);
        }
        respond(id, std::move(answer));
        return;
    }
    if (const Text* text = texts_.of(parameters); text != nullptr && kAcrossFiles.contains(method)) {
        if (const std::string folder = projectOf(text->file); !folder.empty()) {
            projects_.readHidden(folder, texts_);
        }
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
    const Text* text = texts_.open(parameters);
    if (text == nullptr) {
        return;
    }
    if (kindOf(*text) == Kind::Code) {
        projects_.open(*text, texts_);
    }
    checkUsersOf(text->file, 0ms);
}

void Server::change(const json& parameters) {
    const Text* text = texts_.change(parameters);
    if (text == nullptr) {
        return;
    }
    if (kindOf(*text) == Kind::Code) {
        clangd_.notify("textDocument/didChange", parameters);
    }
    checkUsersOf(text->file, kPause);
}

void Server::close(const json& parameters) {
    const auto text = texts_.close(parameters);
    if (!text) {
        return;
    }
    if (kindOf(*text) == Kind::Code) {
        projects_.close(*text, texts_);
    }
    findings_.close(text->file);
    checkUsersOf(text->file, 0ms);
}

void Server::save(const json& parameters) {
    const Text* text = texts_.of(parameters);
    if (text == nullptr) {
        return;
    }
    if (kindOf(*text) == Kind::Code) {
        clangd_.notify("textDocument/didSave", parameters);
    } else if (const std::string folder = projectOf(text->file); !folder.empty()) {
        projects_.refresh(folder, texts_); // other headers, other defines
    }
    checkUsersOf(text->file, 0ms);
}

void Server::filesChanged(const json& parameters) {
    std::set<std::string> folders;
    std::set<std::string> open; // one that has just got its rbpf.json has not been checked yet
    const json& changes = field(parameters, "changes");
    for (std::size_t at = 0; changes.is_array() && at < changes.size(); ++at) {
        folders.merge(usersOf(pathOf(text(field(changes[at], "uri")))));
    }
    for (const auto& [file, text] : texts_.all()) {
        open.insert(projectOf(file));
    }
    for (const std::string& folder : folders) {
        if (!folder.empty() && (checks_.contains(folder) || open.contains(folder))) {
            projects_.refresh(folder, texts_);
            checkSoon(folder, 0ms);
        }
    }
    forgetGone();
    clangd_.notify("workspace/didChangeWatchedFiles", parameters);
}

void Server::configure(const json& parameters) {
    const json& settings = field(parameters, "settings");
    const Settings before = settings_;
    settings_.read(field(settings, "rbpf"));
    refreshCosts(settings_.codeLens != before.codeLens, settings_.inlayCosts != before.inlayCosts);
    for (const auto& [folder, check] : std::map(checks_)) {
        checkSoon(folder, 0ms);
    }
    if (field(settings, "compilationDatabaseChanges").is_object()) {
        clangd_.notify("workspace/didChangeConfiguration", parameters);
    }
}

void Server::hearClangd(const std::string& method, const json& parameters) {
    if (method != "textDocument/publishDiagnostics") {
        notify(method, parameters);
    } else if (!projects_.isHidden(pathOf(text(field(parameters, "uri"))))) {
        findings_.setClangds(parameters);
    }
}

} // namespace rbpf::language
