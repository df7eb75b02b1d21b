// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/server.hpp"

#include "sdk/language/json_fields.hpp"
#include "sdk/language/rpc_errors.hpp"

namespace rbpf::language {

namespace {

using nlohmann::json;

/// MessageType.
constexpr int kWarning = 2;

/// What clangd calls a client: it keeps to itself what we have for it.
json forClangd(const json& parameters, Encoding encoding) {
    json own = parameters.is_object() ? parameters : json::object();
    own.erase("initializationOptions");
    if (!own["capabilities"].is_object()) {
        own["capabilities"] = json::object();
    }
    own["capabilities"].erase("offsetEncoding");
    own["capabilities"]["general"] = {{"positionEncodings", {nameOf(encoding)}}};
    return own;
}

} // namespace

const std::map<std::string, Server::Request>& Server::requests() {
    static const std::map<std::string, Request> all{
        {"shutdown", &Server::shutdown},
        {"textDocument/completion", &Server::complete},
        {"textDocument/hover", &Server::hover},
        {"textDocument/signatureHelp", &Server::help},
        {"textDocument/codeAction", &Server::actions},
        {"textDocument/inlayHint", &Server::inlays},
        {"textDocument/codeLens", &Server::lenses},
        {"workspace/executeCommand", &Server::execute},
        {"rbpf/costs", &Server::costs},
        {"rbpf/disassembly", &Server::disassembly},
    };
    return all;
}

const std::map<std::string, Server::Notice>& Server::notices() {
    static const std::map<std::string, Notice> all{
        {"$/cancelRequest", &Server::cancel},
        {"textDocument/didOpen", &Server::open},
        {"textDocument/didChange", &Server::change},
        {"textDocument/didClose", &Server::close},
        {"textDocument/didSave", &Server::save},
        {"workspace/didChangeWatchedFiles", &Server::filesChanged},
        {"workspace/didChangeConfiguration", &Server::configure},
    };
    return all;
}

Server::Server(ServerHooks hooks, Send send)
    : hooks_(std::move(hooks)), send_(std::move(send)),
      findings_(texts_, abilities_, [this](json parameters) { notify("textDocument/publishDiagnostics", std::move(parameters)); }),
      clangd_({[this](const std::string& method, const json& parameters) { hearClangd(method, parameters); },
               [this](const json& id, const std::string& method, const json& parameters) {
                   // Its ids are numbers; ours to the editor are words, so that the two are never taken for each other.
                   send_({{"jsonrpc", "2.0"}, {"id", "clangd:" + id.dump()}, {"method", method}, {"params", parameters}});
               },
               [this] { projects_.openAgain(texts_); }, [this](const support::Error& error) { tellLost(error); }}),
      projects_([this](const std::string& method, json parameters) { clangd_.notify(method, std::move(parameters)); }) {}

void Server::receive(const json& message) {
    const json& id = field(message, "id");
    const std::string method = text(field(message, "method"));
    const json& parameters = field(message, "params");
    if (method.empty()) {
        const std::string asked = text(id);
        if (asked.starts_with("clangd:")) {
            json answer = message;
            answer["id"] = json::parse(asked.substr(7), nullptr, false);
            if (!answer["id"].is_discarded()) {
                clangd_.respond(std::move(answer));
            }
        } else if (message.contains("id") && !message.contains("result") && !message.contains("error")) {
            respond(id, rpcError(kInvalidRequest, "this is neither a request nor an answer: it has no method"));
        }
    } else if (message.contains("id")) {
        takeRequest(id, method, parameters);
    } else {
        takeNotice(method, parameters);
    }
}

void Server::receiveGarbled(const std::string& why) {
    respond(nullptr, rpcError(kParseError, why));
}

void Server::takeRequest(const json& id, const std::string& method, const json& parameters) {
    if (!id.is_string() && !id.is_number()) {
        respond(nullptr, rpcError(kInvalidRequest, method + ": a request's id is a number or a text"));
    } else if (isShutDown_) {
        respond(id, rpcError(kInvalidRequest, method + ": the language server has been shut down"));
    } else if (method == "initialize") {
        initialize(id, parameters);
    } else if (!isInitialized_) {
        respond(id, rpcError(kNotInitialized, method + ": the first request is initialize"));
    } else if (const Text* named = texts_.of(parameters); named != nullptr && method.starts_with("textDocument/") &&
                                                          kindOf(*named) != Kind::Code) {
        answerOwn(id, method, parameters, *named);
    } else if (const auto own = requests().find(method); own != requests().end()) {
        (this->*own->second)(id, parameters);
    } else {
        forward(id, method, parameters);
    }
}

void Server::takeNotice(const std::string& method, const json& parameters) {
    if (method == "exit") {
        exit(parameters);
    } else if (!isInitialized_ || isShutDown_) {
        return;
    } else if (method == "initialized") {
        if (abilities_.watchesFiles) {
            watchFiles();
        }
    } else if (const auto own = notices().find(method); own != notices().end()) {
        (this->*own->second)(parameters);
    } else {
        clangd_.notify(method, parameters);
    }
}

void Server::initialize(const json& id, const json& parameters) {
    if (isInitialized_) {
        respond(id, rpcError(kInvalidRequest, "initialize: this session has begun already"));
        return;
    }
    isInitialized_ = true;
    abilities_ = abilitiesOf(field(parameters, "capabilities"));
    texts_.setEncoding(abilities_.encoding);
    settings_.read(field(parameters, "initializationOptions"));
    clangd_.start(forClangd(parameters, abilities_.encoding), abilities_.encoding,
                  [this, id](const json& result) { finishInitialize(id, result); });
}

void Server::finishInitialize(const json& id, const json& clangd) {
    json result = clangd.is_object() ? clangd : json::object();
    json& capabilities = result["capabilities"];
    if (!capabilities.is_object()) {
        capabilities = json::object();
    }
    capabilities["positionEncoding"] = nameOf(abilities_.encoding);
    capabilities["textDocumentSync"] = {{"openClose", true}, {"change", 2}, {"save", true}};
    capabilities["hoverProvider"] = true;
    if (!capabilities.contains("completionProvider")) {
        capabilities["completionProvider"] = json::object();
        capabilities["signatureHelpProvider"] = {{"triggerCharacters", {"(", ","}}};
    }
    capabilities["codeLensProvider"] = {{"resolveProvider", false}};
    capabilities["inlayHintProvider"] = true;
    if (!capabilities.contains("codeActionProvider")) {
        capabilities["codeActionProvider"] = true;
    }
    if (!settings_.clientCommands) {
        json& commands = capabilities["executeCommandProvider"]["commands"];
        for (const char* own : {"rbpf.showCosts", "rbpf.deploy", "rbpf.debug"}) {
            commands.push_back(own);
        }
    }
    result["offsetEncoding"] = nameOf(abilities_.encoding);
    result["serverInfo"] = {{"name", "rbpf lsp"}, {"version", hooks_.version}};
    respond(id, {{"result", std::move(result)}});
}

void Server::shutdown(const json& id, const json&) {
    isShutDown_ = true;
    respond(id, {{"result", nullptr}});
}

void Server::exit(const json&) {
    isDone_ = true;
}

void Server::respond(const json& id, json answer) {
    answer["jsonrpc"] = "2.0";
    answer["id"] = id;
    send_(std::move(answer));
}

void Server::notify(const std::string& method, json parameters) {
    send_({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(parameters)}});
}

void Server::ask(const std::string& method, json parameters) {
    json message = {{"jsonrpc", "2.0"}, {"id", "rbpf:" + std::to_string(++lastId_)}, {"method", method}};
    if (!parameters.is_null()) {
        message["params"] = std::move(parameters);
    }
    send_(std::move(message));
}

void Server::watchFiles() {
    const json watchers = {{{"globPattern", "**/rbpf.json"}}, {{"globPattern", "**/*.{c,h}"}}};
    ask("client/registerCapability", {{"registrations", {{{"id", "rbpf-files"},
                                                          {"method", "workspace/didChangeWatchedFiles"},
                                                          {"registerOptions", {{"watchers", watchers}}}}}}});
}

void Server::show(int type, const std::string& message) {
    notify("window/showMessage", {{"type", type}, {"message", message}});
}

void Server::tellLost(const support::Error& error) {
    findings_.dropClangds();
    show(kWarning, error.hint.empty() ? error.message : error.message + ": " + error.hint);
}

void Server::service() {
    clangd_.service();
    deploying_.service();
    checking_.service();
    startChecks();
}

std::vector<Server::Descriptor> Server::descriptors() const {
    std::vector<Descriptor> all{{deploying_.descriptor(), false}, {checking_.descriptor(), false}};
    if (clangd_.isRunning()) {
        all.push_back({clangd_.descriptor(), clangd_.isWriting()});
    }
    return all;
}

std::optional<Server::Steady::time_point> Server::due() const {
    auto first = clangd_.due();
    for (const auto& [folder, when] : checksDue_) {
        first = std::min(first.value_or(when), when);
    }
    return first;
}

} // namespace rbpf::language
