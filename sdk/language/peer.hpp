// SPDX-License-Identifier: GPL-3.0-or-later
// A program that runs beside this one and speaks in messages of the base protocol. Passive: the caller waits on
// descriptor() and calls service().
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "sdk/support/base_protocol.hpp"
#include "sdk/support/child.hpp"

namespace rbpf::language {

class Peer {
public:
    using Take = std::function<void(nlohmann::json message)>;

    explicit Peer(std::unique_ptr<support::Child> program) : program_(std::move(program)) {}

    void send(const nlohmann::json& message) { outgoing_ += support::encodeMessage(message); }
    /// Reads and writes what can be without waiting. An Error: it is of no use any more; kind Link: it has ended or no
    /// longer reads.
    [[nodiscard]] support::Result<void> service(const Take& take);
    /// Kills it, if it still runs, and says in words how it ended.
    std::string end() { return program_->end(); }

    [[nodiscard]] int descriptor() const { return program_->descriptor(); }
    [[nodiscard]] bool isWriting() const { return !outgoing_.empty(); }
    [[nodiscard]] pid_t pid() const { return program_->pid(); }

private:
    std::unique_ptr<support::Child> program_;
    support::MessageReader reader_;
    std::string outgoing_;
};

} // namespace rbpf::language
