// SPDX-License-Identifier: GPL-3.0-or-later
// A program that runs beside this one and speaks in messages of the base protocol. One that no longer answers is found
// out: while a request waits and nothing is heard, it is asked for a sign of life, which any server gives at once however
// busy it is. Passive: the caller waits on descriptor() and due(), and calls service().
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "sdk/support/base_protocol.hpp"
#include "sdk/support/child.hpp"

namespace rbpf::language {

using Clock = std::chrono::steady_clock;

/// How long a program may take before it counts as hung.
struct Patience {
    std::chrono::milliseconds start{20'000};   ///< until its first word, before it is asked for a sign
    std::chrono::milliseconds quiet{5'000};    ///< without a word while a request waits, before it is asked for a sign
    std::chrono::milliseconds sign{10'000};    ///< for that sign
    std::chrono::milliseconds request{60'000}; ///< for the answer to any request, cancelled ones too
};

class Peer {
public:
    using Take = std::function<void(nlohmann::json message)>;

    explicit Peer(std::unique_ptr<support::Child> program, Patience patience = {})
        : program_(std::move(program)), patience_(patience) {}

    /// Requests have numbers as ids, not 0.
    void send(const nlohmann::json& message);
    /// Reads and writes what can be without waiting. An Error: it is of no use any more; kind Link: it has ended, no
    /// longer reads or no longer answers.
    [[nodiscard]] support::Result<void> service(const Take& take);
    /// Kills it, if it still runs, and says in words how it ended, or why it had to.
    std::string end();
    /// When service() has to be called even if nothing arrives.
    [[nodiscard]] std::optional<Clock::time_point> due() const;

    [[nodiscard]] int descriptor() const { return program_->descriptor(); }
    [[nodiscard]] bool isWriting() const { return !outgoing_.empty(); }
    [[nodiscard]] pid_t pid() const { return program_->pid(); }

private:
    [[nodiscard]] Clock::time_point signDue() const;
    support::Result<void> giveUp(std::string why);
    void note(const nlohmann::json& message);

    std::unique_ptr<support::Child> program_;
    support::MessageReader reader_;
    std::string outgoing_;
    Patience patience_;
    std::map<std::uint64_t, Clock::time_point> waiting_{}; ///< requests that it has not answered, by id
    std::optional<Clock::time_point> heard_{};             ///< its last word
    std::optional<Clock::time_point> asked_{};             ///< for a sign of life, and not heard since
    std::string complaint_{};                              ///< why it was given up
};

} // namespace rbpf::language
