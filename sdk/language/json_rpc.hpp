// SPDX-License-Identifier: GPL-3.0-or-later
// JSON-RPC 2.0 with a program that runs beside this one: every request has an id, a deadline and exactly one answer.
// Passive: the caller waits on descriptor() and calls service().
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "sdk/language/peer.hpp"

namespace rbpf::language {

/// An Error: Usage, the server refused; Link, it did not answer in time or has ended; Cancelled.
using Answer = std::function<void(support::Result<nlohmann::json>)>;

class JsonRpc {
public:
    /// Hears the server's notifications.
    using Notice = std::function<void(const std::string& method, const nlohmann::json& parameters)>;

    /// Ids count on from `lastId`: those of a server before this one mean nothing here.
    JsonRpc(std::unique_ptr<support::Child> server, Notice notice, std::uint64_t lastId = 0);

    /// `answer` is called from service(), cancel() or end(), never from here.
    std::uint64_t request(const std::string& method, nlohmann::json parameters, std::chrono::milliseconds deadline,
                          Answer answer);
    void notify(const std::string& method, nlohmann::json parameters);
    /// Answers a request, if it still waits, with Cancelled.
    void cancel(std::uint64_t id);

    /// Reads and writes what can be without waiting, and gives answers. An Error: the server is of no use any more.
    [[nodiscard]] support::Result<void> service();
    /// Kills the server and answers everything that waits. In words how it ended.
    std::string end();

    [[nodiscard]] int descriptor() const { return server_.descriptor(); }
    [[nodiscard]] bool isWriting() const { return server_.isWriting(); }
    /// When service() has to be called even if nothing arrives.
    [[nodiscard]] std::optional<Clock::time_point> due() const;
    [[nodiscard]] std::uint64_t lastId() const { return lastId_; }
    [[nodiscard]] pid_t pid() const { return server_.pid(); }

private:
    struct Waiting {
        std::string method;
        Clock::time_point until;
        Answer answer;
    };
    void send(nlohmann::json message);
    void take(const nlohmann::json& message);
    void giveUpLate();
    void answer(std::uint64_t id, support::Result<nlohmann::json> result);

    Peer server_;
    Notice notice_;
    std::map<std::uint64_t, Waiting> waiting_;
    std::uint64_t lastId_;
};

} // namespace rbpf::language
