// SPDX-License-Identifier: GPL-3.0-or-later
// The language features of a project's files through clangd: kept running, told of every text, asked typed questions.
// Passive: the caller waits on descriptor() and calls service(). Lines and columns count from 1, columns in bytes.
#pragma once

#include <functional>
#include <memory>

#include "sdk/language/documents.hpp"
#include "sdk/language/ends.hpp"
#include "sdk/language/json_rpc.hpp"
#include "sdk/language/protocol.hpp"

namespace rbpf::language {

struct Place {
    std::string file;
    unsigned line = 1;
    unsigned column = 1;
};

template <typename T>
using Done = std::function<void(support::Result<T>)>;

/// What a client tells by itself, from service().
struct Ears {
    /// All that is wrong in a file by now.
    std::function<void(const std::string& file, std::vector<Finding> findings)> findings;
    /// clangd has ended, or was ended because it no longer answered; it is started again unless `isFinal`.
    std::function<void(const support::Error& error, bool isFinal)> lost;
};

class Client {
public:
    using CommandFor = std::function<std::vector<std::string>(const std::string& file)>;

    Client(std::string folder, CommandFor commandFor, Ears ears);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// An Error: clangd is not there or cannot be started.
    [[nodiscard]] support::Result<void> start();
    /// Also after it was given up; the count of its ends starts anew.
    [[nodiscard]] support::Result<void> restart();
    [[nodiscard]] bool isRunning() const { return rpc_ != nullptr; }

    /// The file, open from now on, has this text.
    void setText(const std::string& file, std::string text);
    void close(const std::string& file);
    /// What `commandFor` says has changed.
    void commandsChanged();
    [[nodiscard]] const Documents& documents() const { return documents_; }

    // Each gives a number for cancel(), 0 if `done` was called at once because clangd does not run.
    std::uint64_t complete(const Place& place, Done<Completions> done);
    std::uint64_t help(const Place& place, Done<SignatureHelp> done);
    std::uint64_t hover(const Place& place, Done<Hover> done);
    std::uint64_t definition(const Place& place, Done<std::vector<support::SourceRange>> done);
    /// The declaration included.
    std::uint64_t references(const Place& place, Done<std::vector<support::SourceRange>> done);
    std::uint64_t rename(const Place& place, const std::string& name, Done<std::vector<support::FixIt>> done);
    std::uint64_t format(const std::string& file, Done<std::vector<support::FixIt>> done);
    std::uint64_t symbols(const std::string& file, Done<std::vector<Symbol>> done);
    void cancel(std::uint64_t id);

    /// Gives answers and tells ears. Nothing that is called from here may call restart().
    void service();
    /// -1 while clangd does not run.
    [[nodiscard]] int descriptor() const { return rpc_ ? rpc_->descriptor() : -1; }
    [[nodiscard]] bool isWriting() const { return rpc_ && rpc_->isWriting(); }
    [[nodiscard]] std::optional<Clock::time_point> due() const { return rpc_ ? rpc_->due() : again_; }
    [[nodiscard]] pid_t pid() const { return rpc_ ? rpc_->pid() : -1; }

private:
    template <typename T>
    std::uint64_t ask(const std::string& method, nlohmann::json parameters, std::chrono::milliseconds deadline,
                      Done<T> done, std::function<T(const nlohmann::json&)> read);
    void giveCommand(const std::string& file);
    void hear(const std::string& method, const nlohmann::json& parameters);
    void lose(const support::Error& error);
    void resume();

    std::string folder_;
    CommandFor commandFor_;
    Ears ears_;
    Documents documents_;
    std::unique_ptr<JsonRpc> rpc_;
    std::uint64_t lastId_ = 0;
    Ends ends_;
    std::optional<Clock::time_point> again_{}; ///< when it is started again
    bool isUnfit_ = false; ///< by its first answer
};

} // namespace rbpf::language
