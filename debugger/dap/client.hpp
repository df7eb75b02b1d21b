// SPDX-License-Identifier: GPL-3.0-or-later
// The editor at the other end of two file descriptors: requests in, responses and events out. Passive: whoever owns it
// calls poll(). "cancel" is looked at as soon as it arrives, also in the middle of a request.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>

#include "sdk/support/base_protocol.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::dap {

struct Request {
    std::int64_t seq = 0;
    std::string command;
    nlohmann::json arguments;
};

class Client {
public:
    /// Does not own the descriptors. They are made non-blocking until it is destroyed.
    Client(int in, int out);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Reads what has arrived by then. An Error: garbage, or the client does not read what it is sent.
    support::Result<void> poll(std::chrono::milliseconds wait);
    /// The next request to answer; of those that were cancelled while they waited nobody hears.
    [[nodiscard]] std::optional<Request> next();
    /// Nothing more will come.
    [[nodiscard]] bool ended() const { return ended_; }
    [[nodiscard]] bool hasRequests() const { return !requests_.empty(); }

    /// Until finish(): what `cancel` with this request's number, or with `progress`, asks to stop.
    [[nodiscard]] std::stop_token begin(const Request& request);
    void progress(std::string id) { progress_ = std::move(id); }
    void finish();

    void respond(const Request& request, nlohmann::json body = nullptr);
    void refuse(const Request& request, const std::string& message, const std::string& shortMessage = {});
    void event(const std::string& name, nlohmann::json body = nullptr);
    /// Writes out what is waiting, for a few seconds at most.
    support::Result<void> flush();

private:
    support::Result<void> take(nlohmann::json message);
    void cancel(const Request& request);
    void send(nlohmann::json message);

    int in_, out_;
    int inFlags_ = 0, outFlags_ = 0;
    support::MessageReader reader_;
    std::deque<Request> requests_;
    std::string outgoing_;
    std::int64_t seq_ = 0;
    bool ended_ = false;
    std::optional<std::int64_t> current_;
    std::string progress_;
    std::stop_source stop_;
};

} // namespace rbpf::dap
