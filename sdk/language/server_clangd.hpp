// SPDX-License-Identifier: GPL-3.0-or-later
// The clangd behind the language server: requests handed on under ids of its own, started again when it ends or no longer answers. Passive:
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

    /// `patience`: when one hangs, which is then started again.
    explicit Clangd(Ears ears, Patience patience = {}) : ears_(std::move(ears)), patience_(patience) {}
    ~Clangd();
    Clangd(const Clangd&) = delete;
    Clangd& operator=(const Clangd&) = delete;

    /// `parameters`: of initialize. `ready` gets what clangd answers to that, once, or null if it cannot be had.
    void start(nlohmann::json parameters, Encoding encoding, std::function<void(const nlohmann::json& result)> ready);
    [[nodiscard]] bool isRunning() const { return peer_ != nullptr; }

    /// It has ended a moment ago and will run again after a pause.
    [[nodiscard]] bool isComing() const { return again_.has_value(); }

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
    [[nodiscard]] std::optional<Clock::time_point> due() const;
    [[nodiscard]] pid_t pid() const { return peer_ ? peer_->pid() : -1; }

private:
    [[nodiscard]] support::Result<void> launch();
    void take(const nlohmann::json& message);
    void lose(const support::Error& error);
    void resume();
    void stayOff(const support::Error& why);
    void answer(std::uint64_t id, nlohmann::json message);

    Ears ears_;
    Patience patience_;
    nlohmann::json parameters_;
    Encoding encoding_ = Encoding::Utf16;
    std::function<void(const nlohmann::json&)> ready_;
    Clock::time_point readyBy_{}; ///< its editor is not kept waiting for longer
    std::unique_ptr<Peer> peer_;
    std::map<std::uint64_t, Answer> waiting_;
    std::uint64_t lastId_ = 0;
    Ends ends_;
    std::optional<Clock::time_point> again_{}; ///< when it is started again
};

} // namespace rbpf::language
