// SPDX-License-Identifier: GPL-3.0-or-later
// The language server (LSP 3.17; docs: sdk/docs/lsp.md): what an editor says in, answers out, a clangd behind it whose
// answers are merged with what only we know. Passive: the caller waits on descriptors() and calls service().
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "sdk/language/server_answers.hpp"
#include "sdk/language/server_clangd.hpp"
#include "sdk/language/server_projects.hpp"
#include "sdk/language/server_texts.hpp"

namespace rbpf::language {

class Server {
public:
    using Send = std::function<void(nlohmann::json message)>;

    Server(std::string version, Send send);

    /// A message of the editor's.
    void receive(const nlohmann::json& message);
    /// A message that is none; the connection goes on.
    void receiveGarbled(const std::string& why);
    /// Takes what clangd says.
    void service();

    struct Descriptor {
        int number = -1;
        bool wantsToWrite = false;
    };
    [[nodiscard]] std::vector<Descriptor> descriptors() const;
    /// When service() has to be called even if nothing arrives.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> due() const { return clangd_.due(); }

    /// The editor has said exit.
    [[nodiscard]] bool isDone() const { return isDone_; }
    /// LSP: 0 behind a shutdown, else 1.
    [[nodiscard]] int exitCode() const { return isShutDown_ ? 0 : 1; }

private:
    using json = nlohmann::json;
    /// Changes the answer, {"result"} or {"error"}, before the editor gets it.
    using Merge = std::function<void(json& answer)>;
    using Request = void (Server::*)(const json& id, const json& parameters);
    using Notice = void (Server::*)(const json& parameters);
    static const std::map<std::string, Request>& requests();
    static const std::map<std::string, Notice>& notices();

    // server.cpp: the life of a session
    void takeRequest(const json& id, const std::string& method, const json& parameters);
    void takeNotice(const std::string& method, const json& parameters);
    void initialize(const json& id, const json& parameters);
    void finishInitialize(const json& id, const json& clangd);
    void shutdown(const json& id, const json& parameters);
    void exit(const json& parameters);
    void respond(const json& id, json answer);
    void notify(const std::string& method, json parameters);
    void tellLost(const support::Error& error);

    // server_documents.cpp: texts, and what goes to clangd as it is
    void forward(const json& id, const std::string& method, const json& parameters, const Merge& merge = {});
    void cancel(const json& parameters);
    void open(const json& parameters);
    void change(const json& parameters);
    void close(const json& parameters);
    void save(const json& parameters);
    void openInClangd(const Text& text);
    void openAgain();
    void hearClangd(const std::string& method, const json& parameters);

    // server_requests.cpp
    void complete(const json& id, const json& parameters);
    void hover(const json& id, const json& parameters);
    void help(const json& id, const json& parameters);

    std::string version_;
    Send send_;
    Abilities abilities_;
    Texts texts_;
    Projects projects_;
    Clangd clangd_;
    std::map<json, std::uint64_t> forwarded_; ///< the editor's ids to clangd's
    bool isInitialized_ = false, isShutDown_ = false, isDone_ = false;
};

} // namespace rbpf::language
