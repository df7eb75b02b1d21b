// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/peer.hpp"

#include <algorithm>

#include "sdk/language/json_fields.hpp"

namespace rbpf::language {

namespace {

/// One that has this much to read has stopped reading.
constexpr std::size_t kMostUnread = 64u << 20;

} // namespace

void Peer::send(const nlohmann::json& message) {
    const nlohmann::json& id = field(message, "id");
    if (id.is_number_unsigned() && message.contains("method")) {
        waiting_.emplace(id.get<std::uint64_t>(), Clock::now());
    }
    outgoing_ += support::encodeMessage(message);
}

void Peer::note(const nlohmann::json& message) {
    heard_ = Clock::now();
    asked_.reset();
    const nlohmann::json& id = field(message, "id");
    if (id.is_number_unsigned() && !message.contains("method")) {
        waiting_.erase(id.get<std::uint64_t>());
    }
}

/// While something waits: when it has to be asked for a sign of life, or must have given it.
Clock::time_point Peer::signDue() const {
    if (asked_) {
        return *asked_ + patience_.sign;
    }
    const Clock::time_point oldest = waiting_.begin()->second;
    return heard_ ? std::max(*heard_, oldest) + patience_.quiet : oldest + patience_.start;
}

std::optional<Clock::time_point> Peer::due() const {
    return waiting_.empty() ? std::nullopt : std::optional(std::min(signDue(), waiting_.begin()->second + patience_.request));
}

support::Result<void> Peer::giveUp(std::string why) {
    complaint_ = std::move(why);
    return support::fail(support::ErrorKind::Link, "the language server " + complaint_);
}

std::string Peer::end() {
    const std::string how = program_->end();
    return complaint_.empty() ? how : complaint_;
}

support::Result<void> Peer::service(const Take& take) {
    std::string bytes;
    const bool isOpen = program_->receive(bytes);
    const bool isQuiet = bytes.empty();
    reader_.feed(bytes);
    for (;;) {
        auto message = reader_.next();
        if (!message) {
            return tl::unexpected(message.error());
        }
        if (!*message) {
            break;
        }
        note(**message);
        take(std::move(**message));
    }
    if (!isOpen) {
        return support::fail(support::ErrorKind::Link, "the language server has closed the connection");
    }
    // Whoever did not come to call this for long finds what arrived meanwhile, and judges only then.
    if (isQuiet && due().value_or(Clock::time_point::max()) <= Clock::now()) {
        if (waiting_.begin()->second + patience_.request <= Clock::now()) {
            return giveUp("left a request unanswered");
        }
        if (asked_) {
            return giveUp("no longer answered");
        }
        asked_ = Clock::now();
        outgoing_ += support::encodeMessage({{"jsonrpc", "2.0"}, {"id", 0}, {"method", "rbpf/areYouThere"}});
    }
    if (!program_->send(outgoing_)) {
        return support::fail(support::ErrorKind::Link, "the language server has closed the connection");
    }
    if (outgoing_.size() > kMostUnread) {
        return giveUp("no longer read what it was sent");
    }
    return {};
}

} // namespace rbpf::language
