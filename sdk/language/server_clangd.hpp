// SPDX-License-Identifier: GPL-3.0-or-later
// The clangd behind the language server: requests handed on under ids of its own, started again when it ends. Passive:
// the caller waits on descriptor() and calls service().
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "sdk/language/ends.hpp"
#include "sdk/language/peer.hpp"
#include "sdk/language/positions.hpp"

namespace rbpf::language {

class Clangd {
public:
    /// {"result": …} or {"error": {"code", "message"}}, nothing else. Exactly one a request.
    using Answer = std::function<void(nlohmann::json answer)>;

    struct Ears {
        std::function<void(const std::string& method, const nlohmann::json& parameters)> notice;
        /// Something that it asks the editor; `id` is for respond().
        std::function<void(const nlohmann::json& id, const std::string& method, const nlohmann::json& parameters)> question;
        /// It has been started again and knows no text.
        std::function<void()> again;
        /// It is not there, or has ended once too often: it stays off.
        std::function<void(const support::Error&)> lost;
    };

    /// `patience`: one that leaves a request without an answer for so long hangs, and is started again.
    explicit Clangd(Ears ears, std::chrono::milliseconds patience = std::chrono::seconds(60))
        : ears_(std::move(ears)), patience_(patience) {}
    ~Clangd();
    Clangd(const Clangd&) = delete;
    Clangd& operator=(const Clangd&) = delete;

    /// `parameters`: of initialize. `ready` gets what clangd answers to that, once, or null if it cannot be had.
    void start(nlohmann::json parameters, Encoding encoding, std::function<void(const nlohmann::json& result)> ready);
    [[nodiscard]] bool isRunning() const { return peer_ != nullptr; }

    /// A number for cancel(); `answer` is called from service(), or at once if clangd does not run.
    std::uint64_t request(const std::string& method, nlohmann::json parameters, Answer answer);
    void notify(const std::string& method, nlohmann::json parameters);
    /// The editor's answer to a question.
    void respond(nlohmann::json message);
    /// Asks it to stop; it still answers.
    void cancel(std::uint64_t id);

    void service();
    [[nodiscard]] int descriptor() const { return peer_ ? peer_->descriptor() : -1; }
    [[nodiscard]] bool isWriting() const { return peer_ && peer_->isWriting(); }
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> due() const;
    [[nodiscard]] pid_t pid() const { return peer_ ? peer_->pid() : -1; }

private:
    struct Waiting {
        std::chrono::steady_clock::time_point until;
        Answer answer;
        std::string method;
    };
    [[nodiscard]] support::Result<void> launch();
    void take(const nlohmann::json& message);
    [[nodiscard]] support::Result<void> giveUpLate();
    void lose(const support::Error& error);
    void answer(std::uint64_t id, nlohmann::json message);

    Ears ears_;
    std::chrono::milliseconds patience_; ///< renaming in a large project is what takes longest
    nlohmann::json parameters_;
    Encoding encoding_ = Encoding::Utf16;
    std::function<void(const nlohmann::json&)> ready_;
    std::unique_ptr<Peer> peer_;
    std::map<std::uint64_t, Waiting> waiting_;
    std::uint64_t lastId_ = 0;
    Ends ends_;
};

} // namespace rbpf::language
