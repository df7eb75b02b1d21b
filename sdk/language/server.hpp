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
#include "sdk/language/server_check.hpp"
#include "sdk/language/server_clangd.hpp"
#include "sdk/language/server_findings.hpp"
#include "sdk/language/server_projects.hpp"
#include "sdk/language/server_settings.hpp"
#include "sdk/language/server_texts.hpp"
#include "sdk/language/worker.hpp"

namespace rbpf::language {

class Server {
public:
    using Send = std::function<void(nlohmann::json message)>;
    using Steady = std::chrono::steady_clock;

    Server(ServerHooks hooks, Send send);

    /// A message of the editor's.
    void receive(const nlohmann::json& message);
    /// A message that is none; the connection goes on.
    void receiveGarbled(const std::string& why);
    /// Takes what clangd says and what was found out meanwhile.
    void service();

    struct Descriptor {
        int number = -1;
        bool wantsToWrite = false;
    };
    [[nodiscard]] std::vector<Descriptor> descriptors() const;
    /// When service() has to be called even if nothing arrives.
    [[nodiscard]] std::optional<Steady::time_point> due() const;

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
    void ask(const std::string& method, json parameters = nullptr); ///< a request whose answer says nothing
    void watchFiles();
    void show(int type, const std::string& message);
    void tellLost(const support::Error& error);

    // server_documents.cpp: texts, and what goes to clangd as it is
    void forward(const json& id, const std::string& method, const json& parameters, const Merge& merge = {});
    void cancel(const json& parameters);
    void open(const json& parameters);
    void change(const json& parameters);
    void close(const json& parameters);
    void save(const json& parameters);
    void filesChanged(const json& parameters);
    void configure(const json& parameters);
    void hearClangd(const std::string& method, const json& parameters);

    // server_requests.cpp: what clangd answers and we add to
    void complete(const json& id, const json& parameters);
    void hover(const json& id, const json& parameters);
    void help(const json& id, const json& parameters);
    void actions(const json& id, const json& parameters);
    void inlays(const json& id, const json& parameters);

    // server_own.cpp: texts that are not clangd's
    void answerOwn(const json& id, const std::string& method, const json& parameters, const Text& text);
    [[nodiscard]] std::vector<std::string> functionsOf(const Text& config) const;

    // server_checks.cpp: projects built while somebody types, and what that tells
    void checkSoon(const std::string& folder, std::chrono::milliseconds pause);
    /// The project that a file lies in, and those known that take it from there.
    [[nodiscard]] std::set<std::string> usersOf(const std::string& file) const;
    void checkUsersOf(const std::string& file, std::chrono::milliseconds pause);
    /// Projects whose rbpf.json is not there any more.
    void forgetGone();
    void startChecks();
    void startCheck(const std::string& folder);
    void takeCheck(const std::shared_ptr<const Check>& check, std::uint64_t number);
    /// Calls `then` with the project's last check: at once where one was good, or none is to come.
    void whenChecked(const std::string& folder, std::function<void(const Check* last)> then);
    [[nodiscard]] const Check* lastGood(const std::string& folder) const;
    void refreshCosts(bool lenses, bool inlays);
    void lenses(const json& id, const json& parameters);
    void costs(const json& id, const json& parameters);
    void disassembly(const json& id, const json& parameters);

    // server_commands.cpp
    void execute(const json& id, const json& parameters);
    void deploy(const json& id, const std::string& folder);

    ServerHooks hooks_;
    Send send_;
    Settings settings_;
    Abilities abilities_;
    Texts texts_;
    Findings findings_;
    Clangd clangd_;
    Projects projects_;
    std::map<json, std::uint64_t> forwarded_; ///< the editor's ids to clangd's
    std::uint64_t lastId_ = 0;                ///< of what we ask the editor
    std::uint64_t lastCheck_ = 0;
    bool isInitialized_ = false, isShutDown_ = false, isDone_ = false;
    std::map<std::string, Steady::time_point> checksDue_; ///< by folder
    std::map<std::string, std::uint64_t> checksAsked_;    ///< by folder: the last one, until it is done
    std::map<std::string, std::shared_ptr<const Check>> checks_, goodChecks_;
    std::map<std::string, std::vector<std::function<void(const Check*)>>> waiting_;
    Worker deploying_, checking_; ///< last: what they do uses the others
};

} // namespace rbpf::language
