// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/client.hpp"

#include <fmt/format.h>

#include "sdk/language/binding_help.hpp"
#include "sdk/language/clangd.hpp"

namespace rbpf::language {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using support::Error;
using support::ErrorKind;
using support::Result;

constexpr std::chrono::milliseconds kStartDeadline = 20s;

} // namespace

Client::Client(std::string folder, CommandFor commandFor, Ears ears)
    : folder_(std::move(folder)), commandFor_(std::move(commandFor)), ears_(std::move(ears)) {}

Client::~Client() {
    if (rpc_) {
        rpc_->end();
    }
}

Result<void> Client::start() {
    const auto program = findClangd();
    if (!program) {
        return tl::unexpected(program.error());
    }
    auto server = support::Child::start({clangdCommand(*program, Encoding::Utf8), {}, false});
    if (!server) {
        return tl::unexpected(server.error());
    }
    rpc_ = std::make_unique<JsonRpc>(
        std::move(*server), [this](const std::string& method, const json& parameters) { hear(method, parameters); },
        lastId_);
    // clangd takes what follows in its order, so nothing has to wait for the answer.
    rpc_->request("initialize", initializeParameters(folder_), kStartDeadline, [this](const Result<json>& answer) {
        if (!answer) {
            return; // whatever ended it is told by lose()
        }
        const auto encoding = answer->is_object() ? answer->value("offsetEncoding", json()) : json();
        if (encoding != "utf-8") {
            isUnfit_ = true;
        }
    });
    rpc_->notify("initialized", json::object());
    for (const auto& [file, document] : documents_.all()) {
        giveCommand(file);
        rpc_->notify("textDocument/didOpen", documents_.openAgain(file));
    }
    return {};
}

Result<void> Client::restart() {
    ends_.clear();
    again_.reset();
    if (rpc_) {
        const std::unique_ptr<JsonRpc> old = std::move(rpc_);
        lastId_ = old->lastId();
        old->end();
    }
    return start();
}

void Client::service() {
    if (!rpc_) {
        resume();
        return;
    }
    const auto served = rpc_->service();
    if (std::exchange(isUnfit_, false)) {
        ends_.exhaust();
        lose({ErrorKind::Usage, "this clangd does not count in bytes", "sudo apt install clangd-19"});
    } else if (!served) {
        lose(served.error());
    }
}

void Client::lose(const Error& error) {
    const std::unique_ptr<JsonRpc> old = std::move(rpc_);
    lastId_ = old->lastId();
    const std::string how = old->end();
    ends_.add();
    const std::string message = error.kind == ErrorKind::Link ? "clangd " + how : error.message;
    if (ends_.areTooMany()) {
        ears_.lost({ErrorKind::Link, message + ", again and again: it stays off",
                    error.hint.empty() ? "Go › Restart the language server tries it again" : error.hint},
                   true);
        return;
    }
    again_ = Clock::now() + ends_.pause();
    ears_.lost({ErrorKind::Link, message + " and is started again", {}}, false);
    resume();
}

void Client::resume() {
    if (again_ && *again_ <= Clock::now()) {
        again_.reset();
        if (const auto started = start(); !started) {
            ears_.lost(started.error(), true);
        }
    }
}

void Client::giveCommand(const std::string& file) {
    rpc_->notify("workspace/didChangeConfiguration", compileParameters(file, folder_, commandFor_(file)));
}

void Client::commandsChanged() {
    if (rpc_) {
        for (const auto& [file, document] : documents_.all()) {
            giveCommand(file);
        }
    }
}

void Client::setText(const std::string& file, std::string text) {
    if (documents_.find(file) != nullptr) {
        if (auto change = documents_.change(file, std::move(text)); change && rpc_) {
            rpc_->notify("textDocument/didChange", std::move(*change));
        }
        return;
    }
    json opened = documents_.open(file, std::move(text));
    if (rpc_) {
        giveCommand(file);
        rpc_->notify("textDocument/didOpen", std::move(opened));
    }
}

void Client::close(const std::string& file) {
    if (documents_.find(file) != nullptr) {
        documents_.close(file);
        if (rpc_) {
            rpc_->notify("textDocument/didClose", {{"textDocument", {{"uri", uriOf(file)}}}});
        }
    }
}

void Client::cancel(std::uint64_t id) {
    if (rpc_) {
        rpc_->cancel(id);
    }
}

void Client::hear(const std::string& method, const json& parameters) {
    if (method != "textDocument/publishDiagnostics" || !parameters.is_object()) {
        return;
    }
    const auto uri = parameters.find("uri");
    const std::string file = uri != parameters.end() && uri->is_string() ? pathOf(uri->get<std::string>()) : "";
    const Documents::Document* document = documents_.find(file);
    // Those of an older text are out of place; those of this one follow.
    const auto version = parameters.find("version");
    if (document != nullptr && (version == parameters.end() || *version == document->version)) {
        std::vector<Finding> findings = readFindings(parameters);
        helpWithBindings(findings, document->text);
        ears_.findings(file, std::move(findings));
    }
}

} // namespace rbpf::language
