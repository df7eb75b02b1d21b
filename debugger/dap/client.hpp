// SPDX-License-Identifier: GPL-3.0-or-later
// The editor at the other end of two file descriptors: requests in, responses and events out. A thread of its own
// reads, so that "cancel" and "disconnect" are looked at as soon as they arrive, also in the middle of a request.
// Everything else is called by the one thread that answers.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "debugger/transport/fd.hpp"
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

    /// Writes out what is waiting, then waits for a request or the end. An Error, once: garbage, or the client does not
    /// read what it is sent.
    support::Result<void> poll(std::chrono::milliseconds wait);
    /// The next request to answer; of those that were cancelled while they waited nobody hears.
    [[nodiscard]] std::optional<Request> next();
    /// What has arrived until then can still be had from next(); nothing comes after it.
    void stopReading();
    /// Nothing more will come.
    [[nodiscard]] bool ended() const;
    [[nodiscard]] bool hasRequests() const;

    /// Until finish(): what `cancel` with this request's number or with `progress` asks to stop, as does `disconnect`
    /// when nothing stands between them.
    [[nodiscard]] std::stop_token begin(const Request& request);
    void progress(std::string id);
    void finish();

    void respond(const Request& request, nlohmann::json body = nullptr);
    void refuse(const Request& request, const std::string& message, const std::string& shortMessage = {});
    void event(const std::string& name, nlohmann::json body = nullptr);
    /// Writes out what is waiting, for a few seconds at most.
    support::Result<void> flush();

private:
    void listen();
    [[nodiscard]] bool read();
    support::Result<void> take(nlohmann::json message);
    void cancel(const Request& request);
    void send(nlohmann::json message);
    void queue(nlohmann::json message);
    support::Result<void> write();

    int in_, out_;
    int inFlags_ = 0, outFlags_ = 0;
    transport::Fd wake_; ///< readable: the reader ends
    support::MessageReader reader_;

    mutable std::mutex mutex_; ///< of everything below
    std::condition_variable arrived_;
    std::deque<Request> requests_;
    std::string outgoing_;
    std::int64_t seq_ = 0;
    bool ended_ = false;
    std::optional<support::Error> problem_; ///< for the next poll()
    std::optional<std::int64_t> current_;
    std::string progress_;
    std::stop_source stop_;
    std::thread thread_; // last: it uses the others
};

} // namespace rbpf::dap
